import { isGood } from './verdict.ts'
import type { Verdict } from './verdict.ts'

/** Whether nothing fails. What works only sometimes, or could not be checked, is no success. */
export function isSuccess (verdict: Verdict, strict: boolean): boolean {
  const { failures, warnings } = verdict
  return isGood(verdict) && failures === 0 && !(strict && warnings > 0)
}
