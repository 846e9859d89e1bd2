import { isDeepStrictEqual } from 'node:util'
import { isPackageStyle, obsoleteClientKeys, rtcFociKey } from '../../matrix/client-keys.ts'
import { findDocumentFaults } from '../../matrix/document-faults.ts'
import { synapseMaxSize, tuwunelMaxSize } from '../../site/document-size.ts'
import { documentSchemas } from '../../matrix/document-schemas.ts'
import { documentKind } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { quote } from '../../matrix/printable.ts'
import { formatSpan } from './time-span.ts'
import { readCacheSeconds, synapseCache, readSynapseCacheSeconds } from '../network/cache-control.ts'
import { judgeCors } from './cors.ts'
import type { Context, Finding } from './finding.ts'
import { buildFinding } from './legacy.ts'
import type { Details, LegacyAbout, LegacyId } from './legacy.ts'
import { readJsonObject } from '../network/json-body.ts'
import type { JsonFault, Reading } from '../network/json-body.ts'
import type { Exchange, Response } from '../network/peer.ts'
import { checkTheWay } from './incomplete.ts'
import { redirectOf, valuesOf } from '../network/response-headers.ts'
import type { Fetch, Inspection, RedirectFault } from '../gather/well-known.ts'

/** In milliseconds; Element Web waits for five seconds (spec §7). */
const slow = 3_000

/** What is wrong with how an address serves a document; that there is none is for others to judge. */
export function judgeDocument (name: DocumentName, inspection: Inspection, { area, needed }: Context, now: Date): Finding[] {
  const { fetch, asOther } = inspection
  const subject = fetch.path
  const about = (id: LegacyId, details: Omit<Details, 'area' | 'subject' | 'needed'>): Finding => buildFinding(id, { area, subject, needed, ...details })
  const last = fetch.hops.at(-1)
  const response = last?.response
  if (last === undefined || fetch.hops[0].response === undefined) return []
  const cors = judgeCors(name, inspection, area, subject)
  const answer = response === undefined || fetch.redirectFault !== undefined ? [] : judgeResponse(name, response, last, fetch, about, now)
  const userAgent = answer.some(({ id }) => id === 'document.bot-challenge') ? [] : judgeUserAgent(name, fetch.hops[0].response, asOther, about)
  return [
    ...cors.some(({ id }) => id === 'cors.redirect') ? [] : judgeRedirects(name, fetch, about),
    // Whoever is turned away for a User-Agent is not turned away for the path.
    ...userAgent.length > 0 ? answer.filter(({ id }) => id !== 'document.forbidden') : answer,
    ...userAgent,
    ...cors
  ]
}

const redirectFaults: Readonly<Record<RedirectFault, string>> = {
  loop: 'goes in a circle',
  downgrade: 'leads to http://, which nobody follows',
  limit: 'goes on for more than 10 hops',
  location: 'leads to something other than a plain https:// URL',
  address: 'leads to a host without an address'
}

/** As many as tuwunel follows (spec §7). */
const comfortableRedirects = 4

function * judgeRedirects (name: DocumentName, { hops, redirectFault, path }: Fetch, about: LegacyAbout): Generator<Finding> {
  const urls = hops.map(({ url }) => url)
  const end = hops.at(-1)
  const change = 'Serve the document at this path itself; leave it out of redirects to www or https.'
  if (redirectFault !== undefined) {
    const location = redirectOf(end?.response)
    yield about('document.redirect-broken', { what: `The redirect ${redirectFaults[redirectFault]}: ${quote(location)}.`, change, evidence: { hops: urls, location } })
  } else if (end?.response === undefined) {
    yield about('document.redirect-broken', { what: `The redirect leads to ${end?.url}, which does not answer.`, change, evidence: { hops: urls, ...end?.failure } })
  } else if (hops.length > 1 && end.response.status !== 404) {
    // Servers follow redirects; of clients, older ones do not.
    const severity = name === 'client' || hops.length - 1 > comfortableRedirects ? 'warning' : 'notice'
    yield about('document.redirect', { severity, what: `It is redirected to ${urls.slice(1).map(url => url.endsWith(path) ? new URL(url).origin : url).join(', then ')}.`, change, evidence: { hops: urls } })
  }
}

