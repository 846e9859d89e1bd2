import type { Target } from '../gather/discovery.ts'
import type { FederationAddress } from '../gather/federation.ts'
import type { Facts, Route } from '../gather/gather.ts'
import { isTrusted } from '../network/certificate.ts'
import { decodeBody } from '../network/content-encoding.ts'
import { isAbsence } from '../network/dns.ts'
import type { Lookup } from '../network/dns.ts'
import type { Fetch } from '../network/fetch.ts'
import { isUntried } from '../network/peer.ts'
import type { Response } from '../network/peer.ts'
import { valuesOf } from '../network/response-headers.ts'
import { isPrivateAddress } from '../../matrix/private-address.ts'
import { stateOfAddress } from './address-state.ts'
import { addressCause, badStatus, certificateCause, dnsServerCause, redirectCause } from './causes.ts'
import { aboutDocument, because, combineAlternatives } from './outcome.ts'
import type { Cause, ReaderOutcome } from './outcome.ts'
import { notRead, readServerDocument } from './server-document.ts'
import type { Delegation, ServerDocumentRules } from './server-document.ts'
import { chooseTarget } from './target-choice.ts'
import type { TargetChoice, TriedTarget } from './target-choice.ts'

/** How a server finds a homeserver and connects to it. */
export interface ServerRules {
  readonly document: ServerDocumentRules
  /** How many redirects it follows. */
  readonly maxRedirects: number
  /** How long it waits for the document, in milliseconds. */
  readonly maxTime: number
  /** What it does if DNS fails on the SRV record that it asks for first. */
  readonly onSrvFailure: 'gives up' | 'uses port 8448' | 'asks for the deprecated name'
  readonly targetChoice: TargetChoice
  /** Whether it refuses to connect to addresses that are not public. */
  readonly avoidsPrivateAddresses: boolean
}

type FederationFacts = Pick<Facts, 'host' | 'lookup' | 'dnsFault' | 'inspections' | 'federation'>

/** What a server achieves: undefined if the check left federation out. */
export function followServer (facts: FederationFacts, rules: ServerRules, now: Date): ReaderOutcome | undefined {
  if (facts.federation === undefined) return undefined
  const outcome = followFromOutside(facts, facts.federation, rules, now)
  if (!outcome.causes.some(({ findings }) => findings.includes('address.private'))) return outcome
  const fromHere = followFromOutside(facts, facts.federation, { ...rules, avoidsPrivateAddresses: false }, now)
  // Otherwise, public addresses would not be enough.
  return fromHere.outcome === 'works'
    ? { ...outcome, worksFromHere: true }
    : because(outcome.outcome, ...outcome.causes, ...fromHere.causes)
}

function followFromOutside (
  facts: FederationFacts,
  { routes: [usual] }: NonNullable<FederationFacts['federation']>,
  rules: ServerRules,
  now: Date
): ReaderOutcome {
  const { inspections } = facts
  const fetches = inspections.get('server')?.map(({ fetch }) => fetch) ?? []
  const isDirect = ['1', '2'].includes(String(usual?.discovery.endpoint?.step))
  if (usual !== undefined && isDirect) return followRoute(usual, facts, rules, now)
  if (fetches.length === 0) {
    const causes = explainLookup(facts.lookup)
    // Without a response from DNS, nothing is known about the homeserver.
    return isUnanswered(facts.lookup) || facts.dnsFault !== undefined
      ? because('unknown', ...causes)
      : continueFrom(facts, rules, now, notRead(...causes))
  }
  const allowed = fetches.filter(({ address }) => !isAvoided(address, facts.lookup, rules))
  const reached = connected(allowed.length > 0 ? allowed : fetches)
  // A document may be there for those who have a route.
  if (allowed.length > 0 && reached.every(leadsToUntried)) {
    return because('unknown', { findings: ['document.unreachable'], about: {} }, redirectCause('server'))
  }
  const alternatives = reached
    .map(fetch => continueFrom(facts, rules, now, explainStatus(readDelegation(fetch, rules, facts.lookup), fetch)))
  return combineAlternatives(alternatives, { findings: ['document.split-brain'], about: { document: 'server' } })
}

