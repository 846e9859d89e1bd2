import { isDeepStrictEqual } from 'node:util'
import { isOnlyPrivate } from '../gather/addresses.ts'
import type { ClientAddress, ClientFacts } from '../gather/client.ts'
import { isSecure } from '../gather/client.ts'
import type { ClientSideFacts, Facts } from '../gather/gather.ts'
import type { Fetch } from '../network/fetch.ts'
import { origin } from '../network/preflight.ts'
import { parseJsonText, decodeAsBrowser } from '../network/body-text.ts'
import { isTrusted } from '../network/certificate.ts'
import { decodeBody } from '../network/content-encoding.ts'
import { isUntried } from '../network/peer.ts'
import type { Exchange, Response } from '../network/peer.ts'
import { passesPreflight } from '../network/preflight.ts'
import { allowsOrigin } from '../network/response-headers.ts'
import { isJsonObject } from '../../matrix/json-object.ts'
import { addressCause, badStatus, certificateCause, redirectCause } from './causes.ts'
import { aboutDocument, because, combineAlternatives, works } from './outcome.ts'
import type { Cause, ReaderOutcome } from './outcome.ts'
import type { ClientReading } from './client-document.ts'
import { fails, missing } from './client-document.ts'
import { findLoginWays } from './login.ts'
import { connected, explainLookup, isUnanswered, leadsToUntried } from './server-outcome.ts'

/** How a client finds a homeserver and logs in. */
export interface ClientRules {
  /** Reads a response whose body is decoded. */
  readonly read: (response: Response) => ClientReading
  /** Whether CORS, mixed content and preflights count. */
  readonly isBrowser: boolean
  /** How many redirects it follows. */
  readonly maxRedirects: number
  /** Whether all slashes but one at the end of the base URL become part of each path. */
  readonly keepsSlashes: boolean
  /** Whether it looks for a homeserver at the server name itself if it can't read the document. */
  readonly triesServerName?: boolean
  /** How long it waits for a response, in milliseconds. */
  readonly maxTime: number
  /** Whether it accepts the versions of the homeserver; undefined if it doesn't ask for them. */
  readonly acceptsVersions: ((versions: readonly unknown[]) => boolean) | undefined
  /** Whether it can log in with OAuth. */
  readonly usesOauth: boolean
}

type ClientSide = Pick<Facts, 'host' | 'lookup' | 'dnsFault' | 'inspections' | 'client'>

/** What a client achieves: undefined if the check left clients out. */
export function followClient (facts: ClientSide, rules: ClientRules): ReaderOutcome | undefined {
  const { client, inspections, lookup, dnsFault } = facts
  if (client === undefined) return undefined
  const fetches = connected(inspections.get('client')?.map(({ fetch }) => fetch) ?? [])
  if (fetches.length === 0) {
    const isUnknown = isUnanswered(lookup) || dnsFault !== undefined
    return because(isUnknown ? 'unknown' : 'fails', ...explainLookup(lookup))
  }
  if (fetches.every(leadsToUntried)) {
    return because('unknown', { findings: ['document.unreachable'], about: {} }, redirectCause('client'))
  }
  const split = aboutDocument('client', 'document.split-brain')
  const alternatives = fetches.map(fetch => {
    const followed = findFollowed(fetch, client)
    return followed === undefined ? because('unknown', split) : readDocument(fetch, followed.facts, client, rules)
  })
  return combineAlternatives(alternatives, split)
}

/** What a document leads to; undefined if that was not asked, because there are too many different documents. */
function findFollowed ({ reading }: Fetch, client: ClientSideFacts): Pick<ClientSideFacts, 'facts'> | undefined {
  const homeserver = reading?.content?.['m.homeserver']
  if (homeserver === undefined) return client
  return [client, ...client.others].find(({ document }) =>
    isDeepStrictEqual(homeserver, document?.reading?.content?.['m.homeserver']))
}

