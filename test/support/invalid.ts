import { findInvalidValue } from '../../src/matrix/invalid-value.ts'

/** The code of the error that a function throws, and its fault and fix. */
export function invalid (run: () => unknown): [code: string, explanation: string] {
  const error = findInvalidValue(run, '')
  if (error === undefined) throw new Error('nothing was thrown')
  return [error.code, error.explanation]
}
