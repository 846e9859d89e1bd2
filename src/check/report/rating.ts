import { isGood } from './verdict.ts'
import type { Verdict } from './verdict.ts'

/** What a verdict comes to. `unknown`: something could not be checked, and nothing fails. */
export type Rating = 'works' | 'warning' | 'fails' | 'unknown'

/** Sums up a verdict: what fails comes first, then what is unknown. With `strict`, warnings are failures. */
export function rateVerdict (verdict: Verdict, strict = false): Rating {
  const { federation, clients, failures, warnings } = verdict
  const isWarned = warnings > 0 || federation === 'sometimes' || clients === 'sometimes' || clients === 'asks'
  if (failures > 0 || (strict && isWarned)) return 'fails'
  if (federation === 'unknown' || clients === 'unknown') return 'unknown'
  return isWarned ? 'warning' : isGood(verdict) ? 'works' : 'fails'
}
