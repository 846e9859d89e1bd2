import { once } from 'node:events'
import { Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { trackConnections } from './overload/connections.ts'
import { limits } from './limits.ts'

/**
 * Makes the application close without losing a request. It stops listening and goes on answering on the connections
 * that it has, each answer closing its connection; then those close that are still idle, and at last the others.
 *
 * Node's own `close` ends idle connections at once. A proxy may just have sent a request into one of them, and not
 * every proxy sends it again: Apache httpd does not.
 *
 * @param timeouts in milliseconds from the beginning of the end.
 */
export function drainOnClose (app: FastifyInstance, timeouts: { readonly drainTimeout: number, readonly closeTimeout: number } = limits): void {
  const sockets = trackConnections(app.server)
  // By then Fastify has begun to answer with "Connection: close".
  app.addHook('preClose', async () => {
    if (!app.server.listening) return
    const closed = once(app.server, 'close')
    Server.prototype.close.call(app.server)
    const timers = [
      setTimeout(() => {
        app.server.closeIdleConnections()
        // To Node, a connection on which nothing was ever sent is not idle. Proxies open some in advance.
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
      }, timeouts.drainTimeout),
      setTimeout(() => app.server.closeAllConnections(), timeouts.closeTimeout)
    ]
    await closed
    for (const timer of timers) clearTimeout(timer)
  })
}
