import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { buildError, methodNotAllowed } from '../../site/responses.ts'
import type { Response } from '../../site/responses.ts'
import { limits } from '../limits.ts'
import { plainAddress } from '../log/request-log.ts'

const faults: Readonly<Record<string, [status: number, error: string]>> = {
  HPE_HEADER_OVERFLOW: [431, `The request line and headers are longer than ${limits.maxHeaderSize} bytes`],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive']
}

/** Responds to bytes that aren't an HTTP request, and closes the connection. */
export function respondToUnreadable (
  code: string,
  socket: Socket,
  isBody: boolean,
  requestLog: Logger | undefined
): void {
  // The request that the body belongs to has its response. A second one would look like that to the next request.
  if (isBody) return closeConnection(socket, () => '')
  const [status, error] = faults[code] ?? [400, 'Not an HTTP request']
  refuse(socket, buildError(status, 'M_UNRECOGNIZED', error), code, requestLog)
}

/** Responds to CONNECT requests, which Node gives to no request listener, and closes their connections. */
export function refuseTunnels (server: Server, requestLog: Logger | undefined): void {
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    // Node has removed its own listener: without another, a client that resets the connection would crash the process.
    socket.on('error', () => socket.destroy())
    refuse(socket, methodNotAllowed, 'CONNECT', requestLog)
  })
}

function refuse (socket: Socket, response: Response, error: string, requestLog: Logger | undefined): void {
  closeConnection(socket, sent => {
    const status = sent ? { status: response.status } : {}
    requestLog?.info({ ...status, error, client: plainAddress(socket.remoteAddress) }, 'unreadable request')
    return render(response)
  })
}

/** Closes a connection after a last response, if that can be sent behind the responses to the requests before. */
function closeConnection (socket: Socket, build: (sent: boolean) => string): void {
  // Node writes those to the socket one after the other, all of them in this turn if the client reads them.
  setImmediate(() => {
    // Node reports every further error on a connection that is being closed.
    if (!socket.writable) return
    // If responses are still queued, they are lost, and the last one would look like one of them.
    const canSend = socket.writableLength === 0
    const bytes = build(canSend)
    socket.end(canSend ? bytes : '')
    // Not destroyed at once: a client that is still sending would see a reset and lose the response.
    const timer = setTimeout(() => socket.destroy(), limits.lingerTimeout).unref()
    // Otherwise, each would stay in memory for that long, thousands per second.
    socket.once('close', () => clearTimeout(timer))
  })
}

/** A response as bytes on the wire, after which the connection closes. */
function render ({ status, headers, body }: Response): string {
  const fields = { ...headers, Date: new Date().toUTCString(), Connection: 'close' }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}
