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
  /** In PEM, with the intermediates that are to be sent. */
  readonly certificate: string
  readonly key: string
  readonly handler: RequestListener
  readonly minVersion?: SecureVersion
  readonly maxVersion?: SecureVersion
}

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  /** The header Host. */
  readonly host: string | undefined
  /** The name of TLS (SNI); undefined where none was sent. */
  readonly servername: string | undefined
  readonly userAgent: string | undefined
}

export interface TlsHost extends Listener {
  readonly requests: readonly SeenRequest[]
}

/** Starts an HTTPS server (HTTP/1.1) that lets everybody in, whatever the name. */
export async function startTlsHost (t: Scope, options: TlsHostOptions): Promise<TlsHost> {
  const { address, certificate, handler, key, minVersion, maxVersion } = options
  const requests: SeenRequest[] = []
  const server = createServer({
    cert: certificate,
    key,
    ...minVersion === undefined ? {} : { minVersion },
    // OpenSSL speaks versions before 1.2 only when it is told not to care for security.
    ...maxVersion === undefined ? {} : { maxVersion, minVersion: minVersion ?? maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' }
  }, (request, response) => {
    requests.push(seeRequest(request))
    handler(request, response)
  })
  const transports = new Map<number | undefined, Socket>()
  server.on('connection', (socket: Socket) => transports.set(socket.remotePort, socket))
  server.on('secureConnection', socket => {
    const transport = transports.get(socket.remotePort)
    if (transport !== undefined) transportOf.set(socket, transport)
  })
  return { ...await listen(t, server, address), requests }
}

/** What a host notes of a request that came over TLS. */
export function seeRequest ({ headers, method = '', socket, url = '' }: IncomingMessage): SeenRequest {
  // False where the client sent no name, which @types/node does not know.
  const servername = (socket as TLSSocket & { servername?: string | false }).servername || undefined
  return { method, url, host: headers.host, servername, userAgent: headers['user-agent'] }
}

/** The TCP connection below a TLS one: Node resets no other. */
const transportOf = new WeakMap<Socket, Socket>()

/** Resets a connection of a TLS host, as a crashing server or a firewall does. */
export function resetConnection (socket: Socket): void {
  (transportOf.get(socket) ?? socket).resetAndDestroy()
}

/** Starts a host that takes a connection and says nothing. */
export async function startHangingHost (t: Scope, address: string): Promise<Listener> {
  return await listen(t, createTcpServer(), address)
}

/** Starts a host that takes a connection and resets it at the first byte, so that it is always seen to connect. */
export async function startResettingHost (t: Scope, address: string): Promise<Listener> {
  return await listen(t, createTcpServer(socket => {
    socket.once('data', () => socket.resetAndDestroy())
  }), address)
}

/** Starts a host that speaks HTTP without TLS. */
export async function startPlainHost (t: Scope, address: string, handler: RequestListener): Promise<Listener> {
  return await listen(t, createHttpServer(handler), address)
}
