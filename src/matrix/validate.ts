import { Ajv } from 'ajv'
import type { CodeOptions } from 'ajv'
import { buildFormatTests } from './format-tests.ts'
import type { SchemaError } from './schema-error.ts'
import type { StringFormats } from './string-formats.ts'

/**
 * An Ajv that knows these formats. It compiles each schema once, when it is first used, and reports all errors.
 *
 * It never converts a value: "true" in quotes inside a document would be served as it is, and readers would refuse it.
 *
 * @param code by default not optimized, because that takes longer to generate and is no faster.
 */
export function buildAjv (formats: StringFormats, code: CodeOptions = { optimize: false }): Ajv {
  return new Ajv({
    allErrors: true,
    verbose: true,
    addUsedSchema: false,
    // The tests validate the schemas; compiling the schema of schemas at each start takes as long as all of ours.
    meta: false,
    validateSchema: false,
    code,
    formats: buildFormatTests(formats)
  })
}

/** What is wrong with a value by a schema, which has to be the same object each time: another one is compiled again. */
export function findSchemaErrors (ajv: Ajv, schema: object, value: unknown): SchemaError[] {
  const validate = ajv.compile(schema)
  validate(value)
  return validate.errors ?? []
}
