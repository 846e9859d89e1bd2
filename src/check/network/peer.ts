import http from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Socket } from 'node:net'
import tls from 'node:tls'
import type { PeerCertificate, SecureContext } from 'node:tls'
import { TlsReader } from './certificate.ts'
import type { Tls } from './certificate.ts'
import { limitTime } from './time-limit.ts'

/** One address of one host, and how to connect to it. */
export interface PeerAddress {
  readonly scheme: 'http' | 'https'
  readonly address: string
  readonly port: number
  /** The name or address that the certificate has to be for. A name is also sent as SNI. */
  readonly tlsName: string
  /** The Host header. */
  readonly host: string
  /** The host that was looked up, if it isn't `tlsName`: the target of an SRV record. */
  readonly target?: string
}

export interface Request {
  readonly method: 'GET' | 'OPTIONS'
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
}

/** Why there is no response, or only a part of one. */
export interface Failure {
  readonly kind: 'refused' | 'timeout' | 'unroutable' | 'not-public' | 'reset' | 'tls' | 'not-http' | 'other'
  /** What was going on when it failed. */
  readonly phase: 'connect' | 'tls' | 'response'
  /** From Node or OpenSSL. */
  readonly message: string
}

/** Whether the address can't be tried from here, or may not be, so that others may reach it. */
export function isUntried (failure: Failure | undefined): boolean {
  return failure?.kind === 'unroutable' || failure?.kind === 'not-public'
}

export interface Response {
  readonly status: number
  /** In the order they were sent, names in lower case; a header that was sent twice is listed twice. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  /** At most `maxBodySize` bytes. */
  readonly body: Buffer
  /** Whether the body was longer than that. */
  readonly truncated: boolean
}

/** A request and its outcome. */
export interface Exchange {
  readonly request: Request
  readonly url: string
  readonly address: string
  readonly port: number
  readonly tls: Tls | undefined
  /** Undefined if no head of a response arrived. */
  readonly response: Response | undefined
  /** Undefined if the response is complete; with a response, the body was cut off. */
  readonly failure: Failure | undefined
  /** From the request to the end of the response, including the connection if it had to be made. */
  readonly milliseconds: number
}

/** Sends requests to one address. */
export interface Peer {
  /** A failure is part of the exchange: it never rejects. */
  send (request: Request): Promise<Exchange>
}

export interface ConnectionOptions {
  /** For making a connection, and again for each response, in milliseconds. */
  readonly timeout: number
  /** Which authorities to trust. It is shared, because creating it takes as long as a handshake. */
  readonly secureContext: SecureContext
  /** Ends all requests. */
  readonly signal: AbortSignal
  readonly connect: (address: string, port: number) => Socket
  /** Why no connection to this address can be made, if that is known. */
  readonly findFailure: () => Failure | undefined
  /** Called when a connection to this address can't be made, before TLS. */
  readonly onFailure: (failure: Failure) => void
}

/** More than any reader of a document accepts, in bytes. */
export const maxBodySize = 131_072
/** Twice Node's default, in bytes. */
export const maxHeadSize = 32_768

/** How long a peer that couldn't be connected to is left in peace, in milliseconds. */
const pauseAfterFailure = 30_000

/**
 * Connections to one address. They are made for requests at the same time, reused for later ones, and made again if the
 * peer closes them.
 */
export class Connections implements Peer {
  readonly #at: PeerAddress
  readonly #options: ConnectionOptions
  readonly #agent = new http.Agent({ keepAlive: true })
  readonly #reader: TlsReader
  readonly #handshakes = new WeakMap<Socket, Tls>()
  /** After a connection failed, no further one is tried for some time. */
  #failure: { readonly failure: Failure, readonly expires: number } | undefined
  /** The last handshake, even if its connection is closed by now. */
  #tls: Tls | undefined

