import { METHODS } from 'node:http'
import type { IncomingMessage, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import fastifyCors from '@fastify/cors'
import fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { buildDocuments } from '../site/documents.ts'
import { buildAnswer, buildError, cors, publicHeaders, sendAnswer } from './answers.ts'
import type { Answer } from './answers.ts'
import { buildResources, selectAnswer } from './documents.ts'
import { limits } from './limits.ts'
import { boundPipelining } from './overload/pipelining.ts'
import { logRequest, pathOf, shorten } from './log/request-log.ts'
import { keepRequestShapes } from './shapes.ts'
import { answerUnreadable, refuseConnection } from './overload/unreadable.ts'

const allow = 'GET, HEAD, OPTIONS'
const noQuery = Object.freeze({})

const serverOptions: ServerOptions & { optimizeEmptyRequests: boolean } = {
  maxHeaderSize: limits.maxHeaderSize,
  headersTimeout: limits.headersTimeout,
  connectionsCheckingInterval: limits.connectionsCheckingInterval,
  // Node would answer in its own words; findFault does so in Matrix's.
  requireHostHeader: false,
  // No stream is made for a body that is not there. Node before 24 does not know it.
  optimizeEmptyRequests: true
}

/** The application of a configuration: routes, answers and limits, not listening yet. */
export function buildApp ({ server, site }: Pick<Config, 'server' | 'site'>, log: Logger): FastifyInstance {
  const app = fastify({
    trustProxy: server.trustProxy,
    // The only lines about requests are those of LOG_REQUESTS, below; Fastify's own cost a logger a request.
    logger: false,
    // A request that a closing server still gets is answered like any other; its connection closes then.
    return503OnClosing: false,
    // Nobody reads them.
    genReqId: () => '',
    routerOptions: { querystringParser: () => noQuery },
    // No route has a schema. Fastify would load two compilers for them.
    schemaController: { compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas } },
    connectionTimeout: limits.connectionTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    requestTimeout: limits.requestTimeout,
    http: serverOptions,
    frameworkErrors: (_error, request, reply) => answerBadTarget(request, reply),
    clientErrorHandler: (error, socket) => answerUnreadable(error.code, socket, withBody.get(socket), requestLog)
  })
  const requestLog = server.logRequests ? log : undefined
  /** The last request of a connection that has a body, which may still be arriving when the answer has been sent. */
  const withBody = new WeakMap<Socket, IncomingMessage>()
  const admit = boundPipelining(app.server)
  app.server.maxHeadersCount = limits.maxHeaders + 1
  // Whatever a client expects before it sends a body, it gets the answer at once.
  for (const event of ['checkContinue', 'checkExpectation']) app.server.on(event, app.routing)
  app.server.on('connect', (_request, socket: Socket) => {
    // Node has taken its own listener off: without another, a client that resets the connection would crash the process.
    socket.on('error', () => socket.destroy())
    refuseConnection(socket, methodNotAllowed(), 'CONNECT', requestLog)
  })
  // For every method alike: no body is ever parsed.
  for (const method of METHODS) app.addHttpMethod(method, { hasBody: false, overrideExisting: true })

  if (requestLog !== undefined) {
    app.addHook('onResponse', (request, reply, done) => {
      logRequest(requestLog, request, reply)
      done()
    })
  }
  app.addHook('onRequest', (request, reply, done) => {
    const { headers, raw } = request
    keepRequestShapes(reply)
    admit(raw, reply.raw)
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
      withBody.set(raw.socket, raw)
      // Thrown away as it comes. Node would do so once the answer is sent, which may have to wait for others.
      raw.resume()
    }
    const fault = findFault(raw)
    // Node's parser drops what follows a request for another protocol, so that nothing may follow it.
    if (fault !== undefined || headers.upgrade !== undefined) reply.raw.setHeader('Connection', 'close')
    if (fault === undefined) done()
    else sendAnswer(reply, fault)
  })
  const refusals = new Map([...addDocuments(app, site), ...addHealth(app)])
  // Other methods on those paths come here, too: routes for all of them would be a hundred.
  app.setNotFoundHandler((request, reply) => sendAnswer(reply, refusals.get(decodePath(request.url)) ?? notFound(request.url)))
  // Documents have their headers from the beginning; the plugin is for OPTIONS, and in a scope of its own costs them nothing.
  app.register(async scope => {
    await scope.register(fastifyCors, { ...cors, strictPreflight: false })
    // A 204 has no Content-Length (RFC 9110 §8.6).
    scope.addHook('onSend', async (_request, reply) => {
      reply.headers(publicHeaders).removeHeader('Content-Length')
    })
  })
  return app

  function answerBadTarget (request: FastifyRequest, reply: FastifyReply): void {
    admit(request.raw, reply.raw)
    reply.raw.setHeader('Connection', 'close')
    if (requestLog !== undefined) reply.raw.on('finish', () => logRequest(requestLog, request, reply))
    // `OPTIONS *` is a request about the server as a whole (RFC 9110 §9.3.7).
    if (request.method === 'OPTIONS') return sendAnswer(reply, { status: 204, headers: Object.entries(publicHeaders).flat(), body: '' })
    sendAnswer(reply, findFault(request.raw) ?? buildError(400, 'M_UNRECOGNIZED', `Bad request target: ${shorten(request.url)}`))
  }
}

