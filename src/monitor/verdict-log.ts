import { verdictWords } from './name-state.ts'
import type { NameState } from './name-state.ts'

/** A line about a name whose verdict has changed. */
export interface VerdictLine {
  readonly serverName: string
  readonly verdict: NameState['verdict']
  /** The finding to fix first, if it doesn't work. */
  readonly finding: string | undefined
  readonly message: string
}

/** The line about a check; undefined if the verdict hasn't changed. */
export function describeChange (after: NameState, before: NameState): VerdictLine | undefined {
  const { serverName, verdict, report } = after
  if (verdict === 'pending' || verdict === before.verdict) return undefined
  const again = verdict === 'works' && before.verdict !== 'pending' ? ' again' : ''
  const first = verdict === 'works' ? undefined : report?.findings[0]
  const place = first === undefined || first.subject === serverName ? '' : `${first.subject}: `
  const cause = first === undefined ? '' : `: ${place}${first.what} ${first.fix}`
  return { serverName, verdict, finding: first?.id, message: `${serverName} ${verdictWords[verdict]}${again}${cause}` }
}
