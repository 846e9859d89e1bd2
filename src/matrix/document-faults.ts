import { documentSchemas } from './document-schemas.ts'
import type { DocumentName } from '../site/documents.ts'
import type { JsonObject } from './json-object.ts'
import { formats } from './formats.ts'
import { describePath, explainSchemaError, pathOf, withoutRepetitions } from './schema-error.ts'
import { validate } from './validate.ts'

/** What a reader would refuse in a document. */
export interface DocumentFault {
  /** The keys and indices that lead to it. */
  readonly path: readonly string[]
  /** The place, its value, the fault and the mend. */
  readonly message: string
}

/** What is wrong with a document by the rules of its readers. */
export function findDocumentFaults (name: DocumentName, content: JsonObject): DocumentFault[] {
  const { errors } = validate({ required: [name], properties: { [name]: documentSchemas[name] } }, { [name]: content }, formats)
  return withoutRepetitions(errors ?? []).map(error => {
    const path = pathOf(error).slice(1)
    const [value, advice] = explainSchemaError(error, formats)
    return { path, message: path.length === 0 ? advice : `${describePath(path)} is ${value}: ${advice}` }
  })
}
