import { documentSchemas } from './document-schemas.ts'
import type { JsonObject } from './json-object.ts'
import type { SchemaError } from './schema-error.ts'
import { matrixFormats } from './string-formats.ts'
import { buildAjv, findSchemaErrors } from './validate.ts'

const ajv = buildAjv(matrixFormats)

/**
 * What is wrong with a document by its schema. In the package, bundle.js replaces this module by one with code that Ajv
 * has generated, because loading Ajv takes a fifth of the time of a check.
 */
export function findDocumentErrors (name: keyof typeof documentSchemas, content: JsonObject): SchemaError[] {
  return findSchemaErrors(ajv, documentSchemas[name], content)
}
