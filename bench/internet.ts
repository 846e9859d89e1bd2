import type { RequestListener } from 'node:http'
import { connect, createServer } from 'node:net'
import { matrixError, preflight, wellKnown } from '../test/support/responses.ts'
import { sharedAuthority } from '../test/support/certificates.ts'
import { forward, startDnsRelay } from '../test/support/delayed-world.ts'
import { startDnsServer } from '../test/support/dns-server.ts'
import { healthyDocuments } from '../test/support/healthy-world.ts'
import { buildHomeserver } from '../test/support/homeserver.ts'
import { listen } from '../test/support/listen.ts'
import { route } from '../test/support/route.ts'
import { startTlsHost } from '../test/support/tls-host.ts'
import type { Scope } from './scope.ts'

/** Names and their homeservers, all far away. */
export interface Internet {
  /** A DNS server, and the file with the root certificate, in PEM. */
  readonly dns: string
  readonly ca: string
  /** Where all hosts are: 45.a.b.c is at 127.a.b.c. */
  readonly port: number
}

/** The name with this number. Its homeserver is at `matrix-name-1.example.com`. */
export function nameOf (number: number): string {
  return `name-${number}.example.com`
}

/**
 * Starts a network with healthy names. Each has an address of its own, and so has its homeserver, unless all of these
 * are at one provider.
 *
 * @param oneWay how long everything takes to get there, and to get back, in milliseconds.
 */
export async function startInternet (
  scope: Scope, count: number, oneWay: number, isOneProvider: boolean
): Promise<Internet> {
  const authority = sharedAuthority()
  const listeners = new Map<string, RequestListener>()
  const records = Object.fromEntries(Array.from({ length: count }, (_, i) => {
    const [high, low] = [i >> 8, i & 255]
    return [
      [nameOf(i), { A: [`45.1.${high}.${low}`] }],
      [`matrix-${nameOf(i)}`, { A: [isOneProvider ? '45.3.0.1' : `45.2.${high}.${low}`] }]
    ] as const
  }).flat())
  const server = await startTlsHost(scope, {
    ...authority.issue({ names: ['DNS:*.example.com'] }),
    address: '127.0.0.1',
    handler (request, response) {
      const host = String(request.headers.host).replace(/:443$/, '')
      const listener = listeners.get(host) ?? buildHost(host)
      listeners.set(host, listener)
      listener(request, response)
    }
  })
  const relay = createServer({ allowHalfOpen: true }, near => {
    const far = connect({ port: server.port, host: server.address, allowHalfOpen: true })
    forward(near, far, oneWay)
    forward(far, near, oneWay)
  })
  const { port } = await listen(scope, relay, '0.0.0.0')
  const dns = await startDnsServer(scope, records)
  return { dns: await startDnsRelay(scope, dns.address, oneWay), ca: authority.certificate, port }
}

function buildHost (host: string): RequestListener {
  if (host.startsWith('matrix-')) return buildHomeserver({ serverName: host.slice('matrix-'.length) })
  const url = `https://matrix-${host}`
  return route({
    'GET /.well-known/matrix/server': wellKnown({ 'm.server': `matrix-${host}:443` }),
    'GET /.well-known/matrix/client': wellKnown({
      'm.homeserver': { base_url: url },
      'org.matrix.msc4143.rtc_foci': [{ type: 'livekit', livekit_service_url: `${url}/livekit/jwt` }]
    }),
    'GET /.well-known/matrix/support': wellKnown(healthyDocuments.support),
    'GET /.well-known/matrix/policy_server': wellKnown(healthyDocuments.policy_server),
    'OPTIONS *': preflight(),
    '*': matrixError(404, 'M_UNRECOGNIZED', 'Unrecognized request')
  })
}
