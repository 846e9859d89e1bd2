import { findInvalidValue } from './invalid-value.ts'
import { quote } from './printable.ts'
import type { InvalidValueError } from './invalid-value.ts'
import type { StringFormats } from './string-formats.ts'

/** The parts of an error of Ajv that are read here. */
export interface SchemaError {
  keyword: string
  instancePath: string
  schemaPath: string
  params: Record<string, unknown>
  schema?: unknown
  data?: unknown
}

/** Ajv's errors without those that only repeat that a branch of a schema doesn't match. */
export function withoutRepeatedErrors (errors: readonly SchemaError[]): SchemaError[] {
  return errors.filter(({ keyword, schemaPath }) => keyword !== 'if' && !schemaPath.includes('/anyOf/'))
}

/** The keys and indices that lead to the value. @see https://www.rfc-editor.org/rfc/rfc6901#section-4 */
export function errorPath ({ instancePath }: SchemaError): string[] {
  return instancePath.split('/').slice(1).map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The keys that an object should have, at least one of them; empty if that is not the error. */
export function missingKeys (
  { keyword, params, schema }: Pick<SchemaError, 'keyword' | 'params' | 'schema'>
): string[] {
  if (keyword === 'required') return [String(params.missingProperty)]
  return keyword === 'anyOf' ? (schema as { required: string[] }[]).flatMap(({ required }) => required) : []
}

/** A path in words: `"contacts", entry 1, "role"`. */
export function describePath (path: readonly string[]): string {
  return path.map(segment => /^\d+$/.test(segment) ? `entry ${Number(segment) + 1}` : quote(segment)).join(', ')
}

/** The value in a form that may be printed, and the fault and the fix. */
export function explainSchemaError (
  { keyword, params, schema, data }: SchemaError,
  formats: StringFormats
): [value: string, explanation: string] {
  switch (keyword) {
    case 'format': {
      // The same function has refused it before.
      const parse = formats[String(params.format)] as StringFormats[string]
      const { input, explanation } = findInvalidValue(parse, String(data)) as InvalidValueError
      return [quote(input), explanation]
    }
    case 'type':
      return [quote(data), typeFaults[params.type as keyof typeof typeFaults]]
    case 'required':
    case 'anyOf': {
      const names = missingKeys({ keyword, params, schema }).map(name => `"${name}"`)
      return [quote(data), `${names.join(' or ')} is missing; add ${names.length > 1 ? 'at least one of them' : 'it'}`]
    }
    default:
      // minItems
      return [quote(data), 'has no entries; add at least one, or remove it']
  }
}

const typeFaults = {
  string: 'not a string; write one in double quotes',
  boolean: 'not a boolean; write true or false, without quotes',
  object: 'not an object; write one in { }',
  array: 'not a list; write one in [ ]'
}
