import { findInvalidity, quote } from '../matrix/invalid-value.ts'
import type { InvalidValueError } from '../matrix/invalid-value.ts'
import { formats } from './formats.ts'
import { parseJson } from './json.ts'
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

/** What Ajv says of a value that breaks its schema, as far as it is read here. */
export interface SchemaError {
  keyword: string
  instancePath: string
  schemaPath: string
  params: Record<string, unknown>
  data?: unknown
}

/** Ajv's errors in a user's words, without those that only repeat that a branch of a schema did not fit. */
export function explainSchemaErrors (errors: readonly SchemaError[]): Fault[] {
  return errors
    .filter(({ keyword, schemaPath }) => keyword !== 'if' && !schemaPath.includes('/anyOf/'))
    .map(error => {
      const [variable = '', ...path] = error.instancePath.split('/').slice(1).map(unescapePointer)
      if (variable === '') return missing(String(error.params.missingProperty))
      return explain(variable as SettingName, path, error)
    })
}

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-4 */
function unescapePointer (segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~')
}

function missing (variable: string): Fault {
  const { description, examples: [example] } = settings[variable as SettingName]
  return { variable, message: `${variable} is not set: write ${description}, such as ${variable}=${String(example)}` }
}

function explain (variable: SettingName, path: readonly string[], error: SchemaError): Fault {
  const [value, advice] = advise(variable, path, error)
  const place = path.map(segment => /^\d+$/.test(segment) ? `entry ${Number(segment) + 1}` : `"${segment}"`)
  const subject = place.length === 0 ? variable : `${variable}, ${place.join(', ')},`
  return { variable, message: `${subject} is ${value}: ${advice}` }
}

/** The value as it may be shown, and the fault and the mend. */
function advise (variable: SettingName, path: readonly string[], error: SchemaError): [value: string, advice: string] {
  const { keyword, params, data } = error
  const example = JSON.stringify(settings[variable].examples[0])
  switch (keyword) {
    case 'format': {
      // The format has refused it, so there is something to say.
      const { input, advice } = findInvalidity(formats[params.format as keyof typeof formats], String(data)) as InvalidValueError
      return [quote(input), advice]
    }
    case 'type':
      // A setting that is no string is written as JSON; what could not be read as JSON came here as it was.
      return [quote(data), path.length > 0 ? wanted[params.type as keyof typeof wanted] : adviseOnJson(String(params.type), data, example)]
    case 'required':
      return [quote(data), `"${String(params.missingProperty)}" is missing, write it as well`]
    case 'anyOf':
      return [quote(data), '"matrix_id" or "email_address" is missing, write at least one of them']
    case 'enum':
      return [quote(data), `write one of ${(params.allowedValues as string[]).join(', ')}`]
    case 'minItems':
      return [quote(data), 'no entry, write at least one or leave it out']
    default:
      // minimum, maximum
      return [quote(data), `write a number from ${range(variable)}`]
  }
}

const wanted = {
  string: 'write a string in double quotes',
  boolean: 'write true or false, without quotes',
  object: 'write an object in { }',
  array: 'write a list in [ ]'
}

function adviseOnJson (type: string, data: unknown, example: string): string {
  if (type === 'boolean') return 'write true or false'
  if (type === 'integer') return `write a whole number such as ${example}`
  if (typeof data !== 'string') return `not a JSON ${type}, write one such as ${example}`
  try {
    parseJson(data)
    return `not a JSON ${type}, write one such as ${example}`
  } catch (error) {
    const { message } = error as Error
    return error instanceof SyntaxError ? `not JSON (${message}), write a JSON ${type} such as ${example}` : message
  }
}

function range (variable: SettingName): string {
  const { minimum, maximum } = settings[variable] as { minimum?: number, maximum?: number }
  return `${minimum} to ${maximum}`
}
