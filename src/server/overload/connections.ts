import type { Server, Socket } from 'node:net'
import { getHeapStatistics } from 'node:v8'
import type { Logger } from 'pino'
import { limits } from '../limits.ts'

/** Between two lines of the log about too many connections, in milliseconds. */
const warningInterval = 60_000

const tracked = new WeakMap<Server, Set<Socket>>()

/** The connections of a server, from the first time that they are asked for: the same set for all who ask. */
export function trackConnections (server: Server): Set<Socket> {
  const known = tracked.get(server)
  if (known !== undefined) return known
  const sockets = new Set<Socket>()
  tracked.set(server, sockets)
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

/**
 * Holds as many connections as the heap has room for, whatever they do: a heap that is full ends the process. Beyond
 * that one makes way that has said nothing since it was looked at last, so that whoever wants a document and has just
 * come gets it, even in a flood of others that say nothing; and a proxy that is at work keeps its connections.
 *
 * @param heapSize in bytes.
 */
export function boundConnections (server: Server, log: Logger, heapSize = getHeapStatistics().heap_size_limit): void {
  const sockets = trackConnections(server)
  const most = Math.max(16, Math.floor((heapSize - limits.heapBase) / limits.heapPerConnection))
  /** What had been received on a connection when it was looked at last, in bytes. */
  const received = new WeakMap<Socket, number>()
  let warned = -Infinity
  server.on('connection', newcomer => {
    if (sockets.size <= most) return
    closeSilent(newcomer)
    if (performance.now() - warned < warningInterval) return
    warned = performance.now()
    log.warn(`more than ${most} connections at once, all that the heap of this process is enough for: silent ones are closed; NODE_OPTIONS=--max-old-space-size=… gives it more`)
  })

  /** Goes round the connections, and round again, until one has received nothing since it was there last. */
  function closeSilent (newcomer: Socket): void {
    for (const socket of sockets) {
      if (socket === newcomer) continue
      sockets.delete(socket)
      if (socket.bytesRead === (received.get(socket) ?? 0)) {
        socket.destroy()
        break
      }
      received.set(socket, socket.bytesRead)
      sockets.add(socket)
    }
    // It comes last, whoever went behind it meanwhile.
    sockets.delete(newcomer)
    sockets.add(newcomer)
  }
}
