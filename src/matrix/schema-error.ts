import { findInvalidity } from './invalid-value.ts'
import { quote } from './printable.ts'
import type { InvalidValueError } from './invalid-value.ts'

/** What Ajv says of a value that breaks its schema, as far as it is read here. */
export interface SchemaError {
  keyword: string
  instancePath: string
  schemaPath: string
  params: Record<string, unknown>
  schema?: unknown
  data?: unknown
}

/** What `format` means in a schema: a function that takes such a string apart, or throws an InvalidValueError. */
export type Formats = Readonly<Record<string, (input: string) => unknown>>

/** Ajv's errors without those that only repeat that a branch of a schema did not fit. */
export function withoutRepetitions (errors: readonly SchemaError[]): SchemaError[] {
  return errors.filter(({ keyword, schemaPath }) => keyword !== 'if' && !schemaPath.includes('/anyOf/'))
}

/** The keys and indices that lead to the value. @see https://www.rfc-editor.org/rfc/rfc6901#section-4 */
export function pathOf ({ instancePath }: SchemaError): string[] {
  return instancePath.split('/').slice(1).map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A path for people: `"contacts", entry 1, "role"`. */
export function describePath (path: readonly string[]): string {
  return path.map(segment => /^\d+$/.test(segment) ? `entry ${Number(segment) + 1}` : quote(segment)).join(', ')
}

/** The value as it may be shown, and the fault and the mend. */
export function explainSchemaError ({ keyword, params, schema, data }: SchemaError, formats: Formats): [value: string, advice: string] {
  switch (keyword) {
    case 'format': {
      // The format has refused it, so there is something to say.
      const { input, advice } = findInvalidity(formats[String(params.format)] as Formats[string], String(data)) as InvalidValueError
      return [quote(input), advice]
    }
    case 'type':
      return [quote(data), wanted[params.type as keyof typeof wanted]]
    case 'required':
      return [quote(data), `"${String(params.missingProperty)}" is missing, write it as well`]
    case 'anyOf': {
      const names = (schema as { required: string[] }[]).flatMap(({ required }) => required).map(name => `"${name}"`)
      return [quote(data), `${names.join(' or ')} is missing, write at least one of them`]
    }
    default:
      // minItems
      return [quote(data), 'no entry, write at least one or leave it out']
  }
}

const wanted = {
  string: 'write a string in double quotes',
  boolean: 'write true or false, without quotes',
  object: 'write an object in { }',
  array: 'write a list in [ ]'
}
