import type { RequestListener } from 'node:http'
import { domainToASCII } from 'node:url'
import { respondWith, preflight } from '../../support/responses.ts'
import type { DnsRecords } from '../../support/dns-server.ts'
import { buildHomeserver } from '../../support/homeserver.ts'
import { arrivalHeaders } from '../world/homeserver.ts'
import type { Published } from './published.ts'

/** A server name of its own, what it publishes, and where its homeserver is. */
export interface NameWorld {
  readonly title: string
  readonly serverName: string
  readonly document: 'client' | 'server'
  readonly published: Published
  readonly handle: RequestListener
  /** All hosts that exist in it: names, and addresses as in a URL. */
  readonly hosts: readonly string[]
  readonly records: DnsRecords
}

export interface NameWorldOptions {
  /** Makes its server name and addresses unique. */
  readonly index: number
  readonly document: NameWorld['document']
  readonly published: Published
  /** Where the homeserver is: where readers go that follow the document, where they go without it, or everywhere. */
  readonly homeserverAt: 'delegated name' | 'server name' | 'both'
}

export function makeNameWorld ({ index, document, published: general, homeserverAt }: NameWorldOptions): NameWorld {
  const serverName = `w${index}.example.com`
  const v4 = `45.0.${1 + (index >> 8)}.${index & 255}`
  const v6 = `2a00:45::${(index + 1).toString(16)}`
  const rename = (text: string): string => text.replaceAll('example.com', serverName)
    .replaceAll('192.0.2.1', v4).replaceAll('2001:db8::1', v6)
  const published: Published = mapStrings(general, rename)
  const homeserver = makeHomeserver(serverName, published)
  const documentPath = `/.well-known/matrix/${document}`
  const respond = responseOf(published)
  const absent = respondWith('{}', { status: 404 })
  return {
    title: homeserverAt === 'both' ? general.title : `${general.title}; homeserver at the ${homeserverAt}`,
    serverName,
    document,
    published,
    hosts: [...hostsIn(JSON.stringify(published), serverName), v4, `[${v6}]`],
    records: published.records ?? {},
    handle (request, response) {
      const { url = '', headers: { host = '' } } = request
      const isServerName = host.replace(/:\d+$/, '').toLowerCase() === serverName
      const isFallback = isServerName && request.headers[arrivalHeaders.port] === '8448'
      const [, hops] = /^\/hop\/(\d+)/.exec(url) ?? []
      if (hops !== undefined) return hop(published, Number(hops))(request, response)
      if (isServerName && url === documentPath && request.method !== 'OPTIONS') return respond(request, response)
      // matrix-rust-sdk would look for a homeserver at the server name, but only the document is read here.
      const isOwn = document === 'client' && isServerName
      const isThere = homeserverAt === 'both' ? !isOwn : isFallback === (homeserverAt === 'server name')
      if (!isThere) return absent(request, response)
      request.url = url.replace(/^\/path(?:\/a)?(?=\/_matrix\/)/, '')
      homeserver(request, response)
    }
  }
}

function makeHomeserver (serverName: string, { versions }: Published): RequestListener {
  return buildHomeserver({
    serverName,
    routes: {
      // Synapse's reader looks for `reached`.
      'GET /_matrix/federation/v1/version': respondWith('{"server":{"name":"Test","version":"1.2.3"},"reached":{}}'),
      ...versions !== undefined && { 'GET /_matrix/client/versions': responseOf(versions) },
      'OPTIONS *': preflight()
    }
  })
}

/** The response at the end of further redirects. */
function hop ({ target = { body: '' } }: Published, further: number): RequestListener {
  if (further === 0) return responseOf(target)
  return respondWith('', { status: 302, headers: { Location: `/hop/${further - 1}` } })
}

function responseOf (published: Omit<Published, 'title'>): RequestListener {
  const { status = 200, headers, body, encode = Buffer.from, delay } = published
  const isWithoutBody = status === 204 || status === 304
  const respond = respondWith(encode(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...isWithoutBody && { 'Content-Length': undefined }, ...headers }
  })
  if (delay === undefined) return respond
  return (request, response) => { setTimeout(respond, delay, request, response) }
}

function hostsIn (text: string, serverName: string): Set<string> {
  const names = text.match(/[\p{L}\d_-][\p{L}\d_.-]*\.w\d+\.example\.com/giu) ?? []
  const found = names.map(name => domainToASCII(name)).filter(name => name !== '')
  return new Set([serverName, `matrix.${serverName}`, ...found])
}

/** Changes all strings in a value, keys included; functions stay as they are. */
function mapStrings<Value> (value: Value, change: (text: string) => string): Value
function mapStrings (value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map(each => mapStrings<unknown>(each, change))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, each]) => [change(key), mapStrings<unknown>(each, change)] as const)
  return Object.fromEntries(entries)
}
