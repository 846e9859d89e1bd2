import { findInvalidValue } from '../matrix/invalid-value.ts'
import { parseServerName } from '../matrix/server-name.ts'
import { UsageError } from './command-line.ts'

/**
 * A line about each name that isn't valid.
 *
 * @param subject where the name is, to begin the line with.
 */
export function findNameFaults (names: readonly string[], subject = 'The server name'): string[] {
  return names.flatMap(name => {
    const invalid = findInvalidValue(parseServerName, name)
    return invalid === undefined ? [] : [`${subject} is ${invalid.message}`]
  })
}

/** @throws {UsageError} about every name that isn't valid. */
export function requireServerNames (names: readonly string[], subject?: string): void {
  const faults = findNameFaults(names, subject)
  if (faults.length > 0) throw new UsageError(faults.join('\n'))
}
