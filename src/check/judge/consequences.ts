import type { Finding, FindingId, Severity } from './finding.ts'
import type { Facts } from '../gather/gather.ts'

/** Faults of /server for which other servers take it for none at once, as of any site that knows nothing of Matrix. */
const usual: readonly FindingId[] = ['document.html', 'document.forbidden', 'document.bot-challenge', 'document.user-agent']

/**
 * Leaves out what only follows from something else that is told, so that nobody mends the wrong end.
 *
 * @param federation what is wrong with where other servers go.
 * @param others what is wrong with all else.
 */
export function withoutConsequences (facts: Facts, federation: readonly Finding[], others: readonly Finding[]): Finding[] {
  const step = facts.federation?.discovery.endpoint?.step
  const unread = step === '1' || step === '2'
  const fallback = step === '4' || step === '5' || step === '6'
  const works = facts.federation !== undefined && !federation.some(isFailure)
  const broken = others.some(finding => isFailure(finding) && (isAboutServer(finding) || (finding.area === 'federation' && finding.id.startsWith('certificate.'))))

  const kept = others.flatMap(finding => {
    // Servers never ask a name that is an address, or has a port, for its well-known.
    if (unread && finding.area === 'federation' && finding.id !== 'discovery.well-known-unread') return []
    return fallback && works && isFailure(finding) && finding.area === 'federation' ? [{ ...finding, severity: soften(finding) }] : [finding]
  })
  const lost = kept.some(({ id, subject }) => id === 'intent.missing' && subject.endsWith('/client'))
  return [
    ...step === '6' && !works && broken ? federation.filter(({ id }) => !isAboutNobody(id)) : withoutHint(federation),
    ...kept.filter(({ id }) => !(lost && id === 'client.not-found'))
  ]
}

function isFailure ({ severity }: Finding): boolean {
  return severity === 'failure'
}

function isAboutServer ({ area, subject }: Finding): boolean {
  return area === 'federation' && subject.startsWith('/.well-known/matrix/server')
}

/** Where others find the homeserver without a well-known, one that leads nowhere does no great harm. */
function soften ({ id }: Finding): Severity {
  return usual.includes(id) ? 'notice' : 'warning'
}

/** Whether it says that nobody is where other servers go for want of a well-known. */
function isAboutNobody (id: FindingId): boolean {
  return id === 'federation.unreachable' || id === 'discovery.default-port' || id.startsWith('address.')
}

/** That nothing names a port is part of why others get no answer, and told there. */
function withoutHint (federation: readonly Finding[]): readonly Finding[] {
  return federation.some(({ id }) => id === 'federation.unreachable') ? federation.filter(({ id }) => id !== 'discovery.default-port') : federation
}

/** Tells each once. */
export function withoutRepetitions (findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.toReversed().map(finding => [JSON.stringify([finding.id, finding.subject, finding.what]), finding])).values()].toReversed()
}