/** What a client achieves with the response of one address of the host. */
function readDocument (
  fetch: Fetch,
  facts: ClientFacts | undefined,
  { atServerName }: ClientSideFacts,
  rules: ClientRules
): ReaderOutcome {
  const fail = (...causes: readonly Cause[]): ReaderOutcome => {
    if (rules.triesServerName !== true || atServerName === undefined) return because('fails', ...causes)
    const there = logIn({ homeserver: atServerName }, rules)
    return there.outcome === 'works' ? works : because(there.outcome, ...causes, ...there.causes)
  }
  const obstacles = findObstacles(fetch, rules)
  const response = fetch.hops.at(-1)?.response
  if (response === undefined || obstacles.length > 0) return fail(...obstacles)
  const body = decodeBody(response)
  // Clients don't look at the body of a 404.
  const reading = body === undefined && response.status !== 404
    ? fails('document.content-encoding')
    : rules.read({ ...response, body: body ?? Buffer.alloc(0) })
  const blocks = rules.isBrowser ? findBrowserObstacles(fetch.hops) : []
  // Some look only at the body, but its status may explain it.
  const status = response.status === 200 ? [] : [aboutDocument('client', ...badStatus, ...missing)]
  const causes = reading.kind === 'homeserver' ? [] : [reading.cause, ...status]
  // Whatever a browser doesn't let through may have other faults, which come first.
  if (blocks.length > 0) return because('fails', ...causes, ...blocks)
  if (reading.kind === 'fails' && reading.isRead !== true) return fail(...causes)
  if (reading.kind !== 'homeserver') return because(reading.kind, ...causes)
  if (rules.keepsSlashes && reading.baseUrl.endsWith('/')) {
    return because('fails', aboutDocument('client', 'client.base-url-slashes'))
  }
  if (facts !== undefined) return logIn(facts, rules)
  // Nothing connects to what isn't a URL.
  return because(URL.canParse(reading.baseUrl) ? 'unknown' : 'fails', aboutDocument('client', 'document.invalid'))
}

/** What keeps a client from a response, whatever is in it. */
function findObstacles ({ hops, redirectFault, host, address }: Fetch, rules: ClientRules): Cause[] {
  const untrusted = hops.find(({ tls }) => tls !== undefined && !isTrusted(tls))
  if (untrusted !== undefined) {
    const about = { host: new URL(untrusted.url).hostname, port: untrusted.port, address: untrusted.address }
    return [certificateCause(about)]
  }
  const last = hops.at(-1)
  if (last?.response === undefined) {
    return hops.length > 1
      ? [redirectCause('client')]
      : [aboutDocument('client', 'document.unreachable'), { findings: ['document.unreachable'], about: {} },
          addressCause({ host, address })]
  }
  if (redirectFault !== undefined) return [redirectCause('client')]
  if (hops.length - 1 > rules.maxRedirects) return [aboutDocument('client', 'document.redirect')]
  if (last.failure !== undefined || last.response.truncated) {
    return [aboutDocument('client', 'document.broken-off', 'document.too-large')]
  }
  if (hops.reduce((sum, { milliseconds }) => sum + milliseconds, 0) > rules.maxTime) {
    return [aboutDocument('client', 'document.slow')]
  }
  return []
}

function findBrowserObstacles (hops: Fetch['hops']): Cause[] {
  if (hops.some(({ url }) => url.startsWith('http:'))) return [aboutDocument('client', 'document.redirect-http')]
  const blocked = hops.findIndex(({ response }) => response !== undefined && !allowsOrigin(response, origin))
  if (blocked === -1) return []
  if (blocked < hops.length - 1) return [aboutDocument('client', 'cors.redirect')]
  return hops.at(-1)?.response?.status === 404
    ? [{ findings: ['cors.not-found'], about: {} }]
    : [aboutDocument('client', 'cors.missing', 'cors.doubled')]
}

