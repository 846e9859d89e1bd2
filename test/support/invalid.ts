import { findInvalidValue } from '../../src/matrix/invalid-value.ts'

/** What a function finds wrong with a value: the code, the fault, and the better value where one is offered. */
export function invalid (run: () => unknown): [code: string, fault: string, better?: string] {
  const invalidValue = findInvalidValue(run, '')
  if (invalidValue === undefined) throw new Error('nothing was thrown')
  const { code, fault, better } = invalidValue
  return better === undefined ? [code, fault] : [code, fault, better]
}