  constructor (at: PeerAddress, options: ConnectionOptions) {
    this.#at = at
    this.#options = options
    this.#reader = new TlsReader(at.tlsName)
    // Node's agent hands out a socket as soon as it exists, which for TLS is before the handshake.
    Object.assign(this.#agent, {
      createConnection: (_options: unknown, callback: (error: Error | null, socket?: Socket) => void) => {
        this.#connect().then(socket => callback(null, socket), (error: Error) => callback(error))
      }
    })
  }

  async send (request: Request): Promise<Exchange> {
    const { address, port } = this.#at
    const start = performance.now()
    const { tls = this.#tls, response, failure } = await this.#exchange(request)
    const milliseconds = Math.round(performance.now() - start)
    return { request, url: urlOf(this.#at, request), address, port, tls, response, failure, milliseconds }
  }

  /** Closes the connections that no request uses, except for one. */
  closeSpare (): void {
    const [, ...spare] = Object.values(this.#agent.freeSockets).flat()
    for (const socket of spare) socket?.destroy()
  }

  close (): void {
    this.#agent.destroy()
  }

  async #connect (): Promise<Socket> {
    if (this.#failure !== undefined && this.#failure.expires > performance.now()) {
      throw new FailureError(this.#failure.failure)
    }
    const { address, port, scheme, tlsName } = this.#at
    const { connect, secureContext, signal, timeout, findFailure, onFailure } = this.#options
    const known = findFailure()
    if (known !== undefined) throw new FailureError(known)
    let phase: Failure['phase'] = 'connect'
    let socket: Socket | undefined
    try {
      const tcp = socket = connect(address, port)
      return await limitTime(timeout, signal, async limit => {
        await untilReady(tcp, 'connect', limit)
        if (scheme === 'http') return tcp
        phase = 'tls'
        let certificate: PeerCertificate | undefined
        const secure = tls.connect({
          socket: tcp,
          ...isIP(tlsName) === 0 && { servername: tlsName },
          secureContext,
          ALPNProtocols: ['http/1.1'],
          // Errors in the certificate are facts to report, and nothing secret is sent.
          rejectUnauthorized: false,
          checkServerIdentity: (_name, shown) => { certificate = shown }
        })
        await untilReady(secure, 'secureConnect', limit)
        this.#tls = this.#reader.read(secure, certificate ?? secure.getPeerCertificate(true))
        this.#handshakes.set(secure, this.#tls)
        return secure
      })
    } catch (error) {
      socket?.destroy()
      const failure = classifyError(error, phase)
      if (phase === 'connect') onFailure(failure)
      this.#failure = { failure, expires: performance.now() + pauseAfterFailure }
      throw new FailureError(failure)
    }
  }

  async #exchange (request: Request): Promise<Partial<Pick<Exchange, 'tls' | 'response' | 'failure'>>> {
    const sent = http.request({
      agent: this.#agent,
      method: request.method,
      path: request.target,
      headers: { Host: this.#at.host, ...request.headers },
      maxHeaderSize: maxHeadSize,
      // Invalid HTTP is a fact to report, even if others accept it.
      insecureHTTPParser: false
    })
    sent.end()
    let tls: Tls | undefined
    try {
      const socket = await untilConnected(sent)
      tls = this.#handshakes.get(socket)
      const { signal, timeout } = this.#options
      return await limitTime(timeout, signal, async limit => {
        const abort = (): void => { sent.destroy(limit.reason) }
        limit.addEventListener('abort', abort, { once: true })
        // A signal that is aborted already emits no event.
        if (limit.aborted) abort()
        try {
          return { tls, ...await readResponse(await untilResponse(sent), limit) }
        } finally {
          limit.removeEventListener('abort', abort)
        }
      })
    } catch (error) {
      // As browsers do (RFC 9112 §9.3.1): an idle connection can be closed while a request is on its way.
      if (sent.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(codeOf(error))) return await this.#exchange(request)
      return { tls, failure: classifyError(error, 'response') }
    }
  }
}

export function urlOf ({ scheme, host }: PeerAddress, { target }: Request): string {
  return `${scheme}://${host}${target}`
}

class FailureError extends Error {
  readonly failure: Failure

  constructor (failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

async function untilReady (socket: Socket, event: 'connect' | 'secureConnect', limit: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => { socket.destroy(limit.reason) }
    limit.addEventListener('abort', abort, { once: true })
    const fail = (): void => reject(connectionClosed())
    socket.once(event, () => {
      limit.removeEventListener('abort', abort)
      socket.removeListener('close', fail)
      resolve()
    })
    // This listener stays: later errors are also emitted by the request on this socket.
    socket.on('error', reject)
    socket.once('close', fail)
    if (limit.aborted) abort()
  })
}

function connectionClosed (): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })
}

async function untilConnected (sent: ClientRequest): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    sent.once('socket', resolve)
    sent.once('error', reject)
  })
}

async function untilResponse (sent: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const fail = (): void => reject(connectionClosed())
    sent.once('response', response => {
      sent.removeListener('close', fail)
      resolve(response)
    })
    sent.on('error', reject)
    // If the peer switches protocols (101), this comes without an error.
    sent.once('close', fail)
  })
}

/** Reads a response, up to `maxBodySize` bytes of its body. */
async function readResponse (
  message: IncomingMessage,
  limit: AbortSignal
): Promise<{ response: Response, failure?: Failure }> {
  const chunks: Buffer[] = []
  let size = 0
  let failure: Failure | undefined
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size > maxBodySize) break
    }
  } catch (error) {
    // Node's own error only says "aborted", whatever ended the response.
    failure = classifyError(limit.aborted ? limit.reason : error, 'response')
  }
  const response = {
    status: Number(message.statusCode),
    headers: pairHeaders(message.rawHeaders),
    body: Buffer.concat(chunks).subarray(0, maxBodySize),
    truncated: size > maxBodySize
  }
  return failure === undefined ? { response } : { response, failure }
}

function pairHeaders (raw: readonly string[]): Array<[name: string, value: string]> {
  return Array.from({ length: raw.length / 2 }, (_, i) => [String(raw[2 * i]).toLowerCase(), String(raw[2 * i + 1])])
}

/** By the code or the name of an error. */
const failureKinds: Readonly<Record<string, Failure['kind']>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  TimeoutError: 'timeout',
  ENETUNREACH: 'unroutable',
  EHOSTUNREACH: 'unroutable',
  EADDRNOTAVAIL: 'unroutable',
  EACCES: 'unroutable',
  ERR_NOT_PUBLIC: 'not-public',
  ECONNRESET: 'reset',
  EPIPE: 'reset'
}

function classifyError (error: unknown, phase: Failure['phase']): Failure {
  if (error instanceof FailureError) return error.failure
  const { name, message }: Error = Object(error)
  const code = codeOf(error)
  // Errors of OpenSSL have a shorter text in `reason`.
  const reason = error instanceof Error && 'reason' in error ? String(error.reason) : message
  const text = reason.includes(code) ? reason : `${reason} (${code})`
  if (code.startsWith('HPE_')) return { kind: 'not-http', phase, message: text }
  return { kind: failureKinds[code] ?? failureKinds[name] ?? (phase === 'tls' ? 'tls' : 'other'), phase, message: text }
}

/** The code of an error, or an empty string; that of a DOMException, such as a TimeoutError, is a number. */
function codeOf (error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
