import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import type { Socket } from 'node:net'
import type { SecureVersion, TLSSocket } from 'node:tls'
import { listen } from './listen.ts'
import type { Listener, Scope } from './listen.ts'

export interface TlsHostOptions {
  /** A loopback address. */
  readonly address: string
  /** In PEM, with the intermediates to send. */
  readonly certificate: string
  readonly key: string
  readonly handler: RequestListener
  readonly minVersion?: SecureVersion
  readonly maxVersion?: SecureVersion
}

/** A request as received. */
export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  /** The Host header. */
  readonly host: string | undefined
  /** The server name in the TLS handshake (SNI), if it was sent. */
  readonly servername: string | undefined
  readonly userAgent: string | undefined
}

export interface TlsHost extends Listener {
  readonly requests: readonly SeenRequest[]
}

/** Starts an HTTPS server (HTTP/1.1) that accepts every server name. */
export async function startTlsHost (t: Scope, options: TlsHostOptions): Promise<TlsHost> {
  const { address, certificate, handler, key, minVersion, maxVersion } = options
  const requests: SeenRequest[] = []
  const server = createServer({
    cert: certificate,
    key,
    // Otherwise, a connection would be closed in the middle of a test that takes long.
    keepAliveTimeout: 0,
    ...minVersion === undefined ? {} : { minVersion },
    // OpenSSL supports versions before 1.2 only at security level 0.
    ...maxVersion === undefined
      ? {}
      : { maxVersion, minVersion: minVersion ?? maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' }
  }, (request, response) => {
    requests.push(seeRequest(request))
    handler(request, response)
  })
  const transports = new Map<number | undefined, Socket>()
  server.on('connection', (socket: Socket) => transports.set(socket.remotePort, socket))
  server.on('secureConnection', socket => {
    const transport = transports.get(socket.remotePort)
    transports.delete(socket.remotePort)
    if (transport !== undefined) transportOf.set(socket, transport)
  })
  return { ...await listen(t, server, address), requests }
}

/** What a host records about a request over TLS. */
export function seeRequest ({ headers, method = '', socket, url = '' }: IncomingMessage): SeenRequest {
  // False if the client sent no name, which @types/node doesn't know.
  const servername = (socket as TLSSocket & { servername?: string | false }).servername || undefined
  return { method, url, host: headers.host, servername, userAgent: headers['user-agent'] }
}

/** The TCP connection below a TLS connection, because Node can reset only TCP connections. */
const transportOf = new WeakMap<Socket, Socket>()

/** Resets a connection of a TLS host, as a crashing server or a firewall does. */
export function resetConnection (socket: Socket): void {
  (transportOf.get(socket) ?? socket).resetAndDestroy()
}

/** Starts a host that accepts connections and sends nothing. */
export async function startHangingHost (t: Scope, address: string): Promise<Listener> {
  return await listen(t, createTcpServer(), address)
}

/** Starts a host that resets a connection at the first byte, so that connecting always succeeds. */
export async function startResettingHost (t: Scope, address: string): Promise<Listener> {
  return await listen(t, createTcpServer(socket => {
    socket.once('data', () => socket.resetAndDestroy())
  }), address)
}

/** Starts a host that speaks HTTP without TLS. */
export async function startPlainHost (t: Scope, address: string, handler: RequestListener): Promise<Listener> {
  return await listen(t, createHttpServer({ keepAliveTimeout: 0 }, handler), address)
}