/** What a client achieves at the homeserver, at whichever of its addresses it connects to. */
function logIn ({ homeserver }: Pick<ClientFacts, 'homeserver'>, rules: ClientRules): ReaderOutcome {
  const { host, port, url, lookup, addresses } = homeserver
  const about = { host, port }
  const insecure = url.startsWith('http:') ? [aboutDocument('client', 'client.base-url-http')] : []
  if (rules.isBrowser && insecure.length > 0) return because('fails', ...insecure)
  if (addresses.length === 0) {
    return because(isUnanswered(lookup) ? 'unknown' : 'fails', ...insecure, ...explainLookup(lookup))
  }
  const reached = addresses.filter(({ versions }) => !isUnconnected(versions))
  if (reached.length === 0) {
    const hidden = isOnlyPrivate(lookup) ? [{ findings: ['address.private'], about: { host: lookup.host } }] : []
    return because(addresses.every(({ versions }) => isUntried(versions.failure)) ? 'unknown' : 'fails',
      ...insecure, ...hidden, { findings: ['client.unreachable'], about: {} }, addressCause(about))
  }
  const reachedOutcome = combineAlternatives(reached.map(address => logInAt(address, about, rules)))
  return reachedOutcome.outcome === 'works'
    ? works
    : because(reachedOutcome.outcome, ...insecure, ...reachedOutcome.causes)
}

/** Whether no connection was made, so that a client tries the next address. */
function isUnconnected ({ response, failure }: Exchange): boolean {
  return response === undefined && (failure?.phase === 'connect')
}

function logInAt (address: ClientAddress, about: Cause['about'], rules: ClientRules): ReaderOutcome {
  const here = { ...about, address: address.address }
  const failing = (...findings: readonly string[]): ReaderOutcome => because('fails', { findings, about: here })
  const { versions, preflight, loginFlows, authMetadata } = address
  if (versions.response === undefined) {
    return because('fails', addressCause(here), { findings: ['client.unreachable'], about: {} })
  }
  if (!isSecure(versions)) return because('fails', certificateCause(here))
  if (rules.acceptsVersions !== undefined) {
    const supported = readVersionList(versions, rules)
    // What a browser doesn't let through may be no homeserver either, which comes first.
    if (rules.isBrowser && !allowsOrigin(versions.response, origin)) {
      return failing(...unsupported, 'cors.missing', 'cors.doubled')
    }
    if (versions.milliseconds > rules.maxTime) return failing('client.slow')
    if (supported === undefined) return failing(...unsupported)
    if (!rules.acceptsVersions(supported)) return failing('client.versions-old', 'client.versions')
  }
  if (rules.isBrowser && !isLetPass(preflight)) return failing('cors.preflight')
  const { oauth, flows } = findLoginWays(address)
  if (rules.usesOauth && oauth === 'broken') return failing('client.auth-metadata')
  const way = rules.usesOauth && oauth === 'works' ? authMetadata : flows === 'works' ? loginFlows : undefined
  if (way?.response === undefined) return failing('client.login', 'client.login-flows', ...unsupported)
  return rules.isBrowser && !allowsOrigin(way.response, origin) ? failing('cors.missing', 'cors.doubled') : works
}

/** Findings of a response without versions. */
const unsupported = ['homeserver.down', 'homeserver.blocked', 'client.versions']

/** Whether browsers let pages send requests that log in. */
export function isLetPass ({ response }: Exchange): boolean {
  return response !== undefined && passesPreflight(response, ['authorization', 'content-type'], 'put')
}

/** The versions in a response, as far as the client insists on its form. */
function readVersionList ({ response, failure }: Exchange, { isBrowser }: ClientRules): readonly unknown[] | undefined {
  if (response === undefined || failure !== undefined) return undefined
  // matrix-js-sdk wants 200; the others, no error.
  if (isBrowser ? response.status !== 200 : response.status >= 400) return undefined
  const body = decodeBody(response)
  const content = parseJsonText(body === undefined ? undefined : decodeAsBrowser(body))
  const versions = isJsonObject(content) ? content['versions'] : undefined
  return Array.isArray(versions) ? versions : undefined
}
