import type { HopState } from '../check/report/paths/hop.ts'
import { rateVerdict } from '../check/report/rating.ts'
import type { NameState } from './name-state.ts'

/** Names that are doing the same. */
export interface Group {
  readonly id: string
  readonly title: string
  readonly symbol: HopState
  /** Whether there is nothing to say about each name. */
  readonly isBrief: boolean
}

const fails: Group = { id: 'fails', title: "Doesn't work", symbol: 'fails', isBrief: false }
const unknown: Group = { id: 'unknown', title: "Can't be checked", symbol: 'unchecked', isBrief: false }
const unconfirmed: Group = { id: 'unconfirmed', title: 'Last check failed', symbol: 'warning', isBrief: false }
const warning: Group = { id: 'warning', title: 'Works, with warnings', symbol: 'warning', isBrief: false }
const pending: Group = { id: 'pending', title: 'Not checked yet', symbol: 'skipped', isBrief: true }
const works: Group = { id: 'works', title: 'Works', symbol: 'works', isBrief: true }

/** What needs attention comes first. */
export const groups: readonly Group[] = [fails, unknown, unconfirmed, warning, pending, works]

/** The group of a name. A failure that isn't confirmed yet, in a row of too few, has a group of its own. */
export function groupOf ({ verdict, misses, report }: NameState): Group {
  if (report === undefined) return pending
  if (verdict === 'fails') return fails
  if (verdict === 'unknown') return unknown
  if (misses > 0) return unconfirmed
  return rateVerdict(report.verdict) === 'warning' ? warning : works
}
