import { findInvalidValue } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'
import { parseServerName } from '../matrix/server-name.ts'
import { UsageError } from './command-line.ts'

/** @throws {UsageError} about every name that isn't valid. */
export function requireServerNames (names: readonly string[]): void {
  const lines = names.flatMap(name => {
    const invalid = findInvalidValue(parseServerName, name)
    return invalid === undefined ? [] : [`The server name is ${quote(name)}: ${invalid.explanation}`]
  })
  if (lines.length > 0) throw new UsageError(lines.join('\n'))
}
