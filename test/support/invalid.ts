import { findInvalidity } from '../../src/matrix/invalid-value.ts'

/** What a function finds wrong with a value: the code, the fault, and the better value where one is offered. */
export function invalid (run: () => unknown): [code: string, fault: string, better?: string] {
  const invalidity = findInvalidity(run, '')
  if (invalidity === undefined) throw new Error('nothing was thrown')
  const { code, fault, better } = invalidity
  return better === undefined ? [code, fault] : [code, fault, better]
}
