import type { Server, Socket } from 'node:net'
import { getHeapStatistics } from 'node:v8'
import type { Logger } from 'pino'
import { limits } from './limits.ts'

/** Between two lines of the log about too many connections, in milliseconds. */
const warningInterval = 60_000

/** The connections of a server. */
export function trackConnections (server: Server): Set<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

/**
 * Holds as many connections as the heap has room for, whatever they do: a heap that is full ends the process. Beyond
 * that the one makes way that was silent the longest, so that whoever wants a document and has just come gets it, even
 * in a flood of others that say nothing.
 *
 * @param sockets those of the server, see `trackConnections`. The order in them is changed.
 * @param heapSize in bytes.
 */
export function boundConnections (server: Server, sockets: Set<Socket>, log: Logger, heapSize = getHeapStatistics().heap_size_limit): void {
  const most = Math.max(16, Math.floor((heapSize - limits.heapBase) / limits.heapPerConnection))
  /** What had been received on a connection when it was looked at last, in bytes. */
  const received = new WeakMap<Socket, number>()
  let warned = -Infinity
  server.on('connection', newcomer => {
    if (sockets.size <= most) return
    closeSilent(newcomer)
    if (performance.now() - warned < warningInterval) return
    warned = performance.now()
    log.warn(`more than ${most} connections at once, all that the heap of this process is enough for: those that were silent the longest are closed; NODE_OPTIONS=--max-old-space-size=… gives it more`)
  })

  /** Goes round the connections, and round again, until one has received nothing since it was there last. */
  function closeSilent (newcomer: Socket): void {
    for (const socket of sockets) {
      if (socket === newcomer) continue
      sockets.delete(socket)
      if (socket.bytesRead === (received.get(socket) ?? 0)) {
        socket.destroy()
        return
      }
      received.set(socket, socket.bytesRead)
      sockets.add(socket)
    }
  }
}
