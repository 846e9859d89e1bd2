import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** An HTTP/1 response as received. */
export interface RawResponse {
  readonly status: number
  /** By lower-case name, with one value for each time that the name was sent. */
  readonly headers: Readonly<Record<string, string[]>>
  readonly body: string
}

/** Sends bytes over a new connection, and returns everything received until the server closes it. */
export async function exchange (port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return await readToEnd(socket)
}

export async function readToEnd (socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

/** Resolves when a connection is closed, also by a reset. */
export async function closed (socket: Socket): Promise<void> {
  await new Promise(resolve => socket.once('close', resolve))
}

/** Sends one request and parses the response. */
export async function request (
  port: number, target: string, method = 'GET', headers: readonly string[] = []
): Promise<RawResponse> {
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: example.com', 'Connection: close', ...headers, '', '']
  const [response] = await requestAll(port, lines.join('\r\n'), [method])
  if (response === undefined) throw new Error('no response')
  return response
}

/** Sends bytes and parses the responses to requests with these methods. */
export async function requestAll (
  port: number, bytes: string | Buffer, methods: readonly string[] = ['GET']
): Promise<RawResponse[]> {
  let rest = Buffer.from(await exchange(port, bytes))
  const responses: RawResponse[] = []
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n')
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString().split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1])
    const headers: Record<string, string[]> = {}
    for (const line of lines) {
      const colon = line.indexOf(': ')
      const name = line.slice(0, colon).toLowerCase()
      headers[name] = [...headers[name] ?? [], line.slice(colon + 2)]
    }
    const bodyless = methods[responses.length] === 'HEAD' || status === 204 || status === 304
    const length = bodyless ? 0 : Number(headers['content-length']?.[0])
    const body = rest.subarray(end + 4, end + 4 + length)
    responses.push({ status, headers, body: body.toString() })
    rest = rest.subarray(end + 4 + length)
  }
  return responses
}
