import { findInvalidValue } from './invalid-value.ts'
import { quote } from './printable.ts'
import type { InvalidValueError } from './invalid-value.ts'
import type { StringFormats } from './string-formats.ts'

/** What Ajv says of a value that breaks its schema, as far as it is read here. */
export interface SchemaError {
  keyword: string
  instancePath: string
  schemaPath: string
  params: Record<string, unknown>
  schema?: unknown
  data?: unknown
}

/** Ajv's errors without those that only repeat that a branch of a schema did not fit. */
export function withoutRepeatedErrors (errors: readonly SchemaError[]): SchemaError[] {
  return errors.filter(({ keyword, schemaPath }) => keyword !== 'if' && !schemaPath.includes('/anyOf/'))
}

/** The keys and indices that lead to the value. @see https://www.rfc-editor.org/rfc/rfc6901#section-4 */
export function errorPath ({ instancePath }: SchemaError): string[] {
  return instancePath.split('/').slice(1).map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A path for people: `"contacts", entry 1, "role"`. */
export function describePath (path: readonly string[]): string {
  return path.map(segment => /^\d+$/.test(segment) ? `entry ${Number(segment) + 1}` : quote(segment)).join(', ')
}

/** The value as it may be shown, and the fault and the mend. */
export function explainSchemaError ({ keyword, params, schema, data }: SchemaError, formats: StringFormats): [value: string, explanation: string] {
  switch (keyword) {
    case 'format': {
      // The format has refused it, so there is something to say.
      const { input, explanation } = findInvalidValue(formats[String(params.format)] as StringFormats[string], String(data)) as InvalidValueError
      return [quote(input), explanation]
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
