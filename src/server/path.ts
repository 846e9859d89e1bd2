import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Response } from '../site/responses.ts'

/** @fastify/cors skips a route with this config. */
const config = { cors: false }

/**
 * Adds a path that responds to every method that Fastify knows.
 *
 * The body of a request is never read: other methods than GET and HEAD get their response before Fastify parses one, or
 * refuses its Content-Type.
 */
export function addPath (app: FastifyInstance, url: string, respond: (request: FastifyRequest) => Response): void {
  function handler (request: FastifyRequest, reply: FastifyReply): void {
    send(reply, respond(request))
  }
  const methods = app.supportedMethods.filter(method => method !== 'GET' && method !== 'HEAD')
  app.route({ method: ['GET', 'HEAD'], url, config, handler })
  app.route({ method: methods, url, config, handler, onRequest: handler })
}

/** Sends a response through all hooks. Without a serializer, Fastify would append a charset to the Content-Type. */
export function send (reply: FastifyReply, { status, headers, body }: Response): void {
  reply.code(status).headers(headers).serializer(keepText).send(body === '' ? undefined : body)
}

function keepText (text: string): string {
  return text
}
