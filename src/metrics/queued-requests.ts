import type { FastifyInstance } from 'fastify'

/**
 * Disconnects a client that sends a further request before the response to its last one is sent. Node would keep all of
 * these responses in memory, which may be large. Browsers and scrapers don't pipeline.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-9.3.2
 */
export function refuseQueuedRequests (app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    // Node gives the connection to the first response that isn't finished.
    if (reply.raw.socket !== null) return done()
    reply.hijack()
    request.raw.socket.destroy()
  })
}
