import type { ServerOptions } from 'node:http'
import fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { respondFrom } from '../site/directory.ts'
import type { SiteDirectory } from '../site/directory.ts'
import { buildError, decodePath } from '../site/responses.ts'
import type { Response } from '../site/responses.ts'
import { healthPath, respondHealth } from './health.ts'
import { limits } from './limits.ts'
import { logRequest } from './log/request-log.ts'
import { discardBodies } from './overload/bodies.ts'
import { boundConnections, trackConnections } from './overload/connections.ts'
import type { HeapBudget } from './overload/heap-budget.ts'
import { boundPipelining } from './overload/pipelining.ts'
import { refuseTunnels, respondToUnreadable } from './overload/unreadable.ts'
import { addPath, send } from './path.ts'
import { wellKnown } from './plugin.ts'
import { badTarget, findRequestFault } from './request-faults.ts'
import { hostOf } from './request-host.ts'
import { stripOrigin } from './request-target.ts'
import { withoutSchemas } from './without-schemas.ts'

export interface AppOptions {
  /** As Fastify's `trustProxy`. */
  readonly trustProxy: boolean | string[]
  readonly logRequests: boolean
  /** Whether these lines have the host of the request. */
  readonly logHosts?: boolean
  /** Called for each request, so that a reload is one assignment. */
  readonly directory: () => SiteDirectory
  /** Called with the target of each readable request and the status of its response. */
  readonly count?: ((target: string, status: number) => void) | undefined
  readonly heap: HeapBudget
}

const http: ServerOptions & { optimizeEmptyRequests: boolean } = {
  maxHeaderSize: limits.maxHeaderSize,
  headersTimeout: limits.headersTimeout,
  connectionsCheckingInterval: limits.connectionsCheckingInterval,
  // Node would respond without a body; findRequestFault does it with a Matrix error.
  requireHostHeader: false,
  // Node 24 and later create no stream for a body that isn't there.
  optimizeEmptyRequests: true
}

/** The application: the documents like in any other Fastify app, `/health`, and limits. It doesn't listen yet. */
export function buildApp (
  { trustProxy, logRequests, logHosts = false, directory, count, heap }: AppOptions, log: Logger
): FastifyInstance {
  const requestLog = logRequests ? log : undefined
  const app = fastify({
    trustProxy,
    // The only lines about requests are those of LOG_REQUESTS; Fastify would create a logger for each request.
    logger: false,
    schemaController: withoutSchemas,
    genReqId: () => '',
    // A request that reaches a server that is closing gets its usual response; its connection closes then.
    return503OnClosing: false,
    forceCloseConnections: true,
    connectionTimeout: limits.connectionTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    requestTimeout: limits.requestTimeout,
    http,
    frameworkErrors: (_error, request, reply) => respondToBadTarget(request, reply),
    clientErrorHandler: ({ code }, socket) => respondToUnreadable(code, socket, isReceivingBody(socket), requestLog)
  })
  const { server } = app
  server.maxHeadersCount = limits.maxHeaders + 1
  const sockets = trackConnections(server)
  boundConnections(server, sockets, log, heap)
  boundPipelining(server, sockets)
  refuseTunnels(server, requestLog)
  const isReceivingBody = discardBodies(server)
  // A client that expects something before it sends a body gets its response at once.
  for (const event of ['checkContinue', 'checkExpectation']) {
    server.on(event, (...request: unknown[]) => server.emit('request', ...request))
  }

  if (requestLog !== undefined) {
    app.addHook('onResponse', (request, reply, done) => {
      logRequest(requestLog, request, reply, logHosts)
      done()
    })
  }
  app.addHook('onRequest', (request, reply, done) => {
    // It isn't used, and that of a long query would take 200 KB until the response is sent.
    request.query = {}
    const { raw } = request
    const fault = findRequestFault(raw)
    // Node's parser drops whatever follows a request to upgrade to another protocol.
    if (fault !== undefined || raw.headers.upgrade !== undefined) reply.header('Connection', 'close')
    if (fault === undefined) done()
    else respondWith(fault, request, reply)
  })
  app.removeAllContentTypeParsers()
  app.register(wellKnown, { directory, count })
  addPath(app, healthPath, ({ method, url }) => {
    const response = respondHealth(method)
    count?.(url, response.status)
    return response
  })
  // Methods that Fastify doesn't know come here, too, on every path.
  app.setNotFoundHandler((request, reply) => respondWith(respond(request), request, reply))
  app.setErrorHandler((error, request, reply) => {
    // Fastify refuses a malformed Content-Type on an unknown path. It doesn't matter, because no body is read.
    if (request.is404) return respondWith(respond(request), request, reply)
    log.error(error, 'a request failed')
    respondWith(buildError(500, 'M_UNKNOWN', 'Internal server error'), request, reply)
  })
  return app

  function respond (request: FastifyRequest): Response {
    const { method, url, headers } = request
    const path = stripOrigin(url)
    if (decodePath(path) === healthPath) return respondHealth(method)
    return respondFrom(directory(), hostOf(request), { method, path, headers })
  }

  /** Fastify runs no hooks for it. */
  function respondToBadTarget (request: FastifyRequest, reply: FastifyReply): void {
    if (requestLog !== undefined) {
      reply.raw.on('finish', () => logRequest(requestLog, request, reply, logHosts))
    }
    const response = request.method === 'OPTIONS'
      ? respond(request)
      : findRequestFault(request.raw) ?? badTarget(request.url)
    respondWith(response, request, reply.header('Connection', 'close'))
  }

  function respondWith (response: Response, { url }: FastifyRequest, reply: FastifyReply): void {
    count?.(url, response.status)
    send(reply, response)
  }
}
