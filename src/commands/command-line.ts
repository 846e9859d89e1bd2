import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'
import { quote } from '../matrix/printable.ts'

/** A command or an option that doesn't exist. */
export interface UnknownWord {
  readonly word: string
  /** Those that do exist. */
  readonly known: readonly string[]
}

/** The command line is wrong; the message names the option, the value and the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'ERR_USAGE'
  readonly unknown: UnknownWord | undefined

  constructor (message: string, unknown?: UnknownWord) {
    super(message)
    this.unknown = unknown
  }
}

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T, allowPositionals: true, args: string[] }>>

/**
 * Splits the arguments of a command into options and the rest.
 *
 * @throws {UsageError} if there is an unknown option, or one without its value.
 */
export function parseCommandLine<T extends Options> (args: readonly string[], options: T): Parsed<T> {
  const config = { args: [...args], allowPositionals: true, options } as const
  // Node's own messages don't say what to write instead.
  const { tokens } = parseArgs({ ...config, strict: false, tokens: true })
  for (const token of tokens) if (token.kind === 'option') checkOption(token, options)
  return parseArgs(config)
}

interface OptionToken {
  readonly name: string
  /** As written, with its hyphens. */
  readonly rawName: string
  readonly value: string | undefined
  /** Whether the value follows a "=". */
  readonly inlineValue: boolean | undefined
}

function checkOption ({ name, rawName, value, inlineValue }: OptionToken, options: Options): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option === undefined) {
    const known = Object.keys(options).map(other => `--${other}`)
    throw new UsageError(`Unknown option ${quote(rawName)}.`, { word: rawName, known })
  }
  if (option.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value: leave out ${quote(`=${value}`)}.`)
  } else if (value === undefined || (inlineValue !== true && /^-./s.test(value))) {
    throw new UsageError(`${rawName} has no value: use ${rawName}=VALUE.`)
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
