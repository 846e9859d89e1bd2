import { isTrusted } from '../check/network/certificate.ts'
import { readCacheControl } from '../check/network/cache-control.ts'
import { decodeBody } from '../check/network/content-encoding.ts'
import type { Lookup } from '../check/network/dns.ts'
import { fetchPath, openHttpsPeer } from '../check/network/fetch.ts'
import type { Fetch } from '../check/network/fetch.ts'
import type { Network } from '../check/network/network.ts'
import { requestHeaders } from '../check/network/user-agents.ts'
import { settingsOf } from '../config/document-settings.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { parseServerName, withoutBrackets } from '../matrix/server-name.ts'
import { documentKind, documentNames, documentPath } from '../site/documents.ts'
import type { DocumentName } from '../site/documents.ts'
import type { Description } from './description.ts'
import { describePlace, readSourceDocument } from './source-document.ts'

/** What a host responded with when it was asked for the documents. */
export interface HostResponses {
  readonly host: string
  readonly lookup: Lookup
  /** Empty if the host has no address. */
  readonly fetches: ReadonlyMap<DocumentName, Fetch>
  /** The documents that readers get, or would get without a small fault. */
  readonly contents: ReadonlyMap<DocumentName, JsonObject>
  /** The documents of which it is not known whether there is one. */
  readonly unknown: readonly DocumentName[]
}

/** The documents of a site, from the last of the hosts that were asked. */
export interface SiteSource {
  readonly hosts: readonly HostResponses[]
  readonly description: Description
  /** Whether it is not known of some document whether there is one. */
  readonly isIncomplete: boolean
}

/** How many addresses of a host are tried. */
const maxTriedAddresses = 3

/** Fetches the documents of a server name; if its host has none, those of `matrix.` and that host. */
export async function fetchSiteSource (network: Network, serverName: string): Promise<SiteSource> {
  const { host, kind } = parseServerName(serverName)
  const first = await askHost(network, host.toLowerCase())
  if (first.contents.size > 0 || kind !== 'dns') return describeHosts([first], serverName)
  return describeHosts([first, await askHost(network, `matrix.${host.toLowerCase()}`)], serverName)
}

function describeHosts (hosts: readonly [HostResponses, ...HostResponses[]], serverName: string): SiteSource {
  const used = hosts.find(({ contents }) => contents.size > 0) ?? hosts[0]
  const source = `https://${used.host}`
  return {
    hosts,
    isIncomplete: used.unknown.length > 0,
    description: {
      source,
      serverName,
      documents: used.contents,
      isPublished: true,
      describe: describePlace,
      withoutServer: `${source}${describeMissingServer(used)}`,
      cacheMaxAge: findMaxAge(used),
      remarks: used.unknown.map(name => {
        const text = `${source}${documentPath(name)} could not be fetched`
        return { kind: 'left-out', variable: settingsOf(name)[0], text }
      })
    }
  }
}

function describeMissingServer ({ unknown, fetches }: HostResponses): string {
  const path = documentPath('server')
  if (unknown.includes('server')) return `${path} could not be fetched. If there is one, set M_SERVER, and remove this.`
  const otherwise = 'Without it, other servers use SRV records or port 8448.'
  return fetches.get('server')?.hops.at(-1)?.response?.status === 200
    ? `${path} is not a document. ${otherwise} If there should be one, set M_SERVER, and remove this.`
    : ` serves no ${path}. ${otherwise}`
}

async function askHost (network: Network, host: string): Promise<HostResponses> {
  const lookup = await network.lookup(withoutBrackets(host), 443)
  let fetches = new Map<DocumentName, Fetch>()
  for (const address of lookup.addresses.slice(0, maxTriedAddresses)) {
    fetches = await askAddress(network, host, address)
    if ([...fetches.values()].some(({ hops: [first] }) => first.response !== undefined)) break
  }
  const contents = new Map([...fetches].flatMap(([name, fetch]) => {
    const content = isUnknown(name, fetch) ? undefined : readContent(fetch)
    return content === undefined ? [] : [[name, content] as const]
  }))
  const unknown = documentNames.filter(name => {
    const fetch = fetches.get(name)
    return fetch === undefined || isUnknown(name, fetch)
  })
  return { host, lookup, fetches, contents, unknown }
}

async function askAddress (network: Network, host: string, address: string): Promise<Map<DocumentName, Fetch>> {
  const at = { host, address }
  const peer = openHttpsPeer(network, at)
  return new Map(await Promise.all(documentNames.map(async name => {
    const headers = requestHeaders(documentKind(name).readBy === 'servers' ? 'server' : 'browser')
    return [name, await fetchPath(network, peer, at, documentPath(name), headers)] as const
  })))
}

/** Whether no response can be relied on: it is missing or incomplete, an error, or anyone may have sent it. */
function isUnknown (name: DocumentName, { hops, redirectFault }: Fetch): boolean {
  const last = hops.at(-1)
  // Browsers don't follow redirects to http://, servers do.
  const isReliable = hops.every(({ url, tls }) => url.startsWith('http:')
    ? documentKind(name).readBy === 'servers'
    : tls !== undefined && isTrusted(tls))
  const status = Number(last?.response?.status)
  return Number.isNaN(status) || last?.failure !== undefined || last?.response?.truncated === true ||
    redirectFault !== undefined || !isReliable || status === 429 || status >= 500
}

function readContent ({ hops }: Fetch): JsonObject | undefined {
  const response = hops.at(-1)?.response
  if (response?.status !== 200) return undefined
  return readSourceDocument(decodeBody(response) ?? response.body).content
}

/** The `max-age` of the documents, if all that have one agree. */
function findMaxAge ({ fetches, contents }: HostResponses): number | undefined {
  const ages = new Set([...contents.keys()].flatMap(name => {
    const response = fetches.get(name)?.hops.at(-1)?.response
    const age = response && readCacheControl(response).get('max-age')
    return age === undefined || !/^\d{1,10}$/.test(age) ? [] : [Number(age)]
  }))
  const [age] = ages
  return ages.size === 1 ? age : undefined
}
