import type { Server, Socket } from 'node:net'
import { getHeapStatistics } from 'node:v8'
import type { Logger } from 'pino'
import { limits } from './limits.ts'

/** Between two lines of the log about too many connections, in milliseconds. */
const warningInterval = 60_000

/** The connections of a server, the oldest first. */
export function trackConnections (server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

/**
 * Holds as many connections as the heap has room for, whatever they do: a heap that is full ends the process. Beyond
 * that the oldest makes way, so that whoever wants a document and has just come gets it, even in a flood of others
 * that say nothing.
 *
 * @param sockets those of the server, see `trackConnections`.
 * @param heapSize in bytes.
 */
export function boundConnections (server: Server, sockets: ReadonlySet<Socket>, log: Logger, heapSize = getHeapStatistics().heap_size_limit): void {
  const most = Math.max(16, Math.floor((heapSize - limits.heapBase) / limits.heapPerConnection))
  let warned = -Infinity
  server.on('connection', () => {
    if (sockets.size <= most) return
    const [oldest] = sockets
    oldest?.destroy()
    if (performance.now() - warned < warningInterval) return
    warned = performance.now()
    log.warn(`more than ${most} connections at once, all that the memory of this process is enough for: the oldest are closed; NODE_OPTIONS=--max-old-space-size=… gives it more`)
  })
}
