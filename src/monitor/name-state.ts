import { rateVerdict } from '../check/report/rating.ts'
import type { Report } from '../check/report/report.ts'

/** What a monitor knows of a server name. */
export interface NameState {
  readonly serverName: string
  /** `pending` until a check succeeds, or enough of them in a row don't; `unknown` if it can't be checked. */
  readonly verdict: 'pending' | 'works' | 'fails' | 'unknown'
  /** When the verdict last changed; undefined while it is pending. */
  readonly since: Date | undefined
  /** How many checks in a row did not succeed. */
  readonly misses: number
  /** Of the last check. */
  readonly report: Report | undefined
}

/** What people call the verdicts. */
export const verdictWords: Readonly<Record<NameState['verdict'], string>> = {
  pending: 'not known yet', works: 'works', fails: "doesn't work", unknown: "can't be checked"
}

export function buildPendingState (serverName: string): NameState {
  return { serverName, verdict: 'pending', since: undefined, misses: 0, report: undefined }
}

/**
 * The state after another check. One that succeeds counts at once; others count only when there are enough in a row,
 * because one lost packet is not an outage.
 *
 * @param confirmations how many are enough, 1 or more.
 */
export function applyReport (state: NameState, report: Report, confirmations: number): NameState {
  const rating = rateVerdict(report.verdict)
  const found = rating === 'warning' ? 'works' : rating
  const misses = found === 'works' ? 0 : state.misses + 1
  const isConfirmed = found === 'works' || misses >= confirmations
  const verdict = isConfirmed ? found : state.verdict
  const since = verdict === state.verdict ? state.since : new Date(report.checkedAt)
  return { serverName: state.serverName, verdict, since, misses, report }
}

/** Whether a name works, as far as is known; undefined while it is pending. */
export function isWorking ({ verdict }: NameState): boolean | undefined {
  return verdict === 'pending' ? undefined : verdict === 'works'
}
