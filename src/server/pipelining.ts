import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { trackConnections } from './connections.ts'
import { limits } from './limits.ts'

/**
 * Bounds the answers that wait for those before them to be taken. A client may send requests ahead (pipelining,
 * RFC 9112 §9.3.2), and Node keeps their answers until it reads. When too many wait, on all connections together, the
 * client that most of them wait for is cut off.
 *
 * @returns what each answer has to pass before it is written, with its connection.
 */
export function boundPipelining (server: Server, most: number = limits.maxWaitingAnswers): (response: ServerResponse, socket: Socket) => void {
  const sockets = trackConnections(server)
  const waiting = new Map<Socket, number>()
  let all = 0
  return (response, socket) => {
    // It has its connection for itself, as nearly all have.
    if (response.socket !== null || socket.destroyed) return
    if (!waiting.has(socket)) socket.once('close', () => forget(socket))
    add(socket, 1)
    response.once('finish', () => { if (waiting.has(socket)) add(socket, -1) })
    if (all > most) cutOff()
  }

  function cutOff (): void {
    const [greediest] = [...waiting].reduce((one, other) => other[1] > one[1] ? other : one)
    forget(greediest)
    greediest.destroy()
    // Until it is closed, its answers stay in memory. Meanwhile others must not add theirs.
    for (const socket of sockets) socket.pause()
    greediest.once('close', () => { for (const socket of sockets) socket.resume() })
  }

  function add (socket: Socket, count: number): void {
    waiting.set(socket, (waiting.get(socket) ?? 0) + count)
    all += count
  }

  function forget (socket: Socket): void {
    all -= waiting.get(socket) ?? 0
    waiting.delete(socket)
  }
}
