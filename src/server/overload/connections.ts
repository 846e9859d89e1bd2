import type { Server, Socket } from 'node:net'
import type { Logger } from 'pino'
import type { HeapBudget } from './heap-budget.ts'

/** Between two log lines about too many connections, in milliseconds. */
const warningInterval = 60_000

/** The open connections of a server. */
export function trackConnections (server: Server): Set<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

/**
 * Holds as many connections as the heap has room for, whatever they do: a full heap ends the process. Beyond that, a
 * connection is closed that has sent nothing since it was last looked at. So a new client gets its document even in a
 * flood of silent connections, and a busy proxy keeps its connections.
 *
 * @param sockets from `trackConnections`.
 */
export function boundConnections (
  server: Server, sockets: Set<Socket>, log: Logger, heap: HeapBudget
): void {
  /** What had been received on a connection when it was last looked at, in bytes. */
  const received = new WeakMap<Socket, number>()
  let lastWarning = -Infinity
  server.on('connection', latest => {
    heap.observe()
    const { maxConnections } = heap
    if (sockets.size <= maxConnections) return
    // There may be many too many, after a reload.
    for (let i = 0; i < 2 && sockets.size > maxConnections; i++) closeSilent(latest)
    if (performance.now() - lastWarning < warningInterval) return
    lastWarning = performance.now()
    log.warn(`more than ${maxConnections} connections, the most that this process's heap has room for: ` +
      'silent ones are being closed; to allow more, raise NODE_OPTIONS=--max-old-space-size=…')
  })

  /** Cycles through the connections until one has received nothing since the last time. */
  function closeSilent (latest: Socket): void {
    for (const socket of sockets) {
      if (socket === latest) continue
      sockets.delete(socket)
      if (socket.bytesRead === (received.get(socket) ?? 0)) {
        socket.destroy()
        break
      }
      received.set(socket, socket.bytesRead)
      sockets.add(socket)
    }
    // The latest connection stays the last to be looked at.
    sockets.delete(latest)
    sockets.add(latest)
  }
}
