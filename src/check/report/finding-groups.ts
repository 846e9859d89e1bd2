import type { Severity } from '../judge/finding.ts'
import type { ReportedFinding } from './finding-text.ts'
import { groupBy } from './group-by.ts'
import type { Verdict } from './verdict.ts'

export type FindingGroup = readonly [ReportedFinding, ...ReportedFinding[]]

/** Findings that say the same of several places are printed, and counted, as one. */
export function groupFindings (findings: readonly ReportedFinding[]): FindingGroup[] {
  return [...groupBy(findings, ({ id, severity, what, fix }) => JSON.stringify([id, severity, what, fix])).values()]
}

/** More would hide the first ones, which are the worst. */
const maxIds = 5

/** The ids of failures and warnings in parentheses, with a space before; empty if there are none. */
export function listFindingIds (groups: readonly FindingGroup[]): string {
  const ids = [...new Set(groups.filter(([{ severity }]) => severity !== 'notice').map(([{ id }]) => id))]
  return ids.length === 0 ? '' : ` (${ids.slice(0, maxIds).join(', ')}${ids.length > maxIds ? ', …' : ''})`
}

export function countGroups (groups: readonly FindingGroup[]): Pick<Verdict, 'failures' | 'warnings' | 'notices'> {
  const count = (wanted: Severity): number => groups.filter(([{ severity }]) => severity === wanted).length
  return { failures: count('failure'), warnings: count('warning'), notices: count('notice') }
}
