import { escapeUnseen, isKeyFile, quote } from '../matrix/printable.ts'
import { describePath, explainSchemaError, errorPath, withoutRepeatedErrors } from '../matrix/schema-error.ts'
import type { SchemaError } from '../matrix/schema-error.ts'
import { settingFormats } from './setting-formats.ts'
import { parseJson } from './json-text.ts'
import { settings } from './settings.ts'
import type { SettingName } from './settings.ts'

/** A setting that is wrong, and a line that names the variable, its value, the fault and the mend. */
export interface Fault {
  readonly variable: string
  readonly message: string
}

/** All that is wrong with the settings, to be told at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'ERR_CONFIG'
  readonly faults: readonly Fault[]
  /** What may have led to the faults: names that look misspelled. */
  readonly warnings: readonly string[]

  constructor (faults: readonly Fault[], warnings: readonly string[]) {
    super(faults.map(fault => fault.message).join('\n'))
    this.faults = faults
    this.warnings = warnings
  }
}

/** Ajv's errors in a user's words. */
export function explainSchemaErrors (errors: readonly SchemaError[]): Fault[] {
  return withoutRepeatedErrors(errors).map(error => {
    const [variable = '', ...path] = errorPath(error)
    if (variable === '') return missing(String(error.params.missingProperty))
    return explainFault(variable as SettingName, path, error)
  })
}

function missing (variable: string): Fault {
  const { description, examples: [example] } = settings[variable as SettingName]
  return { variable, message: `${variable} is not set: write ${description}, such as ${variable}=${String(example)}` }
}

function explainFault (variable: SettingName, path: readonly string[], error: SchemaError): Fault {
  const [value, explanation] = path.length === 0 ? explainSetting(variable, error) : explainSchemaError(error, settingFormats)
  const subject = path.length === 0 ? variable : `${variable}, ${describePath(path)},`
  return { variable, message: `${subject} is ${value}: ${explanation}` }
}

/** What is wrong with the value of a whole setting, and not with something inside. */
function explainSetting (variable: SettingName, error: SchemaError): [value: string, explanation: string] {
  const { keyword, params, data } = error
  switch (keyword) {
    case 'type':
      // A setting that is no string is written as JSON; what could not be read as JSON came here as it was.
      return [quote(data), explainJson(String(params.type), data, JSON.stringify(settings[variable].examples[0]))]
    case 'enum':
      return [quote(data), `write one of ${(params.allowedValues as string[]).join(', ')}`]
    case 'minimum':
    case 'maximum':
      return [quote(data), `write a number from ${range(variable)}`]
    default:
      return explainSchemaError(error, settingFormats)
  }
}

function explainJson (type: string, data: unknown, example: string): string {
  if (type === 'boolean') return 'write true or false'
  if (type === 'integer') return `write a whole number such as ${example}`
  // The words of JSON.parse repeat a part of the text.
  if (typeof data !== 'string' || isKeyFile(data)) return `not a JSON ${type}, write one such as ${example}`
  try {
    parseJson(data)
    return `not a JSON ${type}, write one such as ${example}`
  } catch (error) {
    const { message } = error as Error
    if (!(error instanceof SyntaxError)) return message
    // V8 repeats a part of the text, without any regard to what is in it.
    const reason = escapeUnseen(message.replace(/, (\.{3})?".*"(\.{3})? is not valid JSON$/s, ''))
    return `not JSON (${reason}), write a JSON ${type} such as ${example}`
  }
}

function range (variable: SettingName): string {
  const { minimum, maximum } = settings[variable] as { minimum?: number, maximum?: number }
  return `${minimum} to ${maximum}`
}
