import { isIPv4 } from 'node:net'

/** What an operator means a server name to publish. What is not here is not published: that document is a 404. */
export interface Meaning {
  /** `m.server` */
  readonly server?: string
  /** `m.homeserver.base_url`, as typed */
  readonly baseUrl?: string
  /** `m.identity_server.base_url`, as typed */
  readonly identityServer?: string
  /** The other keys of `/client`. */
  readonly keys?: Readonly<Record<string, unknown>>
  readonly supportPage?: string
  readonly contacts?: ReadonlyArray<Readonly<Record<string, unknown>>>
  /** `public_keys.ed25519`, in the standard alphabet of base64 */
  readonly policyKey?: string
}

/** A host as typed, an IPv6 address in brackets, and the port if there is one. */
export interface Authority {
  readonly host: string
  readonly port: number | undefined
}

export function parseAuthority (text: string): Authority {
  const [, host = text, port] = /^(.*?)(?::(\d+))?$/.exec(text) ?? []
  return { host, port: port === undefined ? undefined : Number(port) }
}

export function isAddress (host: string): boolean {
  return host.startsWith('[') || isIPv4(host)
}

/** A URL in parts; the host is left as typed, so that nothing turns `127.1` into another address. */
export interface BaseUrl extends Authority {
  readonly scheme: string
  readonly path: string
}

const parts = /^([a-z]+):\/\/([^/?#]*)(.*)$/is
const defaultPorts = new Map([['http', 80], ['https', 443]])

/** @throws {Error} if it isn't a URL with a host. */
export function parseBaseUrl (text: string): BaseUrl {
  const [, scheme, authority, path] = parts.exec(text) ?? []
  if (scheme === undefined || authority === undefined || path === undefined) throw new Error(`not a base URL: ${text}`)
  return { scheme: scheme.toLowerCase(), path, ...parseAuthority(authority) }
}

/** One spelling for URLs that mean the same: slashes at the end of a base URL may or may not be there. */
export function normalizeBaseUrl (text: string): string {
  const { scheme, host, port, path } = parseBaseUrl(text)
  const shown = port === undefined || port === defaultPorts.get(scheme) ? '' : `:${port}`
  // Readers percent-encode what has to be, and shorten IPv6 addresses.
  const encoded = new URL(`https://example.com${path}`).pathname
  return `${scheme}://${normalizeHost(host)}${shown}${encoded.replace(/\/+$/, '')}`
}

function normalizeHost (host: string): string {
  const url = `https://${host}`
  return host.startsWith('[') && URL.canParse(url) ? new URL(url).hostname : host.toLowerCase()
}

/** The same for URLs that are not the base of others: only their scheme can be spelled differently. */
export function normalizeUrl (text: string): string {
  return text.replace(/^[a-z]+:/i, scheme => scheme.toLowerCase())
}

/** The host and port of a URL, with the default port filled in. */
export function hostAndPort (url: string): { scheme: string, host: string, port: number } {
  const { scheme, host, port } = parseBaseUrl(url)
  return { scheme, host, port: port ?? defaultPorts.get(scheme) ?? NaN }
}
