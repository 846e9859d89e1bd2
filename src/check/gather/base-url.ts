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

/** Asks one address of a base URL for a path below it, as a browser does. */
export async function sendToBaseUrl (
  network: Network,
  { scheme, host, port, path: base }: BaseUrl,
  address: string,
  method: Request['method'],
  path: string
): Promise<Exchange> {
  const hostHeader = port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`
  const peer = network.openPeer({ scheme, address, port, tlsName: withoutBrackets(host), host: hostHeader })
  const headers = method === 'OPTIONS' ? preflightHeaders() : requestHeaders('browser')
  return await peer.send({ method, target: `${base}${path}`, headers })
}