/** The fetches that a reader may see: it tries the next address if it can't connect to one. */
export function connected (fetches: readonly Fetch[]): readonly Fetch[] {
  const reached = fetches.filter(({ hops: [{ response, failure }] }) =>
    response !== undefined || failure?.phase !== 'connect')
  return reached.length > 0 ? reached : fetches
}

/** Whether the address of a fetch, or the one to which it is redirected, can't be tried from here. */
export function leadsToUntried ({ hops }: Fetch): boolean {
  return isUntried(hops.at(-1)?.failure)
}

/** Whether a server refuses to connect to an address. */
function isAvoided (address: string, { source }: Lookup, { avoidsPrivateAddresses }: ServerRules): boolean {
  return avoidsPrivateAddresses && source !== 'override' && isPrivateAddress(address)
}

function continueFrom (
  facts: FederationFacts,
  rules: ServerRules,
  now: Date,
  delegation: Delegation
): ReaderOutcome {
  if (delegation.kind === 'invalid') return because('fails', ...delegation.causes)
  const name = delegation.kind === 'delegated' ? delegation.name : undefined
  const route = facts.federation?.routes.find(({ delegatedName }) => delegatedName === name)
  if (route === undefined) return because('unknown', ...delegation.kind === 'ignored' ? delegation.causes : [])
  const outcome = followRoute(route, facts, rules, now)
  // It finds the homeserver only after it has waited for the document, which not every request has the time for.
  if (delegation.kind === 'ignored' && delegation.isLate && outcome.outcome === 'works') {
    return because('sometimes', ...delegation.causes)
  }
  // What keeps a server from reading the document comes before what it finds without it.
  if (outcome.outcome === 'works') return outcome
  return delegation.kind === 'delegated'
    // It may have read a name that isn't valid in a way of its own.
    ? { ...outcome, causes: [...outcome.causes, aboutDocument('server', 'document.invalid')] }
    : because(outcome.outcome, ...delegation.causes, notInstalled, ...outcome.causes)
}

/** If there is a homeserver elsewhere, that explains why no homeserver is at the server name itself. */
const notInstalled: Cause = {
  findings: ['discovery.not-delegated', 'discovery.is-a-host', 'keys.server-name'], about: {}
}

/** A wrong status explains the outcome if the content is wrong as well, which isn't reported then. */
function explainStatus (delegation: Delegation, { hops }: Fetch): Delegation {
  const status = hops.at(-1)?.response?.status ?? 200
  return delegation.kind === 'ignored' && status !== 200
    ? { ...delegation, causes: [...delegation.causes, aboutDocument('server', ...badStatus)] }
    : delegation
}

/** What a server makes of the response of one address of the host. */
function readDelegation (
  { hops, redirectFault, host, address }: Fetch,
  rules: ServerRules,
  lookup: Lookup
): Delegation {
  const about = { document: 'server' } as const
  if (isAvoided(address, lookup, rules)) {
    return notRead({ findings: ['address.private'], about: { host } }, { findings: ['address.private'], about: {} })
  }
  const untrusted = hops.find(({ tls }) => tls !== undefined && !isTrusted(tls))
  if (untrusted !== undefined) {
    const place = { host: new URL(untrusted.url).hostname, port: untrusted.port, address: untrusted.address }
    return notRead(certificateCause(place))
  }
  const last = hops.at(-1)
  const redirects = hops.length - 1
  if (last?.response === undefined) {
    if (redirects > 0) return notRead(redirectCause('server'))
    const causes = [
      { findings: ['document.unreachable'], about },
      { findings: ['document.unreachable'], about: {} },
      addressCause({ host, address })
    ]
    return { kind: 'ignored', causes, isLate: last?.failure?.kind === 'timeout' && rules.maxTime < Infinity }
  }
  if (redirectFault !== undefined) return notRead(redirectCause('server'))
  if (redirects > rules.maxRedirects) return notRead({ findings: ['document.redirect'], about })
  if (last.failure !== undefined) return notRead({ findings: ['document.broken-off'], about })
  if (hops.reduce((sum, { milliseconds }) => sum + milliseconds, 0) > rules.maxTime) {
    return notRead({ findings: ['document.slow'], about })
  }
  const body = decodes(rules.document, last.response) ? decodeBody(last.response) : last.response.body
  if (body === undefined) return notRead({ findings: ['document.content-encoding'], about })
  return readServerDocument({ ...last.response, body }, rules.document)
}