function judgeResponse (name: DocumentName, response: Response, { failure }: Pick<Exchange, 'failure'>, { hops, reading }: Fetch, about: LegacyAbout, now: Date): Finding[] {
  const evidence = describeResponse(response)
  if (isChallenge(response)) {
    return [about('document.bot-challenge', { what: 'A page asks whether the reader is a person.', change: 'Let /.well-known/matrix/ pass without a check for bots.', evidence })]
  }
  if (response.status === 404) return []
  if (response.status === 401 || response.status === 403) {
    return [about('document.forbidden', { what: `The answer has status ${response.status}.`, change: 'Except /.well-known/matrix/ from the rule that forbids it, probably one against dot-paths: in nginx by a "location ^~ /.well-known/matrix/".', evidence })]
  }
  if (response.status !== 200) {
    return [about('document.status', { what: `The answer has status ${response.status}.`, change: response.status >= 500 ? 'See whether the sidecar runs, and where the proxy sends this path.' : 'Answer with 200, or with 404 where there is no document.', evidence })]
  }
  const size = response.body.length
  if (response.truncated) {
    return [about('document.too-large', { what: `The answer is more than ${size} bytes long.`, change: shorten, evidence })]
  }
  if (failure !== undefined) {
    return [about('document.broken-off', { what: failure.kind === 'timeout' ? `The answer does not come to its end in time; ${size} bytes of it came.` : `The answer breaks off after ${size} bytes (${failure.message}).`, change: checkTheWay, evidence: { ...evidence, ...failure } })]
  }
  // What came in whole has been read.
  const { content, fault } = reading as Reading
  if (content === undefined) return [judgeBody(fault, evidence, about)]
  return [
    ...judgeContent(name, content, about),
    ...judgeContentType(response, about),
    ...judgeCaching(name, response, about, now),
    ...judgeSize(name, size, about),
    ...judgeTime(hops, about)
  ]
}

const jsonFaults: Readonly<Record<JsonFault, [id: LegacyId, what: string, change: string]>> = {
  empty: ['document.json', 'The answer is empty.', 'Serve the document.'],
  html: ['document.html', 'The answer is a web page.', 'Have the proxy pass /.well-known/matrix/ on to the sidecar instead of the web site: in nginx by a "location ^~ /.well-known/matrix/".'],
  json: ['document.json', 'The answer is not JSON.', 'Serve the document.'],
  object: ['document.json', 'The answer is JSON, but no object in { }.', 'Serve an object.'],
  trailing: ['document.trailing', 'Something follows the JSON.', 'Take it out; something in between may append it.'],
  bom: ['document.bom', 'The answer begins with a byte order mark.', 'Save the file as UTF-8 without a byte order mark.'],
  encoding: ['document.encoding', 'The answer is not UTF-8.', 'Save the file as UTF-8; leave out compression that was not asked for.'],
  depth: ['document.depth', 'The JSON is nested deeper than 100 levels.', 'Serve the document alone.']
}

function judgeBody (fault: JsonFault, evidence: Record<string, unknown>, about: LegacyAbout): Finding {
  const [id, what, change] = jsonFaults[fault]
  return about(id, { what, change, evidence })
}

/** Keys of /client for whose values clients give up all of it (spec §3.4); for others they give up that key. */
const vitalKeys = ['m.homeserver', 'm.identity_server', 'm.tile_server', 'org.matrix.msc3488.tile_server', rtcFociKey]

/** Of each kind, told of a document by itself; the others are counted. */
const greatestFaults = 5

