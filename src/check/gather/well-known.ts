import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { isJsonObject } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { withoutBrackets } from '../../matrix/server-name.ts'
import { parseHttpUrl } from '../../matrix/url.ts'
import { documentKind, documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import { decodeAsBrowser, parseJsonText } from '../network/body-text.ts'
import { decodeBody } from '../network/content-encoding.ts'
import { readJsonObject } from '../network/json-body.ts'
import type { Reading } from '../network/json-body.ts'
import type { Network } from '../network/network.ts'
import type { Exchange, Peer } from '../network/peer.ts'
import { redirectOf } from '../network/response-headers.ts'
import { preflightHeaders, requestHeaders } from './user-agents.ts'
import type { UserAgent } from './user-agents.ts'

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

/** All requests for a document at one address; only `fetch` if that got no response. */
export interface Inspection {
  /** As the document's main readers ask: servers or browsers. */
  readonly fetch: Fetch
  /** The same request with the other User-Agent. */
  readonly asOther: Exchange | undefined
  readonly preflight: Exchange | undefined
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

/** How many addresses of a redirect's target are tried. */
const maxTriedAddresses = 3

/** Asks one address for one document. The fetch is available before the rest of the inspection. */
export function inspectDocument (
  network: Network,
  at: WellKnownHost,
  name: DocumentName
): { fetch: Promise<Fetch>, inspection: Promise<Inspection> } {
  const peer = openHttpsPeer(network, at)
  const [first, other] = documentKind(name).readBy === 'servers'
    ? ['server', 'browser'] as const
    : ['browser', 'server'] as const
  const fetch = fetchPath(network, peer, at, documentPath(name), first)
  return { fetch, inspection: completeInspection(peer, fetch, other) }
}

async function completeInspection (peer: Peer, fetching: Promise<Fetch>, other: UserAgent): Promise<Inspection> {
  const fetch = await fetching
  if (fetch.hops[0].response === undefined) return { fetch, asOther: undefined, preflight: undefined }
  const [asOther, preflight] = await Promise.all([
    peer.send({ method: 'GET', target: fetch.path, headers: requestHeaders(other) }),
    peer.send({ method: 'OPTIONS', target: fetch.path, headers: preflightHeaders() })
  ])
  return { fetch, asOther, preflight }
}

/** Asks one address for a path, as browsers do. */
export async function fetchFrom (network: Network, at: WellKnownHost, path: string): Promise<Fetch> {
  return await fetchPath(network, openHttpsPeer(network, at), at, path, 'browser')
}

function openHttpsPeer (network: Network, { host, address }: WellKnownHost): Peer {
  return network.openPeer({ scheme: 'https', address, port: 443, tlsName: withoutBrackets(host), host })
}

async function fetchPath (
  network: Network,
  peer: Peer,
  at: WellKnownHost,
  path: string,
  userAgent: UserAgent
): Promise<Fetch> {
  const headers = requestHeaders(userAgent)
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
  headers: Record<string, string>
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

/** The content of a response, also if only lenient clients read it. */
export function readLeniently (fetch: Fetch | undefined): JsonObject | undefined {
  const response = fetch?.hops.at(-1)?.response
  const body = response === undefined || response.status >= 400 ? undefined : decodeBody(response)
  const content = parseJsonText(body === undefined ? undefined : decodeAsBrowser(body))
  return isJsonObject(content) ? content : undefined
}
