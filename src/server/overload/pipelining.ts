import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { trackConnections } from './connections.ts'
import { limits } from '../limits.ts'

/**
 * Bounds what waits for answers to be taken. A client may send requests ahead (pipelining, RFC 9112 §9.3.2), and Node
 * keeps them and their answers until the client has read those before. When too much waits, on all connections
 * together, the client that most of it waits for is cut off.
 *
 * @param most in bytes, as they are reckoned by `weigh`.
 * @returns what each request has to pass before it is answered.
 */
export function boundPipelining (server: Server, most: number = limits.maxWaiting): (request: IncomingMessage, response: ServerResponse) => void {
  const sockets = trackConnections(server)
  const waiting = new Map<Socket, number>()
  const paused = new Set<Socket>()
  let all = 0
  let closing = 0
  return (request, response) => {
    const { socket } = request
    // The answer has its connection for itself, as nearly all have.
    if (response.socket !== null || socket.destroyed) return
    if (!waiting.has(socket)) socket.once('close', () => forget(socket))
    const weight = weigh(request)
    add(socket, weight)
    response.once('finish', () => { if (waiting.has(socket)) add(socket, -weight) })
    if (all > most) cutOff()
  }

  /** Until it is closed, all that waits for it stays in memory. Meanwhile nothing is read from others. */
  function cutOff (): void {
    const [greediest] = [...waiting].reduce((one, other) => other[1] > one[1] ? other : one)
    forget(greediest)
    greediest.destroy()
    for (const socket of sockets) {
      if (socket.isPaused()) continue
      socket.pause()
      paused.add(socket)
    }
    closing++
    greediest.once('close', () => {
      closing--
      if (closing > 0) return
      for (const socket of paused) socket.resume()
      paused.clear()
    })
  }

  function add (socket: Socket, weight: number): void {
    waiting.set(socket, (waiting.get(socket) ?? 0) + weight)
    all += weight
  }

  function forget (socket: Socket): void {
    all -= waiting.get(socket) ?? 0
    waiting.delete(socket)
  }
}

/** What a request and its answer take while they wait, in bytes. */
function weigh ({ rawHeaders, url = '' }: IncomingMessage): number {
  return rawHeaders.reduce((sum, { length }) => sum + length, limits.heapPerAnswer + url.length)
}