function * judgeContent (name: DocumentName, content: JsonObject, about: LegacyAbout): Generator<Finding> {
  const faults = findDocumentFaults(name, content)
  for (const { path, message } of faults.slice(0, greatestFaults)) {
    const [key] = path
    // Clients take null for nothing.
    const harmless = name === 'client' && key !== undefined && (!vitalKeys.includes(key) || (key === 'm.identity_server' && content[key] === null))
    yield about('document.invalid', { severity: harmless ? 'warning' : 'failure', what: `${message}.`, change: `Correct ${settingOf(path)} of the sidecar, or the file that is served in its place.`, evidence: { path } })
  }
  const more = faults.length - greatestFaults
  if (more > 0) yield about('document.invalid', { what: `${more} more values are wrong.`, change: 'Correct the others first.', evidence: { more } })
  if (name === 'client') yield * judgeKeys(Object.keys(content), about)
}

/** The setting that fills a place in a document. */
function settingOf ([key = '']: readonly string[]): string {
  const settings: Readonly<Record<string, string>> = {
    'm.server': 'M_SERVER',
    'm.homeserver': 'M_HOMESERVER_BASE_URL',
    'm.identity_server': 'M_IDENTITY_SERVER_BASE_URL',
    [rtcFociKey]: 'LIVEKIT_SERVICE_URL',
    contacts: 'SUPPORT_CONTACTS',
    support_page: 'SUPPORT_PAGE',
    public_keys: 'POLICY_SERVER_ED25519',
    '': 'the settings'
  }
  return settings[key] ?? 'EXTRA_WELL_KNOWN_CLIENT_CONTENT'
}

function * judgeKeys (keys: readonly string[], about: LegacyAbout): Generator<Finding> {
  for (const key of keys) {
    const successor = obsoleteClientKeys.get(key)
    if (successor !== undefined) yield about('document.obsolete-key', { what: `The key ${quote(key)} is obsolete: ${successor}.`, change: 'Take it out.', evidence: { key } })
  }
  const odd = keys.filter(key => !Object.hasOwn(documentSchemas.client.properties, key) && !isPackageStyle(key))
  if (odd.length === 0) return
  const listed = odd.slice(0, greatestFaults).map(quote).join(', ')
  const what = odd.length === 1 ? `The key ${listed} is` : odd.length > greatestFaults ? `The keys ${listed} and ${odd.length - greatestFaults} more are` : `The keys ${listed} are`
  yield about('document.key-style', { what: `${what} not named as com.example.key.`, change: 'Give such a name to what is yours.', evidence: { keys: odd.slice(0, greatestFaults) } })
}

function * judgeContentType (response: Response, about: LegacyAbout): Generator<Finding> {
  const types = valuesOf(response, 'content-type')
  const evidence = { 'content-type': types }
  if (types.length > 1) {
    yield about('document.content-type-twice', { what: `There are ${types.length} Content-Type headers: ${types.join(' and ')}.`, change: 'Set it in one place alone: in nginx with default_type, not with add_header.', evidence })
  } else if (!/^application\/json\s*(;|$)/i.test(types[0] ?? '')) {
    yield about('document.content-type', { what: types[0] === undefined ? 'There is no Content-Type.' : `The Content-Type is ${types[0]}.`, change: 'Serve it as application/json.', evidence })
  }
}

function * judgeCaching (name: DocumentName, response: Response, about: LegacyAbout, now: Date): Generator<Finding> {
  const seconds = readCacheSeconds(response, now)
  const evidence = { 'cache-control': valuesOf(response, 'cache-control'), expires: valuesOf(response, 'expires'), seconds, synapse: readSynapseCacheSeconds(seconds) }
  const change = 'Send "Cache-Control: public, max-age=3600".'
  if (seconds !== undefined && seconds > synapseCache.max) {
    yield about('cache.long', { what: `It may be kept for ${formatSpan(seconds)}.`, change, evidence })
  } else if (name === 'server' && seconds === undefined) {
    yield about('cache.default', { what: 'No max-age and no Expires: Synapse keeps it for 24 hours, tuwunel for 18 to 36.', change, evidence })
  } else if (name === 'server' && seconds !== undefined && seconds < synapseCache.min) {
    yield about('cache.short', { what: `It may be kept for ${formatSpan(seconds)}; Synapse keeps it for 5 minutes.`, change, evidence })
  }
}

