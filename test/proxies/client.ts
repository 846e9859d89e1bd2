import { once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import tls from 'node:tls'

export interface Request {
  readonly method: string
  readonly path: string
  /** The Host or :authority, if it isn't the name that the client was opened for. */
  readonly host?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

export interface Response {
  readonly status: number
  /** As received, in lower case. A header that is sent twice is in here twice. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string
}

export interface Client {
  readonly send: (request: Request) => Promise<Response>
  readonly close: () => void
}

interface Address {
  readonly name: string
  readonly port: number
  readonly ca: string
}

export type Protocol = 'http' | 'https' | 'h2'

/** A client for one host name at a port of this machine. It trusts one authority and keeps its connection. */
export function openClient (protocol: Protocol, address: Address): Client {
  return protocol === 'h2' ? openHttp2(address) : openHttp1(protocol, address)
}

function openHttp1 (protocol: 'http' | 'https', { name, port, ca }: Address): Client {
  const { Agent, request } = protocol === 'http' ? http : https
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    send: async function send ({ method, path, host = name, headers, body }) {
      // These are ignored without TLS.
      const tlsOptions: https.RequestOptions = { servername: name, ca }
      const options = { agent, host: '127.0.0.1', port, method, path, headers: { host, ...headers } }
      const sent = request({ ...options, ...tlsOptions })
      sent.end(body)
      return await new Promise((resolve, reject) => {
        // As browsers do (RFC 9112 §9.3.1): if a connection that was used before is closed without a response, repeat
        // the request on a new one. Apache httpd relies on it if a sidecar closes a connection at that moment.
        sent.once('error', (error: NodeJS.ErrnoException) => {
          if (!sent.reusedSocket || error.code !== 'ECONNRESET') reject(error)
          else resolve(send({ method, path, host, ...headers && { headers }, ...body && { body } }))
        })
        sent.once('upgrade', (response, socket) => {
          socket.destroy()
          resolve({ status: response.statusCode ?? 0, headers: pairUp(response.rawHeaders), body: '' })
        })
        sent.once('response', response => {
          readAll(response).then(text => {
            resolve({ status: response.statusCode ?? 0, headers: pairUp(response.rawHeaders), body: text })
          }, reject)
        })
      })
    },
    close: () => agent.destroy()
  }
}

function openHttp2 ({ name, port, ca }: Address): Client {
  let session: http2.ClientHttp2Session | undefined
  async function connect (): Promise<http2.ClientHttp2Session> {
    const socket = tls.connect({ host: '127.0.0.1', port, servername: name, ca, ALPNProtocols: ['h2'] })
    await once(socket, 'secureConnect')
    if (socket.alpnProtocol !== 'h2') throw new Error('HTTP/2 was not negotiated')
    const connected = http2.connect(`https://${name}`, { createConnection: () => socket })
    // Each request reports it, too.
    connected.on('error', () => {})
    return connected
  }
  return {
    send: async ({ method, path, host = name, headers, body }) => {
      if (session === undefined || session.closed || session.destroyed) session = await connect()
      const pseudoHeaders = { ':method': method, ':path': path, ':authority': host }
      const stream = session.request({ ...pseudoHeaders, ...headers }, { endStream: body === undefined })
      if (body !== undefined) stream.end(body)
      const response: Array<Record<string, unknown> | number | string[]> = await once(stream, 'response')
      const [, , raw] = response
      if (!Array.isArray(raw)) throw new Error('this Node.js has no raw headers of HTTP/2')
      const pairs = pairUp(raw)
      return {
        status: Number(pairs.find(([header]) => header === ':status')?.[1]),
        headers: pairs.filter(([header]) => !header.startsWith(':')),
        body: await readAll(stream)
      }
    },
    close: () => session?.destroy()
  }
}

function pairUp (raw: readonly string[]): Array<[name: string, value: string]> {
  return Array.from({ length: raw.length / 2 }, (_, i) => [String(raw[2 * i]).toLowerCase(), String(raw[2 * i + 1])])
}

async function readAll (stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
