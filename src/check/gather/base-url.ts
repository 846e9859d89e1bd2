import { withoutBrackets } from '../../matrix/server-name.ts'
import { parseBaseUrl } from '../../matrix/url.ts'
import type { Lookup } from '../network/dns.ts'
import type { Network } from '../network/network.ts'
import type { Exchange, Request } from '../network/peer.ts'
import { preflightHeaders, requestHeaders } from './user-agents.ts'

/** A base URL, taken apart, and the addresses of its host. */
export interface BaseUrl {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly lookup: Lookup
}

/** Looks up the host of a valid base URL. */
export async function lookUpBaseUrl (network: Network, url: string): Promise<BaseUrl> {
  const { host: { host, port: explicit }, scheme } = parseBaseUrl(url)
  const port = explicit ?? (scheme === 'https' ? 443 : 80)
  return { url, host, port, lookup: await network.lookup(withoutBrackets(host), port) }
}

/** Asks one address of a base URL, as a browser does. */
export async function sendToBaseUrl (
  network: Network,
  { url, host, port }: BaseUrl,
  address: string,
  method: Request['method'],
  path: string
): Promise<Exchange> {
  const { scheme, path: base } = parseBaseUrl(url)
  const hostHeader = port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`
  const peer = network.openPeer({ scheme, address, port, tlsName: withoutBrackets(host), host: hostHeader })
  const headers = method === 'OPTIONS' ? preflightHeaders() : requestHeaders('browser')
  return await peer.send({ method, target: `${base}${path}`, headers })
}
