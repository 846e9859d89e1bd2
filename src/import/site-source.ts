import { isTrusted } from '../check/network/certificate.ts'
import { readCacheControl } from '../check/network/cache-control.ts'
import { decodeBody } from '../check/network/content-encoding.ts'
import type { Lookup } from '../check/network/dns.ts'
import { fetchPath, maxTriedAddresses, openHttpsPeer } from '../check/network/fetch.ts'
import type { Fetch } from '../check/network/fetch.ts'
import type { JsonFault } from '../check/network/json-body.ts'
import type { Network } from '../check/network/network.ts'
import { requestHeaders } from '../check/network/user-agents.ts'
import { settingsOf } from '../config/document-settings.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { parseServerName, withoutBrackets } from '../matrix/server-name.ts'
import { documentKind, documentNames, documentPath } from '../site/documents.ts'
import type { DocumentName } from '../site/documents.ts'
import type { Description } from './description.ts'
import type { Remark } from './draft.ts'
import { describePlace, readSourceDocument } from './source-document.ts'
import type { SourceReading } from './source-document.ts'

/** What a host responded with when it was asked for the documents. */
export interface HostResponses {
  readonly host: string
  readonly lookup: Lookup
  /** Empty if the host has no address. */
  readonly fetches: ReadonlyMap<DocumentName, Fetch>
  /** The documents that readers get, or would get without a small fault. */
  readonly contents: ReadonlyMap<DocumentName, JsonObject>
  /** Documents that were meant as such, but are no JSON object. */
  readonly broken: readonly DocumentName[]
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
  const leaveOut = (name: DocumentName, fault: string): Remark => (
    { kind: 'left-out', variable: settingsOf(name)[0], text: `${source}${documentPath(name)} ${fault}` }
  )
  return {
    hosts,
    isIncomplete: used.unknown.length > 0,
    description: {
      source: used.contents.size > 0 ? source : hosts.map(({ host }) => `https://${host}`).join(' and '),
      serverName,
      documents: used.contents,
      isPublished: true,
      describe: describePlace,
      withoutServer: `${source}${describeMissingServer(used)}`,
      cacheMaxAge: findMaxAge(used),
      remarks: [
        ...used.unknown.map(name => leaveOut(name, "couldn't be fetched")),
        ...used.broken.map(name => leaveOut(name, "isn't a JSON object"))
      ]
    }
  }
}

function describeMissingServer ({ unknown, fetches }: HostResponses): string {
  const path = documentPath('server')
  if (unknown.includes('server')) return `${path} couldn't be fetched. If there is one, set M_SERVER, and remove this.`
  const otherwise = 'Without it, other servers use SRV records or port 8448.'
  return fetches.get('server')?.hops.at(-1)?.response?.status === 200
    ? `${path} isn't a document. ${otherwise} If there should be one, set M_SERVER, and remove this.`
    : ` serves no ${path}. ${otherwise}`
}

async function askHost (network: Network, host: string): Promise<HostResponses> {
  const lookup = await network.lookup(withoutBrackets(host), 443)
  let fetches = new Map<DocumentName, Fetch>()
  for (const address of lookup.addresses.slice(0, maxTriedAddresses)) {
    fetches = await askAddress(network, host, address)
    if ([...fetches.values()].some(({ hops: [first] }) => first.response !== undefined)) break
  }
  const readings = [...fetches].map(([name, fetch]) =>
    ({ name, ...isUnknown(name, fetch) ? undefined : readResponse(fetch) }))
  const contents = new Map(readings.flatMap(({ name, content }) => content === undefined ? [] : [[name, content]]))
  const broken = readings.flatMap(({ name, content, fault }) =>
    content !== undefined || fault === undefined || notMeant.has(fault) ? [] : name)
  const unknown = documentNames.filter(name => {
    const fetch = fetches.get(name)
    return fetch === undefined || isUnknown(name, fetch)
  })
  return { host, lookup, fetches, contents, broken, unknown }
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

/** What a site sends for every path is not a document. */
const notMeant: ReadonlySet<JsonFault> = new Set(['html', 'empty'])

function readResponse ({ hops }: Fetch): SourceReading | undefined {
  const response = hops.at(-1)?.response
  return response?.status === 200 ? readSourceDocument(decodeBody(response) ?? response.body) : undefined
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
