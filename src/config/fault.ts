import { escapeUnseen, isKeyFile, quote } from '../matrix/printable.ts'
import { describePath, explainSchemaError, errorPath, withoutRepeatedErrors } from '../matrix/schema-error.ts'
import type { SchemaError } from '../matrix/schema-error.ts'
import { settingFormats } from './setting-formats.ts'
import { parseJson } from './json-text.ts'
import { maxDepthOf, settings } from './settings.ts'
import type { SettingName } from './settings.ts'

/** A wrong setting, with a line that names the variable, its value, the fault and the fix. */
export interface Fault {
  /** Undefined if it is the file that is wrong. */
  readonly variable: string | undefined
  readonly message: string
}

/** What is valid but probably not intended, in one line. */
export interface Warning {
  /** Undefined if no single variable causes it. */
  readonly variable: string | undefined
  readonly message: string
}

/** Every fault of the settings. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'ERR_CONFIG'
  readonly faults: readonly Fault[]
  /** What may have caused the faults: misspelled names, and lines of `.env` that are ignored. */
  readonly warnings: readonly Warning[]

  constructor (faults: readonly Fault[], warnings: readonly Warning[]) {
    super(faults.map(fault => fault.message).join('\n'))
    this.faults = faults
    this.warnings = warnings
  }
}

/** A fault or warning with the name of its file in front. */
export function inFile<Line extends Warning> (file: string, line: Line): Line {
  return { ...line, message: `${file}: ${line.message}` }
}

/** Ajv's errors about the value of a setting, in words. */
export function explainSchemaErrors (variable: SettingName, errors: readonly SchemaError[]): Fault[] {
  return withoutRepeatedErrors(errors).map(error => explainFault(variable, errorPath(error), error))
}

/** The fault of a required setting that is not set. */
export function explainMissing (variable: SettingName): Fault {
  const { description, examples: [example] } = settings[variable]
  const fix = `set it to ${description}, for example ${variable}=${String(example)}`
  return { variable, message: `${variable} isn't set; ${fix}` }
}

function explainFault (variable: SettingName, path: readonly string[], error: SchemaError): Fault {
  const [value, explanation] = path.length === 0
    ? explainSetting(variable, error)
    : explainSchemaError(error, settingFormats)
  const subject = path.length === 0 ? variable : `${variable}, ${describePath(path)},`
  return { variable, message: `${subject} is ${value}: ${explanation}` }
}

/** What is wrong with the value of a whole setting, as opposed to a part of it. */
function explainSetting (variable: SettingName, error: SchemaError): [value: string, explanation: string] {
  const { keyword, params, data } = error
  switch (keyword) {
    case 'type':
      // A setting that is not a string is written as JSON; text that is not JSON arrives unchanged.
      return [quote(data), explainJson(variable, String(params.type), data)]
    case 'enum':
      return [quote(data), `unknown value; use one of ${(params.allowedValues as string[]).join(', ')}`]
    case 'minimum':
    case 'maximum':
      return [quote(data), `out of range; use a number from ${range(variable)}`]
    default:
      return explainSchemaError(error, settingFormats)
  }
}

function explainJson (variable: SettingName, type: string, data: unknown): string {
  const example = JSON.stringify(settings[variable].examples[0])
  if (type === 'boolean') return 'not a boolean; use true or false'
  if (type === 'integer') return `not a whole number; use one such as ${example}`
  const fix = `write one such as ${example}`
  // The messages of JSON.parse repeat a part of the text.
  if (typeof data !== 'string' || isKeyFile(data)) return `not a JSON ${type}; ${fix}`
  try {
    parseJson(data, maxDepthOf(variable))
    return `not a JSON ${type}; ${fix}`
  } catch (error) {
    const { message } = error as Error
    if (!(error instanceof SyntaxError)) return message
    // V8 repeats a part of the text, whatever it contains.
    const reason = escapeUnseen(message.replace(/, (\.{3})?".*"(\.{3})? is not valid JSON$/s, ''))
    return `not JSON (${reason}); write a JSON ${type} such as ${example}`
  }
}

function range (variable: SettingName): string {
  const { minimum, maximum } = settings[variable] as { minimum?: number, maximum?: number }
  return `${minimum} to ${maximum}`
}
