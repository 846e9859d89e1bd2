import type { NameState } from './name-state.ts'

/** A line about a name whose verdict has changed. */
export interface VerdictLine {
  readonly serverName: string
  readonly verdict: NameState['verdict']
  /** The finding to fix first, if it doesn't work. */
  readonly finding: string | undefined
  readonly message: string
}

const words: Readonly<Record<Exclude<NameState['verdict'], 'pending'>, string>> = {
  works: 'works',
  fails: "doesn't work",
  unknown: "can't be checked"
}

/** The line about a check; undefined if the verdict has not changed. */
export function describeChange (after: NameState, before: NameState): VerdictLine | undefined {
  const { serverName, verdict, report } = after
  if (verdict === 'pending' || verdict === before.verdict) return undefined
  const again = verdict === 'works' && before.verdict !== 'pending' ? ' again' : ''
  const first = verdict === 'works' ? undefined : report?.findings[0]
  const place = first === undefined || first.subject === serverName ? '' : `${first.subject}: `
  const cause = first === undefined ? '' : `: ${place}${first.what} ${first.fix}`
  return { serverName, verdict, finding: first?.id, message: `${serverName} ${words[verdict]}${again}${cause}` }
}
