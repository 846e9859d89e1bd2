import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { limits } from '../limits.ts'

/**
 * Bounds what is queued for clients that pipeline: Node keeps further requests and their responses in memory until the
 * client has read the responses before them. If too much is queued on all connections together, the connection with
 * the most is closed.
 *
 * @param sockets from `trackConnections`.
 * @param maxQueued in bytes, as estimated by `estimateSize`.
 * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-9.3.2
 */
export function boundPipelining (
  server: Server,
  sockets: ReadonlySet<Socket>,
  maxQueued: number = limits.maxQueued
): void {
  const queued = new Map<Socket, number>()
  const paused = new Set<Socket>()
  let total = 0
  let closing = 0
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    if (socket.destroyed) return
    const size = estimateSize(request)
    // Node gives the connection to the first response that isn't finished. Nearly always, that is this one. It may
    // have to wait for the client to read those before; the room for a connection is enough if it isn't large.
    if (response.socket !== null && size - limits.heapPerResponse <= limits.largeRequest) return
    if (!queued.has(socket)) socket.once('close', () => forget(socket))
    add(socket, size)
    response.once('finish', () => { if (queued.has(socket)) add(socket, -size) })
    if (total > maxQueued) closeLargest()
  })

  /** Until the connection is closed, all that is queued for it stays in memory, so nothing is read from others. */
  function closeLargest (): void {
    const [largest] = [...queued].reduce((one, other) => other[1] > one[1] ? other : one)
    forget(largest)
    largest.destroy()
    for (const socket of sockets) {
      if (socket.isPaused()) continue
      socket.pause()
      paused.add(socket)
    }
    closing++
    largest.once('close', () => {
      closing--
      if (closing > 0) return
      for (const socket of paused) socket.resume()
      paused.clear()
    })
  }

  function add (socket: Socket, size: number): void {
    queued.set(socket, (queued.get(socket) ?? 0) + size)
    total += size
  }

  function forget (socket: Socket): void {
    total -= queued.get(socket) ?? 0
    queued.delete(socket)
  }
}

/** What a request and its response take in memory while they are queued, in bytes. */
function estimateSize ({ rawHeaders, url = '' }: IncomingMessage): number {
  return rawHeaders.reduce(
    (sum, { length }) => sum + limits.heapPerHeaderText + length,
    limits.heapPerResponse + url.length
  )
}
