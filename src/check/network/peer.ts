import http from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Socket } from 'node:net'
import tls from 'node:tls'
import type { SecureContext } from 'node:tls'
import { readTls } from './certificate.ts'
import type { Tls } from './certificate.ts'
import { limitTime } from './time-limit.ts'

/** One address of one host, and how to speak to it. */
export interface PeerAddress {
  readonly scheme: 'http' | 'https'
  readonly address: string
  readonly port: number
  /** The name or address that the certificate has to be for; the server is told it unless it is an address. */
  readonly tlsName: string
  /** The Host header. */
  readonly host: string
  /** The host that was looked up, where that is another than `tlsName`: the target of an SRV record. */
  readonly target?: string
}

export interface Request {
  readonly method: 'GET' | 'OPTIONS'
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
}

/** Why there is no answer, or only a part of one. */
export interface Failure {
  readonly kind: 'refused' | 'timeout' | 'unroutable' | 'reset' | 'tls' | 'not-http' | 'other'
  /** How far it had come. */
  readonly phase: 'connect' | 'tls' | 'response'
  /** In the words of Node or OpenSSL. */
  readonly message: string
}

export interface Response {
  readonly status: number
  /** As they came, names in lower case; a header that came twice is in here twice. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  /** At most `greatestBodySize` bytes. */
  readonly body: Buffer
  /** Whether there was more of it. */
  readonly truncated: boolean
}

/** What came of a request. */
export interface Exchange {
  readonly url: string
  readonly address: string
  readonly port: number
  readonly tls: Tls | undefined
  /** Undefined where no head of a response came. */
  readonly response: Response | undefined
  /** Undefined where all went well; with a response it broke off. */
  readonly failure: Failure | undefined
  /** From the request to the end of the response, the connection included where it had to be made. */
  readonly milliseconds: number
}

export interface PeerOptions {
  /** For a connection to be made, and again for each response, in milliseconds. */
  readonly timeout: number
  /** Whom to trust; made once, since that takes as long as a handshake. */
  readonly secureContext: SecureContext
  /** Ends everything. */
  readonly signal: AbortSignal
  readonly connect: (address: string, port: number) => Socket
  /** Told of what is waited for, and called when that is over. */
  readonly wait: (what: string) => () => void
}

/** More than any reader of a document takes, in bytes. */
export const greatestBodySize = 131_072
/** Twice what Node takes as it comes, in bytes. */
export const greatestHeadSize = 32_768

/**
 * A connection to one address, that is made for the first request, serves one request after the other, and is made
 * again where the peer closes it. What goes wrong is a fact of the exchange; nothing is thrown.
 */
export class Peer {
  readonly #at: PeerAddress
  readonly #options: PeerOptions
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  readonly #handshakes = new WeakMap<Socket, Tls>()
  /** Once a connection could not be made, no second one is tried. */
  #failure: Failure | undefined
  /** The last handshake, also of a connection that is closed by now. */
  #tls: Tls | undefined

