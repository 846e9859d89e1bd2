import { withoutBrackets } from '../../matrix/server-name.ts'
import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { parseBaseUrl } from '../../matrix/url.ts'
import type { Lookup } from '../network/dns.ts'
import type { Network } from '../network/network.ts'
import type { Exchange, Request } from '../network/peer.ts'
import { preflightHeaders, requestHeaders } from '../network/user-agents.ts'

/** A base URL, taken apart, and the addresses of its host. */
export interface BaseUrl {
  readonly url: string
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
  /** Without slashes at its end. */
  readonly path: string
  readonly lookup: Lookup
}

/** Looks up the host of a base URL: a valid one, or one that URL parsers accept. */
export async function lookUpBaseUrl (network: Network, url: string): Promise<BaseUrl> {
  const { scheme, host, port, path } = takeApart(url)
  const number = port ?? (scheme === 'https' ? 443 : 80)
  return { url, scheme, host, port: number, path, lookup: await network.lookup(withoutBrackets(host), number) }
}

/** The parts of a valid URL as they are written, or else as URL parsers read them. */
function takeApart (url: string): Pick<BaseUrl, 'scheme' | 'host' | 'path'> & { port: number | undefined } {
  if (findInvalidValue(parseBaseUrl, url) === undefined) {
    const { scheme, host: { host, port }, path } = parseBaseUrl(url)
    return { scheme, host, port, path }
  }
  const { protocol, hostname: host, port, pathname } = new URL(url)
  const scheme = protocol === 'https:' ? 'https' : 'http'
  return { scheme, host, port: port === '' ? undefined : Number(port), path: pathname.replace(/\/$/, '') }
}

/** Sends a request for a path below a base URL, as a browser does. */
export type SendToBaseUrl = (method: Request['method'], path: string) => Promise<Exchange>

/** Asks one address of a base URL over a connection of its own. */
export async function sendToBaseUrl (
  network: Network,
  baseUrl: BaseUrl,
  address: string,
  method: Request['method'],
  path: string
): Promise<Exchange> {
  return await connectToBaseUrl(network, baseUrl, address)(method, path)
}

/** Asks one address of a base URL over one connection, so that a request waits for the one before. */
export function connectToBaseUrl (
  network: Network,
  { scheme, host, port, path: base }: BaseUrl,
  address: string
): SendToBaseUrl {
  const hostHeader = port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`
  const peer = network.openPeer({ scheme, address, port, tlsName: withoutBrackets(host), host: hostHeader })
  return async (method, path) => {
    const headers = method === 'OPTIONS' ? preflightHeaders() : requestHeaders('browser')
    return await peer.send({ method, target: `${base}${path}`, headers })
  }
}
