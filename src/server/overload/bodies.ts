import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Discards the bodies of requests as they arrive. Node would do so only after the response has been sent, which may
 * have to wait for the responses to earlier requests of the connection.
 *
 * @returns whether the body of the last request of a connection is still arriving.
 */
export function discardBodies (server: Server): (socket: Socket) => boolean {
  const lastWithBody = new WeakMap<Socket, IncomingMessage>()
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
    if (length === undefined && encoding === undefined) return
    lastWithBody.set(request.socket, request)
    // A request that has arrived is not kept: its headers may be as large as those of the next one.
    request.once('end', () => { if (lastWithBody.get(request.socket) === request) lastWithBody.delete(request.socket) })
    request.resume()
    // While the body arrives, nothing needs the headers after the response.
    response.once('close', () => {
      request.rawHeaders = []
      request.headers = {}
    })
  })
  return socket => lastWithBody.get(socket)?.complete === false
}
