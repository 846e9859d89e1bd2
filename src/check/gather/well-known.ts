import { documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { withoutBrackets } from '../../matrix/server-name.ts'
import { parseHttpUrl } from '../../matrix/url.ts'
import { readJsonObject } from '../network/json-body.ts'
import type { Reading } from '../network/json-body.ts'
import type { Network } from '../network/network.ts'
import type { Exchange, Peer } from '../network/peer.ts'
import { headersOf, preflightHeaders } from './user-agents.ts'
import type { Reader } from './user-agents.ts'
import { redirectOf } from '../network/response-headers.ts'

/** Why redirects led nowhere: in a circle, to http, too far, to something that is no URL, or to a host without an address. */
export type RedirectFault = 'loop' | 'downgrade' | 'limit' | 'location' | 'address'

/** What came of asking one address for a path, redirects included. */
export interface Fetch {
  readonly host: string
  readonly path: string
  /** The address that was asked first. */
  readonly address: string
  /** One exchange for each hop; the last is where it ended. */
  readonly hops: readonly [Exchange, ...Exchange[]]
  readonly redirectFault: RedirectFault | undefined
  /** What the last hop sent, where that is 200 and all of it came. */
  readonly reading: Reading | undefined
}

/** A document at one address, asked for in every way that tells something; undefined where the first got no answer. */
export interface Inspection {
  readonly fetch: Fetch
  /** The same, asked for as the other kind of reader. */
  readonly asOther: Exchange | undefined
  readonly preflight: Exchange | undefined
}

/** Where well-known documents are asked for: one address of a host, on port 443. */
export interface WellKnownHost {
  /** As in a URL: an IPv6 address has brackets. */
  readonly host: string
  readonly address: string
}

/** As many as gomatrixserverlib follows (spec §7). */
const greatestRedirects = 10

/** Who reads a document in the first place. */
export function readerOf (name: DocumentName): Reader {
  return name === 'server' || name === 'policy_server' ? 'server' : 'browser'
}

/** Asks one address for one document; what only the other questions tell comes later. */
export function inspectDocument (network: Network, at: WellKnownHost, name: DocumentName): { fetch: Promise<Fetch>, inspection: Promise<Inspection> } {
  const peer = openPeer(network, at)
  const fetch = fetchPath(network, peer, at, documentPath(name), readerOf(name))
  return { fetch, inspection: inspect(peer, fetch, readerOf(name)) }
}

async function inspect (peer: Peer, fetching: Promise<Fetch>, reader: Reader): Promise<Inspection> {
  const fetch = await fetching
  if (fetch.hops[0].response === undefined) return { fetch, asOther: undefined, preflight: undefined }
  const [asOther, preflight] = await Promise.all([
    peer.send({ method: 'GET', target: fetch.path, headers: headersOf(reader === 'server' ? 'browser' : 'server') }),
    peer.send({ method: 'OPTIONS', target: fetch.path, headers: preflightHeaders() })
  ])
  return { fetch, asOther, preflight }
}

/** Asks one address for a path, as browsers do. */
export async function fetchFrom (network: Network, at: WellKnownHost, path: string): Promise<Fetch> {
  return await fetchPath(network, openPeer(network, at), at, path, 'browser')
}

function openPeer (network: Network, { host, address }: WellKnownHost): Peer {
  return network.openPeer({ scheme: 'https', address, port: 443, tlsName: withoutBrackets(host), host })
}

async function fetchPath (network: Network, peer: Peer, { host, address }: WellKnownHost, path: string, reader: Reader): Promise<Fetch> {
  const headers = headersOf(reader)
  const hops: [Exchange, ...Exchange[]] = [await peer.send({ method: 'GET', target: path, headers })]
  const seen = new Set<string>()
  const end = (redirectFault?: RedirectFault): Fetch => ({ host, path, address, hops, redirectFault, reading: redirectFault === undefined ? read(hops.at(-1) as Exchange) : undefined })
  while (true) {
    const last = hops.at(-1) as Exchange
    seen.add(last.url)
    const location = redirectOf(last.response)
    if (location === undefined) return end()
    if (!URL.canParse(location, last.url)) return end('location')
    const next = new URL(location, last.url)
    next.hash = ''
    if (next.protocol === 'http:') return end('downgrade')
    if (findInvalidValue(parseHttpUrl, next.href) !== undefined) return end('location')
    if (seen.has(next.href)) return end('loop')
    if (hops.length > greatestRedirects) return end('limit')
    const exchange = await follow(network, next, { host, address }, headers)
    if (exchange === undefined) return end('address')
    hops.push(exchange)
  }
}

/** Asks the addresses of a redirect's target, one after the other, until one answers; on the same host the same address. */
async function follow (network: Network, url: URL, from: WellKnownHost, headers: Record<string, string>): Promise<Exchange | undefined> {
  const port = url.port === '' ? 443 : Number(url.port)
  const addresses = url.hostname === from.host && port === 443 ? [from.address] : (await network.lookup(url.hostname, port)).addresses
  let exchange: Exchange | undefined
  for (const address of addresses.slice(0, 3)) {
    const peer = network.openPeer({ scheme: 'https', address, port, tlsName: withoutBrackets(url.hostname), host: url.host })
    exchange = await peer.send({ method: 'GET', target: `${url.pathname}${url.search}`, headers })
    if (exchange.response !== undefined) break
  }
  return exchange
}

function read ({ response, failure }: Exchange): Reading | undefined {
  return response?.status === 200 && failure === undefined && !response.truncated ? readJsonObject(response.body) : undefined
}
