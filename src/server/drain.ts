import { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { limits } from './limits.ts'

/**
 * Makes the application close without losing a request: it stops listening and keeps responding on its connections,
 * each of which closes after its response. Then Fastify closes the others.
 *
 * @param drainTimeout in milliseconds.
 */
export function drainOnClose (app: FastifyInstance, drainTimeout: number = limits.drainTimeout): void {
  app.addHook('preClose', async () => {
    // HTTP's own `close` would end idle connections at once. A proxy may just have sent a request on one of them, and
    // Apache httpd doesn't send it again.
    Server.prototype.close.call(app.server)
    await sleep(drainTimeout)
  })
}
