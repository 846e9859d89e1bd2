import { InvalidValueError } from '../../src/matrix/invalid-value.ts'

/** What a function finds wrong with a value: the code, the fault, and the better value where one is offered. */
export function invalid (run: () => unknown): [code: string, fault: string, better?: string] {
  try {
    run()
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error
    const { code, fault, better } = error
    return better === undefined ? [code, fault] : [code, fault, better]
  }
  throw new Error('nothing was thrown')
}
