import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const timeFindings = {
  'check.time': {
    severity: 'failure',
    title: 'The check ran out of time',
    why: "Whatever hasn't responded by then isn't checked.",
    specification: references.discovery,
    what: 'The check took longer than its time limit and was stopped.',
    fix: 'Raise --timeout, or find out what is so slow.'
  }
} as const satisfies FindingKinds

const find = findingBuilder(timeFindings)

/** A check that reached its time limit; what follows from that has findings of its own. */
export function judgeLateness (serverName: string, late: boolean): Finding[] {
  return late ? [find('check.time', { area: 'documents', about: { serverName } })] : []
}