/** Whether a server decodes a body. Go's HTTP client looks for nothing but gzip, which it asks for. */
function decodes ({ decodes }: ServerRules['document'], response: Response): boolean {
  if (decodes !== 'gzip') return decodes === 'any'
  return valuesOf(response, 'content-encoding').join(', ').toLowerCase() === 'gzip'
}

/** What a server finds at the end of a route. */
function followRoute (
  route: Route,
  { dnsFault }: FederationFacts,
  rules: ServerRules,
  now: Date
): ReaderOutcome {
  const { endpoint, refusal } = route.discovery
  const failed = failedSrvLookup(route)
  if (failed !== undefined && dnsFault !== undefined) return because('unknown', dnsServerCause)
  if (failed !== undefined) {
    const cause = { findings: ['discovery.dns'], about: { record: failed } }
    if (rules.onSrvFailure === 'gives up') return because('fails', cause)
    const isDeprecatedUsed = endpoint?.step === '3.4' || endpoint?.step === '5'
    if (rules.onSrvFailure === 'uses port 8448' && isDeprecatedUsed) return because('unknown', cause)
  }
  if (endpoint === undefined) {
    const about = refusal === undefined ? {} : { record: refusal }
    return because('fails', { findings: ['discovery.srv-refused'], about })
  }
  const { targets } = endpoint
  const usable = route.addresses.filter(({ address, target: { lookup } }) => !isAvoided(address, lookup, rules))
  if (usable.length === 0) return explainNoAddress(route.addresses, targets)
  return chooseTarget(targets.map((target): TriedTarget => {
    const isOwn = (address: FederationAddress): boolean => address.target === target
    const states = usable.filter(isOwn).map(address => stateOfAddress(address, now))
    if (states.length > 0) return { target, states }
    const { outcome, causes } = explainNoAddress(route.addresses.filter(isOwn), [target])
    return { target, states: [{ kind: outcome === 'unknown' ? 'untried' : 'refused', causes }] }
  }), rules.targetChoice)
}

/** The SRV record whose lookup fails for a server; `_matrix._tcp` only if there is no `_matrix-fed._tcp`. */
function failedSrvLookup ({ discovery: { endpoint, failedLookups, refusal } }: Route): string | undefined {
  const current = failedLookups.find(({ name }) => name.startsWith('_matrix-fed.'))
  if (current !== undefined) return current.name
  const isCurrentUsed =
    endpoint?.step === '3.3' || endpoint?.step === '4' || refusal?.startsWith('_matrix-fed.') === true
  return isCurrentUsed ? undefined : failedLookups[0]?.name
}

/** Why targets have no address that a server connects to. */
function explainNoAddress ([first]: readonly FederationAddress[], targets: readonly Target[]): ReaderOutcome {
  if (first !== undefined) {
    return because('fails', { findings: ['address.private'], about: { host: first.target.lookup.host } })
  }
  const lookups = targets.map(({ lookup }) => lookup)
  return because(lookups.some(isUnanswered) ? 'unknown' : 'fails', ...lookups.flatMap(explainLookup))
}

/** Whether this machine got no answer from DNS, or was turned away, so that nothing is known about the host. */
export function isUnanswered ({ failures }: Lookup): boolean {
  const kinds = Object.values(failures).map(({ kind }) => kind)
  return kinds.some(kind => kind === 'timeout' || kind === 'unreachable' || kind === 'refused')
}

export function explainLookup ({ host, failures, addresses }: Lookup): Cause[] {
  if (addresses.length > 0) return []
  const failed = Object.values(failures).some(failure => !isAbsence(failure))
  const about = { host }
  if (failed) return [dnsServerCause, { findings: ['discovery.dns'], about }]
  return [{ findings: ['discovery.no-address'], about }]
}