const shorten = `Shorten it to ${tuwunelMaxSize} bytes at most.`

/** Servers read no more than so much; clients read on. */
function * judgeSize (name: DocumentName, size: number, about: LegacyAbout): Generator<Finding> {
  const details = { what: `The answer is ${size} bytes long.`, change: shorten, evidence: { size } }
  const forServers = documentKind(name).readBy === 'servers'
  if (size > synapseMaxSize) yield about('document.too-large', { ...details, severity: forServers ? 'failure' : 'warning' })
  else if (size > tuwunelMaxSize) yield about('document.large', { ...details, severity: forServers ? 'warning' : 'notice' })
}

function * judgeTime (hops: Fetch['hops'], about: LegacyAbout): Generator<Finding> {
  const milliseconds = hops.reduce((sum, hop) => sum + hop.milliseconds, 0)
  if (milliseconds > slow) yield about('document.slow', { what: `It took ${(milliseconds / 1000).toFixed(1)} seconds.`, change: 'See what takes so long there.', evidence: { milliseconds } })
}

/** Whether servers and browsers get the same. */
function judgeUserAgent (name: DocumentName, first: Response, asOther: Exchange | undefined, about: LegacyAbout): Finding[] {
  // Too many requests (429) are no matter of who asks.
  if (asOther === undefined || asOther.response?.status === 429) return []
  const other = asOther.response
  if (other !== undefined && isSame(first, other)) return []
  const [here, there] = documentKind(name).readBy === 'servers' ? ['a server', 'a browser'] : ['a browser', 'another program']
  const outcome = (response: Response | undefined): string => response === undefined ? 'none' : `status ${response.status}`
  const what = other?.status === first.status
    ? `The answer to ${there} is another than the one to ${here}.`
    : `The answer to ${here} is ${outcome(first)}, to ${there} ${outcome(other)}.`
  // A browser reads /server only out of curiosity.
  const harmless = first.status === 200 && name !== 'client'
  return [about('document.user-agent', {
    severity: harmless ? 'warning' : 'failure',
    what,
    change: 'Let /.well-known/matrix/ pass whatever the User-Agent says.',
    evidence: { first: describeResponse(first), other: other === undefined ? asOther.failure : describeResponse(other) }
  })]
}

/** Whether two answers say the same; a page may be another each time. */
function isSame (left: Response, right: Response): boolean {
  if (left.status !== right.status) return false
  return left.status !== 200 || isDeepStrictEqual(readJsonObject(left.body), readJsonObject(right.body))
}

/** Pages that programs can't get past: those of Cloudflare, AWS, DDoS-Guard, Imperva, Sucuri and Anubis. */
function isChallenge (response: Response): boolean {
  if (valuesOf(response, 'cf-mitigated').includes('challenge') || valuesOf(response, 'x-amzn-waf-action').length > 0) return true
  const start = response.body.subarray(0, 20_000).toString()
  return /<html/i.test(start) && /cf-chl|challenge-platform|just a moment\.\.\.|ddos-guard|_incapsula_resource|sucuri_cloudproxy|making sure you(&#39;|'|’)re not a bot|techaro\.lol-anubis/i.test(start)
}

/** What tells where an answer came from, and how it begins. */
export function describeResponse (response: Response): Record<string, unknown> {
  const telling = ['content-type', 'server', 'via', 'age', 'last-modified', 'x-cache', 'cf-cache-status', 'cf-mitigated']
  const headers = Object.fromEntries(telling.flatMap(name => {
    const values = valuesOf(response, name)
    return values.length === 0 ? [] : [[name, values.join(', ')]]
  }))
  return { status: response.status, ...headers, bytes: response.body.length, begins: response.body.subarray(0, 200).toString() }
}
