import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'
import { quote } from '../matrix/printable.ts'

/** The command line is wrong; the message names the option, the value and the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'ERR_USAGE'
}

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T, allowPositionals: true, args: string[] }>>

/**
 * Splits the arguments of a command into options and the rest.
 *
 * @throws {UsageError} if there is an unknown option, or one without its value.
 */
export function parseCommandLine<T extends Options> (args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    // The sentences after the first one are Node's own hints.
    throw new UsageError(`${(error as Error).message.split('. ', 1)}.`)
  }
}

/**
 * Whether a command that takes no arguments is asked for its usage.
 *
 * @throws {UsageError} if there is anything else.
 */
export function parseHelpOnly (args: readonly string[]): boolean {
  const { values, positionals: [argument] } = parseCommandLine(args, { help: { type: 'boolean', short: 'h' } })
  if (argument !== undefined) throw new UsageError(`Unexpected argument ${quote(argument)}.`)
  return values.help === true
}

/** @throws {UsageError} if an option has a value other than those. */
export function parseChoice<Value extends string> (option: string, value: string, choices: readonly Value[]): Value {
  const found = choices.find(choice => choice === value)
  if (found === undefined) throw new UsageError(`${option} is ${quote(value)}: use one of ${choices.join(', ')}`)
  return found
}