function refuseSchemas (): never {
  throw new Error('nothing is loaded to compile the schema of a route with')
}

/** Answers to other methods than it adds routes for, by path. */
type Refusals = Array<[path: string, refusal: Answer]>

function addDocuments (app: FastifyInstance, site: Config['site']): Refusals {
  const refusal = methodNotAllowed()
  return buildResources(buildDocuments(site), site.cacheMaxAge).map(resource => {
    app.get(resource.path, (request, reply) => sendAnswer(reply, selectAnswer(resource, request.headers['if-none-match'])))
    return [resource.path, refusal]
  })
}

/** For probes, not for browsers: without CORS. */
function addHealth (app: FastifyInstance): Refusals {
  const healthy = buildAnswer(200, { 'Cache-Control': 'no-store' }, '{"status":"ok"}')
  const options: Answer = { status: 204, headers: ['Allow', allow], body: '' }
  app.get('/health', (_request, reply) => sendAnswer(reply, healthy))
  app.options('/health', (_request, reply) => sendAnswer(reply, options))
  return [['/health', methodNotAllowed({})]]
}

function methodNotAllowed (headers: Record<string, string> = publicHeaders): Answer {
  return buildError(405, 'M_UNRECOGNIZED', `Method not allowed: use ${allow}`, { ...headers, Allow: allow })
}

function notFound (target: string): Answer {
  return buildError(404, 'M_UNRECOGNIZED',
    `No such path: ${shorten(target)}. Documents are at /.well-known/matrix/…, and a proxy in front has to pass that path on unchanged`)
}

/** The path of a request target as the router reads it, which has refused what can't be decoded. */
function decodePath (target: string): string {
  const [path = ''] = pathOf(target).split('#')
  return decodeURI(path)
}

/** What is wrong with a request that Node could read, whatever its path. */
function findFault ({ headers, httpVersion, rawHeaders, url = '' }: IncomingMessage): Answer | undefined {
  if (url.length > limits.maxTargetLength) {
    return buildError(414, 'M_UNRECOGNIZED', `The request target is longer than ${limits.maxTargetLength} bytes`)
  }
  if (rawHeaders.length > 2 * limits.maxHeaders) {
    return buildError(431, 'M_UNRECOGNIZED', `More than ${limits.maxHeaders} header lines`)
  }
  if (headers.host === undefined && httpVersion === '1.1') {
    return buildError(400, 'M_UNRECOGNIZED', 'HTTP/1.1 wants a Host header')
  }
  return undefined
}
