import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { withoutBrackets } from '../../matrix/server-name.ts'
import { parseHttpUrl } from '../../matrix/url.ts'
import { decodeBody } from './content-encoding.ts'
import { readJsonObject } from './json-body.ts'
import type { Reading } from './json-body.ts'
import type { Network } from './network.ts'
import type { Exchange, Peer } from './peer.ts'
import { redirectOf } from './response-headers.ts'

/** Why redirects lead nowhere: a loop, too many hops, a Location that is not a URL, or a host without address. */
export type RedirectFault = 'loop' | 'limit' | 'location' | 'address'

/** A request for a path at one address, with the redirects that followed. */
export interface Fetch {
  readonly host: string
  readonly path: string
  /** The address that was asked first. */
  readonly address: string
  /** One exchange for each hop; the last one has the final response. */
  readonly hops: readonly [Exchange, ...Exchange[]]
  readonly redirectFault: RedirectFault | undefined
  /** The body of the last hop, if its status is 200 and it is complete. */
  readonly reading: Reading | undefined
}

/** A host that is asked for well-known documents, at one of its addresses, on port 443. */
export interface WellKnownHost {
  /** As in a URL: an IPv6 address has brackets. */
  readonly host: string
  readonly address: string
}

/** As many as Synapse and browsers follow; others follow fewer (docs/readers.md). */
export const maxRedirects = 20

const defaultPorts = { http: 80, https: 443 } as const

/** How many addresses of a host are tried one by one. */
export const maxTriedAddresses = 3

/** A connection to a host that serves well-known documents. */
export function openHttpsPeer (network: Network, { host, address }: WellKnownHost): Peer {
  return network.openPeer({ scheme: 'https', address, port: 443, tlsName: withoutBrackets(host), host })
}

/** Asks one address for a path, and follows redirects. */
export async function fetchPath (
  network: Network,
  peer: Peer,
  at: WellKnownHost,
  path: string,
  headers: Readonly<Record<string, string>>
): Promise<Fetch> {
  let last = await peer.send({ method: 'GET', target: path, headers })
  const hops: [Exchange, ...Exchange[]] = [last]
  const end = (redirectFault?: RedirectFault): Fetch => {
    return { ...at, path, hops, redirectFault, reading: redirectFault === undefined ? readBody(last) : undefined }
  }
  while (true) {
    const location = redirectOf(last.response)
    if (location === undefined) return end()
    if (!URL.canParse(location, last.url)) return end('location')
    const next = new URL(location, last.url)
    next.hash = ''
    if (findInvalidValue(parseHttpUrl, next.href) !== undefined) return end('location')
    if (hops.some(({ url }) => url === next.href)) return end('loop')
    if (hops.length > maxRedirects) return end('limit')
    const exchange = await followRedirect(network, next, at, headers)
    if (exchange === undefined) return end('address')
    hops.push(exchange)
    last = exchange
  }
}

/**
 * Asks the target of a redirect, at the address that redirected if it is the same host, or else at its addresses one by
 * one until one responds. Undefined if it has no address.
 */
async function followRedirect (
  network: Network,
  url: URL,
  from: WellKnownHost,
  headers: Readonly<Record<string, string>>
): Promise<Exchange | undefined> {
  // Libraries of servers also follow a redirect to http.
  const scheme = url.protocol === 'http:' ? 'http' : 'https'
  const port = url.port === '' ? defaultPorts[scheme] : Number(url.port)
  const isSameHost = url.hostname === from.host && scheme === 'https' && port === 443
  const addresses = isSameHost ? [from.address] : (await network.lookup(url.hostname, port)).addresses
  let exchange: Exchange | undefined
  for (const address of addresses.slice(0, maxTriedAddresses)) {
    const tlsName = withoutBrackets(url.hostname)
    const peer = network.openPeer({ scheme, address, port, tlsName, host: url.host })
    exchange = await peer.send({ method: 'GET', target: `${url.pathname}${url.search}`, headers })
    if (exchange.response !== undefined) break
  }
  return exchange
}

function readBody ({ response, failure }: Exchange): Reading | undefined {
  if (response?.status !== 200 || response.truncated || failure !== undefined) return undefined
  return readJsonObject(decodeBody(response) ?? response.body)
}
