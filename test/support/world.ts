import type { RequestListener } from 'node:http'
import { connect as connectTcp, isIP, isIPv6 } from 'node:net'
import type { Socket } from 'node:net'
import type { SecureVersion } from 'node:tls'
import { text } from './responses.ts'
import { sharedAuthority } from './certificates.ts'
import type { Certificate } from './certificates.ts'
import { startDnsServer } from './dns-server.ts'
import type { DnsRecords, DnsServer } from './dns-server.ts'
import type { Listener, Scope } from './listen.ts'
import { seeRequest, startHangingHost, startPlainHost, startResettingHost, startTlsHost } from './tls-host.ts'
import type { SeenRequest } from './tls-host.ts'

/** An HTTPS host with its own certificate, or with one for these names from the tests' authority. */
export interface HttpsHost {
  readonly handler: RequestListener
  readonly certificate: readonly string[] | Certificate
  readonly minVersion?: SecureVersion
  readonly maxVersion?: SecureVersion
}

/** A host that speaks HTTP without TLS. */
export interface HttpHost {
  readonly http: RequestListener
}

/** A host that fails. */
export type FailingHost =
  /** Accepts connections and sends nothing. */
  'hanging' |
  /** Accepts connections and resets them at the first byte. */
  'resetting' |
  /** HTTP without TLS. */
  'plain' |
  /** Never accepts connections, like a firewall that drops packets. */
  'dropping' |
  /** There is no route: ENETUNREACH. */
  'unroutable'

type Unreachable = Extract<FailingHost, 'dropping' | 'unroutable'>

/**
 * By address and port, such as `127.0.0.2:443` or `[2001:db8::2]:8448`, or only by address, for all its other ports.
 * Nothing connects to these addresses, so they need not exist. All others refuse connections.
 */
export type Hosts = Readonly<Record<string, HttpsHost | HttpHost | FailingHost>>

export interface World {
  readonly dns: DnsServer
  /** The root certificate to trust, in PEM, and the file that contains it. */
  readonly ca: string
  readonly caFile: string
  /** Connects to the local replacement of this address and port. */
  connect (address: string, port: number): Socket
  /** All requests in the order of their arrival; `to` is the key of their host in `hosts`. */
  readonly requests: readonly (SeenRequest & { readonly to: string })[]
}

interface WorldOptions {
  readonly records: DnsRecords
  readonly hosts: Hosts
}

/** Starts a DNS server and, on free local ports, replacements of these hosts. Everything stops after the test. */
export async function startWorld (t: Scope, { records, hosts }: WorldOptions): Promise<World> {
  const authority = sharedAuthority()
  const requests: World['requests'][number][] = []
  const listeners = new Map<string, Listener | Unreachable>()
  await Promise.all(Object.entries(hosts).map(async ([to, host]) => {
    if (isIP(addressIn(to)) === 0) throw new Error(`"${to}" has no IP address`)
    const see = (request: SeenRequest): unknown => requests.push({ to, ...request })
    listeners.set(normalize(to), await startHost(t, loopbackFor(addressIn(to)), host, see))
  }))
  return {
    dns: await startDnsServer(t, records),
    ca: authority.certificate,
    caFile: authority.file,
    requests,
    connect (address, port) {
      if (isIP(address) === 0) throw new Error(`"${address}" is not an IP address`)
      const host = normalize(address)
      const listener = listeners.get(`${host}:${port}`) ?? listeners.get(host)
      switch (listener) {
        // The lookup never calls back, so the connection stays pending.
        case 'dropping': return connectTcp({ host: 'dropping.invalid', port, lookup: () => {} })
        // The kernel reports this for any broadcast or multicast address, without sending anything.
        case 'unroutable': return connectTcp(port, isIPv6(address) ? 'ff02::1' : '127.255.255.255')
        // Port 1 (tcpmux) is never in use.
        case undefined: return connectTcp(1, loopbackFor(address))
        default: return connectTcp(listener.port, listener.address)
      }
    }
  }
}

async function startHost (
  t: Scope, address: string, host: Hosts[string], see: (request: SeenRequest) => void
): Promise<Listener | Unreachable> {
  switch (host) {
    case 'dropping':
    case 'unroutable': return host
    case 'hanging': return await startHangingHost(t, address)
    case 'resetting': return await startResettingHost(t, address)
    case 'plain': return await startPlainHost(t, address, text('plain'))
  }
  if ('http' in host) return await startPlainHost(t, address, host.http)
  const { certificate, handler, ...versions } = host
  return await startTlsHost(t, {
    ...versions,
    ...'key' in certificate ? certificate : sharedAuthority().issue({ names: certificate }),
    address,
    handler: (request, response) => {
      see(seeRequest(request))
      handler(request, response)
    }
  })
}

/** The canonical form of an address, with or without a port. */
function normalize (key: string): string {
  return new URL(`tcp://${isIPv6(key) ? `[${key}]` : key}`).host
}

function addressIn (key: string): string {
  return new URL(`tcp://${isIPv6(key) ? `[${key}]` : key}`).hostname.replace(/^\[|\]$/g, '')
}

/** The local replacement of an address: in the same family; addresses in 127.0.0.0/8 stay as they are. */
function loopbackFor (address: string): string {
  if (isIPv6(address)) return '::1'
  return address.startsWith('127.') ? address : '127.0.0.1'
}
