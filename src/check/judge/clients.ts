import { hasHomeserver, isSecure } from '../gather/client.ts'
import { isDeepStrictEqual } from 'node:util'
import { rtcFociKey } from '../../matrix/client-keys.ts'
import { documentPath } from '../../site/documents.ts'
import { isJsonObject, property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { quote } from '../../matrix/printable.ts'
import { parseBaseUrl } from '../../matrix/url.ts'
import { isTrusted } from '../network/certificate.ts'
import { baseUrlOf, identityPath, isUnknownEndpoint, readVersions, transportsPath, versionsPath } from '../gather/client.ts'
import type { ClientAddress, ClientFacts } from '../gather/client.ts'
import { describeConnectionFailure, judgeConnection } from './reachability.ts'
import { judgeAnswer, judgePreflight } from './cors.ts'
import type { Finding } from './finding.ts'
import { buildFinding } from './legacy.ts'
import type { LegacyId } from './legacy.ts'
import { readJsonObject } from '../network/json-body.ts'
import { judgeLookup } from './lookups.ts'
import type { Exchange } from '../network/peer.ts'
import type { Fetch } from '../gather/well-known.ts'

/**
 * What a client does in the end: log in at the homeserver that it found, ask the user for its address as if there were no
 * document, ask after telling of a fault, or stop with an error.
 *
 * @see https://spec.matrix.org/latest/client-server-api/#well-known-uris
 */
export type ClientVerdict = 'SUCCESS' | 'IGNORE' | 'FAIL_PROMPT' | 'FAIL_ERROR'

/** @param fetch where the document was had; undefined where no address answered. */
export function reachVerdict (fetch: Fetch | undefined, facts: ClientFacts | undefined): ClientVerdict {
  const response = fetch?.hops.at(-1)?.response
  const trusted = fetch?.hops.every(({ tls }) => tls !== undefined && isTrusted(tls)) === true
  if (fetch === undefined || !trusted || fetch.redirectFault !== undefined) return 'FAIL_PROMPT'
  if (response?.status === 404) return 'IGNORE'
  const content = fetch.reading?.content
  if (content === undefined) return 'FAIL_PROMPT'
  if (!hasBaseUrl(content['m.homeserver'])) return 'FAIL_PROMPT'
  // Clients take null for nothing.
  const identityServer = content['m.identity_server'] ?? undefined
  if (identityServer !== undefined && !hasBaseUrl(identityServer)) return 'FAIL_PROMPT'
  if (facts === undefined || !hasHomeserver(facts)) return 'FAIL_ERROR'
  if (identityServer !== undefined && !answers(facts.identityServer?.exchange)) return 'FAIL_ERROR'
  return 'SUCCESS'
}

function hasBaseUrl (value: unknown): boolean {
  return isJsonObject(value) && value['base_url'] !== undefined
}

function answers (exchange: Exchange | undefined): boolean {
  return exchange?.response?.status === 200 && isSecure(exchange)
}

const area = 'clients'

/** What is wrong with what a client finds once it has read the document. */
export function judgeClient (content: JsonObject, facts: ClientFacts | undefined, now: Date): Finding[] {
  if (facts === undefined) return []
  const { homeserver, ownDocument } = facts
  return [
    // What else is wrong at http:// does not matter.
    ...isHttp(homeserver.url) ? [] : judgeHomeserver(content, facts, now),
    ...judgeIdentityServer(facts, now),
    ...judgeDrift(content, ownDocument)
  ]
}

function judgeHomeserver (content: JsonObject, facts: ClientFacts, now: Date): Finding[] {
  const { homeserver: { lookup, addresses, host, port, url } } = facts
  return [
    ...judgeLookup(lookup, { area }, url),
    ...judgeReach(facts),
    ...addresses.flatMap(address => judgeAddress(host, port, address, now)),
    ...hasHomeserver(facts) ? judgeTransports(content, addresses) : []
  ]
}

function isHttp (url: string): boolean {
  return parseBaseUrl(url).scheme === 'http'
}

function judgeReach ({ homeserver: { addresses, host, port, url } }: ClientFacts): Finding[] {
  if (addresses.length === 0 || addresses.some(({ versions }) => versions.response !== undefined)) return []
  return [buildFinding('client.unreachable', {
    area,
    subject: `${host}:${port}`,
    what: `The base_url of the homeserver is ${url}, and nothing answers there.`,
    change: `Have the homeserver, or the proxy before it, listen on port ${port} of ${host}, or correct the base_url.`,
    evidence: { addresses: addresses.map(({ address, versions }) => ({ address, failure: versions.failure?.kind })) }
  })]
}

const modern = /^v1\.([1-9]|1[0-3])$/

function judgeAddress (host: string, port: number, { address, versions, preflight }: ClientAddress, now: Date): Finding[] {
  const subject = `${host}:${port} at ${address}`
  const findings = judgeConnection(versions, { area, about: { host, port, address } }, now)
  const { response } = versions
  if (response === undefined) return findings
  const read = readVersions(versions)
  if (read === undefined) {
    findings.push(buildFinding('client.versions', {
      area,
      subject,
      what: `${versionsPath} is answered with status ${response.status}${response.status === 200 ? ', and without a list of versions' : ''}.`,
      change: 'Pass /_matrix on to the homeserver, or correct the base_url: it is the address without /_matrix.',
      evidence: { url: versions.url, status: response.status, begins: response.body.subarray(0, 200).toString() }
    }))
    return findings
  }
  if (!read.some(version => modern.test(version))) {
    findings.push(buildFinding('client.versions-old', { area, subject, what: `The homeserver speaks ${read.join(', ') || 'no version at all'}.`, change: 'Update the homeserver.', evidence: { versions: read } }))
  }
  findings.push(...judgeAnswer(response, true, area, `${subject}, ${versionsPath}`))
  findings.push(...judgePreflight(preflight, { area, subject: `${subject}, ${versionsPath}`, change: 'Pass OPTIONS on to the homeserver, which answers it.' }))
  return findings
}

/** Calls: what older clients read in the document, and where newer ones ask. It wants an access token, so 401 is fine. */
function judgeTransports (content: JsonObject, addresses: readonly ClientAddress[]): Finding[] {
  const response = addresses.find(({ transports }) => transports?.response !== undefined)?.transports?.response
  if (response === undefined) return []
  const subject = transportsPath
  if (isUnknownEndpoint(response)) {
    return [buildFinding('client.rtc-transports', { area, subject, what: `${rtcFociKey} is in /client, but ${transportsPath} is answered with status ${response.status}.`, change: 'Set up the transports in the homeserver too (matrix_rtc in Synapse).', evidence: { status: response.status } })]
  }
  const there = response.status === 200 ? urlsOf(readJsonObject(response.body).content?.['rtc_transports']) : undefined
  const here = urlsOf(content[rtcFociKey])
  // What is no list is judged as a part of the document, or tells nothing.
  if (there === undefined || here === undefined || isDeepStrictEqual(there, here)) return []
  return [buildFinding('client.rtc-differs', { area, subject, what: `/client names ${here.join(', ')}, the homeserver ${there.join(', ') || 'none'}.`, change: 'Make both the same.', evidence: { client: here, transports: there } })]
}

function urlsOf (transports: unknown): string[] | undefined {
  if (!Array.isArray(transports)) return undefined
  return transports.map(entry => property(entry, 'livekit_service_url')).filter(url => typeof url === 'string').toSorted()
}

function judgeIdentityServer ({ homeserver, identityServer }: ClientFacts, now: Date): Finding[] {
  if (identityServer === undefined) return []
  const { url, host, port, lookup, exchange } = identityServer
  // What is wrong with the host of both is told of the homeserver.
  const shared = host === homeserver.host && port === homeserver.port
  const findings = shared ? [] : judgeLookup(lookup, { area })
  if (exchange === undefined || answers(exchange) || isHttp(url)) return findings
  const { tls, response } = exchange
  if (response !== undefined && tls !== undefined && !isTrusted(tls)) return shared ? findings : [...findings, ...judgeConnection(exchange, { area, about: { host, port, address: exchange.address } }, now)]
  if (response === undefined && shared && homeserver.addresses.every(({ versions }) => versions.response === undefined)) return findings
  const outcome = response === undefined ? `not answered. ${exchange.failure === undefined ? '' : describeConnectionFailure(exchange.failure)}` : `answered with status ${response.status}.`
  return [...findings, buildFinding('client.identity-server', { area, subject: url, what: `${identityPath} at ${url} is ${outcome}`, change: 'Correct the base_url of m.identity_server, or leave the key out.', evidence: { status: response?.status, failure: exchange.failure } })]
}

function judgeDrift (content: JsonObject, own: Fetch | undefined): Finding[] {
  const other = own?.reading?.content
  if (own === undefined || other === undefined || !hasBaseUrl(other['m.homeserver'])) return []
  const keys = [...new Set([...Object.keys(content), ...Object.keys(other)])].filter(key => !isSame(key, content, other))
  if (keys.length === 0) return []
  const describe = (key: string): string => {
    if (property(content, key) === undefined) return `${quote(key)} only there`
    return property(other, key) === undefined ? `${quote(key)} only here` : `${quote(key)} different`
  }
  return [buildFinding('client.drift', {
    area,
    // Whoever logs in by the server name misses nothing.
    severity: keys.every(key => other[key] === undefined) ? 'notice' : 'warning',
    subject: '/.well-known/matrix/client',
    what: `${own.host} serves another /client: ${keys.map(describe).join(', ')}.`,
    change: 'Make both the same, or take the other one away.',
    evidence: { keys, here: content, there: other }
  })]
}

/** A trailing slash on a base URL may or may not be there (spec §3.2). */
function isSame (key: string, here: JsonObject, there: JsonObject): boolean {
  if (key === 'm.homeserver' || key === 'm.identity_server') {
    const [left, right] = [baseUrlOf(here, key), baseUrlOf(there, key)]
    if (left !== undefined && right !== undefined) return normalize(left) === normalize(right)
  }
  return isDeepStrictEqual(here[key], there[key])
}

function normalize (url: string): string {
  return new URL(parseBaseUrl(url).href).href
}

/** What is odd about the base URLs: what nobody may use, and what may be the cause where there is no homeserver. */
export function judgeBaseUrls (content: JsonObject, facts: ClientFacts | undefined, apex: string, federationHost: string | undefined): Finding[] {
  const found: Finding[] = []
  const about = (id: LegacyId, what: string, change: string, url: string): unknown => found.push(buildFinding(id, { area, subject: documentPath('client'), what, change, evidence: { base_url: url } }))
  for (const key of ['m.homeserver', 'm.identity_server'] as const) {
    const url = baseUrlOf(content, key)
    if (url !== undefined && isHttp(url)) about('client.base-url-http', `The base_url of ${key} is ${url}.`, 'Write https://, and have the server speak TLS.', url)
  }
  if (facts === undefined || hasHomeserver(facts)) return found
  const { url } = facts.homeserver
  const { host: { host }, path } = parseBaseUrl(url)
  if (path !== '') about('client.base-url-path', `The base_url is ${url}.`, 'Leave the path out, unless the homeserver really is below it.', url)
  if (host.toLowerCase() === apex.toLowerCase() && federationHost !== undefined && federationHost.toLowerCase() !== apex.toLowerCase()) {
    about('client.base-url-apex', `The base_url is ${url}, while other servers go to ${federationHost}.`, `Write https://${federationHost}, if clients go there too.`, url)
  }
  return found
}
