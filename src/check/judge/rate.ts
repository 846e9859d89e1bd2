import type { Cause, Outcome, ReaderOutcome } from '../readers/outcome.ts'
import type { ReaderId, ReaderOutcomes } from '../readers/readers.ts'
import { worstSeverity } from './finding.ts'
import type { Finding, Severity } from './finding.ts'

/** How severe it is to be the cause of an outcome. */
const severities: Readonly<Record<Outcome, Severity>> = {
  works: 'notice',
  fails: 'failure',
  asks: 'warning',
  sometimes: 'warning',
  unknown: 'warning'
}

/** Adds the readers whose outcome a finding explains. Its severity follows from their outcomes. */
export function rateFindings (findings: readonly Finding[], outcomes: ReaderOutcomes): Finding[] {
  return findings.map(finding => {
    const affected = [...outcomes].filter(([, { causes }]) => causes.some(cause => explains(finding, cause)))
    const severity = worstSeverity([finding.severity, ...affected.map(([, { outcome }]) => severities[outcome])])
    return { ...finding, severity, readers: affected.map(([id]) => id) }
  })
}

/** The finding that decides the outcome of a reader; undefined if it works, or nothing explains it. */
export function findDecidingFinding (
  id: ReaderId,
  { causes }: ReaderOutcome,
  findings: readonly Finding[]
): Finding | undefined {
  for (const cause of causes) {
    const finding = findings.find(candidate => candidate.readers.includes(id) && explains(candidate, cause))
    if (finding !== undefined) return finding
  }
  // It may also explain what only follows from it.
  return findings.find(({ readers }) => readers.includes(id))
}

/** Whether a finding is what a cause is about; one that is about no particular address is about all of them. */
function explains ({ id, about }: Finding, { findings, about: wanted }: Cause): boolean {
  return findings.includes(id) && about.document === wanted.document &&
    (wanted.record === undefined || about.record === wanted.record) &&
    (['host', 'port', 'address'] as const).every(key =>
      about[key] === undefined || wanted[key] === undefined || about[key] === wanted[key])
}