  constructor (at: PeerAddress, options: PeerOptions) {
    this.#at = at
    this.#options = options
    // Node's agent hands a socket over as soon as it is there, which for TLS is before the handshake.
    Object.assign(this.#agent, {
      createConnection: (_options: unknown, callback: (error: Error | null, socket?: Socket) => void) => {
        this.#connect().then(socket => callback(null, socket), (error: Error) => callback(error))
      }
    })
  }

  async send (request: Request): Promise<Exchange> {
    const { scheme, host, address, port } = this.#at
    const url = `${scheme}://${host}${request.target}`
    const done = this.#options.wait(url)
    const start = performance.now()
    const { response, failure } = await this.#exchange(request)
    done()
    return { url, address, port, tls: this.#tls, response, failure, milliseconds: Math.round(performance.now() - start) }
  }

  close (): void {
    this.#agent.destroy()
  }

  async #connect (): Promise<Socket> {
    if (this.#failure !== undefined) throw new FailureError(this.#failure)
    const { address, port, scheme, tlsName } = this.#at
    let phase: Failure['phase'] = 'connect'
    const signal = limitTime(this.#options.timeout, this.#options.signal)
    const socket = this.#options.connect(address, port)
    try {
      await readiness(socket, 'connect', signal)
      if (scheme === 'http') return socket
      phase = 'tls'
      const secure = tls.connect({
        socket,
        ...isIP(tlsName) === 0 && { servername: tlsName },
        secureContext: this.#options.secureContext,
        ALPNProtocols: ['http/1.1'],
        // What is wrong with the certificate is a fact to be told, and nothing secret is sent.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined
      })
      await readiness(secure, 'secureConnect', signal)
      this.#tls = readTls(secure, tlsName)
      this.#handshakes.set(secure, this.#tls)
      return secure
    } catch (error) {
      socket.destroy()
      this.#failure = describeFailure(error, phase)
      throw new FailureError(this.#failure)
    }
  }

  async #exchange (request: Request): Promise<{ response?: Response, failure?: Failure }> {
    const sent = http.request({
      agent: this.#agent,
      method: request.method,
      path: request.target,
      headers: { Host: this.#at.host, ...request.headers },
      maxHeaderSize: greatestHeadSize,
      // Others read what is not quite right; check tells of it.
      insecureHTTPParser: false
    })
    sent.end()
    try {
      const socket = await connectionOf(sent)
      this.#tls = this.#handshakes.get(socket)
      const signal = limitTime(this.#options.timeout, this.#options.signal)
      const abort = (): void => { sent.destroy(signal.reason as Error) }
      signal.addEventListener('abort', abort, { once: true })
      // What has happened is not told again.
      if (signal.aborted) abort()
      try {
        return await readResponse(await responseTo(sent), signal)
      } finally {
        signal.removeEventListener('abort', abort)
      }
    } catch (error) {
      // As browsers do it (RFC 9112 §9.3.1): a connection that was idle may close while a request is on its way.
      if (sent.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET') return await this.#exchange(request)
      return { failure: describeFailure(error, 'response') }
    }
  }
}

class FailureError extends Error {
  readonly failure: Failure

  constructor (failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

async function readiness (socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => { socket.destroy(signal.reason as Error) }
    signal.addEventListener('abort', abort, { once: true })
    socket.once(event, () => { signal.removeEventListener('abort', abort); resolve() })
    // Once it is ready, its errors are those of the request on it.
    socket.on('error', reject)
    socket.once('close', () => reject(closed()))
    if (signal.aborted) abort()
  })
}

function closed (): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })
}

async function connectionOf (sent: ClientRequest): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    sent.once('socket', resolve)
    sent.once('error', reject)
  })
}

async function responseTo (sent: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    sent.once('response', resolve)
    sent.on('error', reject)
    // Without an error, when the peer wants to go on in another protocol (101).
    sent.once('close', () => reject(closed()))
  })
}

/** Reads a response, up to what is kept of its body. */
async function readResponse (message: IncomingMessage, signal: AbortSignal): Promise<{ response: Response, failure?: Failure }> {
  const chunks: Buffer[] = []
  let size = 0
  let failure: Failure | undefined
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size > greatestBodySize) break
    }
  } catch (error) {
    // Node says "aborted" of whatever ends a response, and says no more.
    failure = describeFailure(signal.aborted ? signal.reason : error, 'response')
  }
  const response = {
    status: Number(message.statusCode),
    headers: pairUp(message.rawHeaders),
    body: Buffer.concat(chunks).subarray(0, greatestBodySize),
    truncated: size > greatestBodySize
  }
  return failure === undefined ? { response } : { response, failure }
}

function pairUp (raw: readonly string[]): Array<[name: string, value: string]> {
  return Array.from({ length: raw.length / 2 }, (_, i) => [String(raw[2 * i]).toLowerCase(), String(raw[2 * i + 1])])
}

const kinds: Readonly<Record<string, Failure['kind']>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  TimeoutError: 'timeout',
  ENETUNREACH: 'unroutable',
  EHOSTUNREACH: 'unroutable',
  EADDRNOTAVAIL: 'unroutable',
  EACCES: 'unroutable',
  ECONNRESET: 'reset',
  EPIPE: 'reset'
}

function describeFailure (error: unknown, phase: Failure['phase']): Failure {
  if (error instanceof FailureError) return error.failure
  const { code: id, name, message, reason = message } = error as NodeJS.ErrnoException & { reason?: string }
  // That of a DOMException, such as a TimeoutError, is a number.
  const code = typeof id === 'string' ? id : ''
  const text = reason.includes(code) ? reason : `${reason} (${code})`
  if (code.startsWith('HPE_')) return { kind: 'not-http', phase, message: text }
  return { kind: kinds[code] ?? kinds[name] ?? (phase === 'tls' ? 'tls' : 'other'), phase, message: text }
}
