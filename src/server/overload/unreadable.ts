import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { buildError, renderAnswer } from '../answers.ts'
import type { Answer } from '../answers.ts'
import { limits } from '../limits.ts'
import { plainAddress } from '../log/request-log.ts'

const unreadable: Readonly<Record<string, [status: number, error: string]>> = {
  HPE_HEADER_OVERFLOW: [431, `The request line and headers are longer than ${limits.maxHeaderSize} bytes`],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive']
}

/** Answers bytes that are no HTTP request, and closes the connection. */
export function answerUnreadable (code: string, socket: Socket, lastWithBody: IncomingMessage | undefined, requestLog: Logger | undefined): void {
  // It is the body of a request that has its answer. A second one would be taken for that of another request.
  if (lastWithBody?.complete === false) return closeConnection(socket, () => '')
  const [status, error] = unreadable[code] ?? [400, 'Not an HTTP request']
  refuseConnection(socket, buildError(status, 'M_UNRECOGNIZED', error), code, requestLog)
}

/** Answers what is not for Fastify, and closes the connection. */
export function refuseConnection (socket: Socket, answer: Answer, error: string, requestLog: Logger | undefined): void {
  closeConnection(socket, said => {
    requestLog?.info({ ...said && { status: answer.status }, error, client: plainAddress(socket.remoteAddress) }, 'unreadable request')
    return renderAnswer(answer)
  })
}

/** Closes a connection with some last words, if they can be said after the answers to the requests until then. */
function closeConnection (socket: Socket, say: (said: boolean) => string): void {
  // Node hands those to the socket one after the other, all of them in this turn, as long as the client takes them.
  setImmediate(() => {
    // Node tells of each further error on a connection that is on its way out, too.
    if (!socket.writable) return
    // Where answers still wait they are lost, and last words would be taken for one of them.
    const free = socket.writableLength === 0
    const words = say(free)
    socket.end(free ? words : '')
    // Not destroyed at once: a client that is still sending would be reset and lose the answer.
    const patience = setTimeout(() => socket.destroy(), limits.lingerTimeout).unref()
    // Or each would stay in memory for as long, thousands a second of them.
    socket.once('close', () => clearTimeout(patience))
  })
}
