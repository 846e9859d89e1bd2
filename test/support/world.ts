import type { RequestListener } from 'node:http'
import { connect as connectTcp, isIP, isIPv6 } from 'node:net'
import type { Socket } from 'node:net'
import type { SecureVersion } from 'node:tls'
import { text } from './answers.ts'
import { sharedAuthority } from './certificates.ts'
import type { Certificate } from './certificates.ts'
import { startDnsServer } from './dns-server.ts'
import type { DnsRecords, DnsServer } from './dns-server.ts'
import type { Listener, Scope } from './listen.ts'
import { seeRequest, startHangingHost, startPlainHost, startResettingHost, startTlsHost } from './tls-host.ts'
import type { SeenRequest } from './tls-host.ts'

/** A host that speaks HTTPS, with a certificate for these names from the authority of the tests, or with one of its own. */
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
  /** Takes a connection and says nothing. */
  'hanging' |
  /** Takes a connection and resets it at the first byte. */
  'resetting' |
  /** Speaks HTTP without TLS. */
  'plain' |
  /** Lets connections wait for ever, as a firewall that drops. */
  'dropping' |
  /** No route leads there: ENETUNREACH. */
  'unroutable'

/**
 * By address and port, `127.0.0.2:443` or `[2001:db8::2]:8448`; or by address alone, for all other ports of it. Addresses
 * need not be of this machine: none is ever connected to. Whatever is not here refuses connections.
 */
export type Hosts = Readonly<Record<string, HttpsHost | HttpHost | FailingHost>>

export interface World {
  readonly dns: DnsServer
  /** The root certificate to trust, in PEM, and the file that it is in. */
  readonly ca: string
  readonly caFile: string
  /** Connects to what stands for this address and port. */
  connect (address: string, port: number): Socket
  /** All requests in the order of their arrival, and the key in `hosts` of where they came in. */
  readonly requests: readonly (SeenRequest & { readonly to: string })[]
}

/** Starts a DNS server and hosts, at free ports of this machine, that stand for others. All is over with the test. */
export async function startWorld (t: Scope, { records, hosts }: { readonly records: DnsRecords, readonly hosts: Hosts }): Promise<World> {
  const authority = sharedAuthority()
  const requests: World['requests'][number][] = []
  const listeners = new Map<string, Listener | 'dropping' | 'unroutable'>()
  await Promise.all(Object.entries(hosts).map(async ([to, host]) => {
    if (isIP(addressIn(to)) === 0) throw new Error(`"${to}" has no IP address`)
    listeners.set(normalize(to), await startHost(t, loopbackFor(addressIn(to)), host, request => requests.push({ to, ...request })))
  }))
  return {
    dns: await startDnsServer(t, records),
    ca: authority.certificate,
    caFile: authority.file,
    requests,
    connect (address, port) {
      if (isIP(address) === 0) throw new Error(`"${address}" is no IP address`)
      const host = normalize(address)
      const listener = listeners.get(`${host}:${port}`) ?? listeners.get(host)
      switch (listener) {
        // The name that it is told to look up is neither found nor not found.
        case 'dropping': return connectTcp({ host: 'dropping.invalid', port, lookup: () => {} })
        // The kernel says so of any broadcast or multicast address, and sends nothing.
        case 'unroutable': return connectTcp(port, isIPv6(address) ? 'ff02::1' : '127.255.255.255')
        // Port 1 is that of a service (tcpmux) that nobody runs.
        case undefined: return connectTcp(1, loopbackFor(address))
        default: return connectTcp(listener.port, listener.address)
      }
    }
  }
}

async function startHost (t: Scope, address: string, host: Hosts[string], see: (request: SeenRequest) => void): Promise<Listener | 'dropping' | 'unroutable'> {
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

/** An address, with or without a port, as it is written best. */
function normalize (key: string): string {
  return new URL(`tcp://${isIPv6(key) ? `[${key}]` : key}`).host
}

function addressIn (key: string): string {
  return new URL(`tcp://${isIPv6(key) ? `[${key}]` : key}`).hostname.replace(/^\[|\]$/g, '')
}

/** The address of this machine that stands for another: of the same family, and of 127.0.0.0/8 each its own. */
function loopbackFor (address: string): string {
  if (isIPv6(address)) return '::1'
  return address.startsWith('127.') ? address : '127.0.0.1'
}
