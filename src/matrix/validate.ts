import envSchema from 'env-schema'
import { findInvalidity } from './invalid-value.ts'
import type { Formats, SchemaError } from './schema-error.ts'

/** JSON Schemas of named values, and which of the names must be there. */
export interface Properties {
  readonly required: readonly string[]
  readonly properties: Readonly<Record<string, object>>
}

/** The values, with defaults in the place of those that are missing; or every error of theirs, in Ajv's words. */
export type Validation<Values> = { readonly values: Values, readonly errors?: never } | { readonly errors: SchemaError[], readonly values?: never }

/** Judges named values by their schemas, with `format` meaning these formats. */
export function validate<Values> ({ required, properties }: Properties, data: Readonly<Record<string, unknown>>, formats: Formats): Validation<Values> {
  try {
    const values = envSchema<Values>({
      schema: { type: 'object', required, properties: pickSchemas(properties, data) },
      data,
      env: false,
      ajv: {
        customOptions (ajv) {
          // Or "true" in quotes inside a document would pass for true, be served as it is, and readers would refuse it.
          ajv.opts.coerceTypes = false
          ajv.opts.verbose = true
          for (const [format, parse] of Object.entries(formats)) ajv.addFormat(format, (text: string) => findInvalidity(parse, text) === undefined)
          return ajv
        }
      }
    })
    return { values }
  } catch (error) {
    if (error instanceof Error && 'errors' in error) return { errors: error.errors as SchemaError[] }
    throw error
  }
}

/** Of the schemas those that have something to judge, and the defaults of the others: to compile a schema takes its time. */
function pickSchemas (properties: Properties['properties'], data: Readonly<Record<string, unknown>>): Record<string, object> {
  const schemas: Record<string, object> = {}
  for (const [name, schema] of Object.entries(properties)) {
    if (Object.hasOwn(data, name)) schemas[name] = schema
    else if ('default' in schema) schemas[name] = { default: schema.default }
  }
  return schemas
}
