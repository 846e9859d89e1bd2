import { certificateFindings } from './certificates.ts'
import { isOneOf } from './finding.ts'
import type { Finding, FindingId } from './finding.ts'
import type { ReaderOutcomes } from '../readers/readers.ts'
import type { Facts } from '../gather/gather.ts'
import type { Intent } from './intent.ts'
import { isMute } from './host.ts'
import { lookupFindings } from './lookups.ts'
import { addressFindings } from './reachability.ts'

/**
 * Leaves out findings that only follow from others, so that users fix the cause.
 *
 * @param federation what is wrong with where other servers connect to.
 * @param others what is wrong with everything else.
 */
export function withoutConsequences (
  facts: Pick<Facts, 'federation'>,
  outcomes: ReaderOutcomes,
  federation: readonly Finding[],
  others: readonly Finding[]
): Finding[] {
  const step = facts.federation?.discovery.endpoint?.step
  const isUnread = step === '1' || step === '2'
  const works = outcomes.get('specification')?.outcome === 'works'
  const isBroken = others.some(finding => isFailure(finding) && isAboutDelegation(finding))

  // Servers never request the well-known of a name that is an address or has a port.
  const kept = others.filter(({ area, id }) =>
    !(isUnread && area === 'federation' && id !== 'discovery.well-known-unread'))
  return [
    ...step === '6' && !works && isBroken
      ? federation.filter(finding => !isAboutFallback(finding))
      : withoutHint(federation),
    ...kept
  ]
}

function isFailure ({ severity }: Finding): boolean {
  return severity === 'failure'
}

/** Whether it is about the delegation of other servers, or the way to it. */
function isAboutDelegation (finding: Finding): boolean {
  return finding.area === 'federation' &&
    (finding.about.document === 'server' || isOneOf(certificateFindings, finding))
}

const fallbackIds: readonly FindingId[] = ['federation.unreachable', 'discovery.default-port', 'address.too-many']

/** Whether it says that other servers reach nothing where they go if there is no well-known. */
function isAboutFallback (finding: Finding): boolean {
  return fallbackIds.includes(finding.id) || isOneOf(addressFindings, finding)
}

/**
 * That no port is configured is part of why other servers get no response, and is reported with that; without an
 * address, there is no port.
 */
function withoutHint (federation: readonly Finding[]): readonly Finding[] {
  return federation.some(({ id }) => id === 'federation.unreachable' || id === 'discovery.no-address')
    ? federation.filter(({ id }) => id !== 'discovery.default-port')
    : federation
}

/**
 * Whether a document was meant to delegate, but can't be read: then servers only go elsewhere because of that. A web
 * page that is served for any path isn't meant to, unless the settings have the document.
 */
export function isBrokenDelegation (
  { host, inspections, strangers }: Pick<Facts, 'host' | 'inspections' | 'strangers'>,
  intent: Intent | undefined,
  finding: Finding
): boolean {
  const { id, about, readers } = finding
  if (readers.length === 0) return false
  // Something listens where the documents should be, but doesn't respond.
  const served = inspections.get('server') ?? []
  if (id === 'document.unreachable' && served.some(({ fetch }) => isMute(fetch))) return true
  const isIntended = intent?.documents.has('server') === true
  const isServed = served.some(({ fetch }) => fetch.reading?.content !== undefined)
  return about.document === 'server'
    ? id !== 'document.html' || isIntended || !strangers.some(({ reading }) => reading?.fault === 'html')
    : isServed && isOneOf(certificateFindings, finding) && about.host === host && about.port === 443
}

/** Leaves out what is wrong with a fallback that nobody meant to use. */
export function withoutFallback (
  { federation }: Pick<Facts, 'federation'>,
  findings: readonly Finding[]
): readonly Finding[] {
  const endpoint = federation?.discovery.endpoint
  if (endpoint === undefined || !['4', '5', '6'].includes(endpoint.step)) return findings
  const isThere = ({ step, host, port }: Finding['about']): boolean =>
    step !== undefined || endpoint.targets.some(target => target.host === host && target.port === port)
  return findings.filter(({ area, about }) => !(area === 'federation' && isThere(about)))
}

/** Reports each finding once. */
export function withoutRepetitions (findings: readonly Finding[]): Finding[] {
  const byIdentity = new Map<string, Finding>()
  for (const finding of findings) {
    // Several ways may lead to a host that isn't found.
    const parts = isOneOf(lookupFindings, finding) && finding.about.host !== undefined ? undefined : finding.parts
    const identity = JSON.stringify([finding.id, finding.about, parts])
    if (!byIdentity.has(identity)) byIdentity.set(identity, finding)
  }
  return [...byIdentity.values()]
}
