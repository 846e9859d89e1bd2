import { documentSchemas } from './document-schemas.ts'
import type { JsonObject } from './json-object.ts'
import { describePath, errorPath, explainSchemaError, withoutRepeatedErrors } from './schema-error.ts'
import { matrixFormats } from './string-formats.ts'
import { buildAjv, findSchemaErrors } from './validate.ts'

/** A value in a document that some reader refuses. */
export interface DocumentFault {
  /** The keys and indices that lead to it. */
  readonly path: readonly string[]
  /** The place, its value, the fault and the fix. */
  readonly message: string
}

const ajv = buildAjv(matrixFormats)

/** What is wrong with a document by the rules of its readers. */
export function findDocumentFaults (name: keyof typeof documentSchemas, content: JsonObject): DocumentFault[] {
  return withoutRepeatedErrors(findSchemaErrors(ajv, documentSchemas[name], content)).map(error => {
    const path = errorPath(error)
    const [value, explanation] = explainSchemaError(error, matrixFormats)
    return { path, message: path.length === 0 ? explanation : `${describePath(path)} is ${value}: ${explanation}` }
  })
}
