import { findDocumentErrors } from './document-errors.ts'
import type { documentSchemas } from './document-schemas.ts'
import { findInvalidValue } from './invalid-value.ts'
import type { InvalidValueError } from './invalid-value.ts'
import { isJsonObject } from './json-object.ts'
import type { JsonObject } from './json-object.ts'
import { describePath, errorPath, explainSchemaError, missingKeys, withoutRepeatedErrors } from './schema-error.ts'
import type { SchemaError } from './schema-error.ts'
import { matrixFormats } from './string-formats.ts'
import type { StringFormats } from './string-formats.ts'

/** A value in a document that some reader refuses. */
export interface DocumentFault {
  /** The keys and indices that lead to it. */
  readonly path: readonly string[]
  /** The keys that are missing there: at least one of them has to be added. */
  readonly missing: readonly string[]
  /** The place, its value, the fault and the fix. */
  readonly message: string
  /** The value that was probably meant, as the only entry; otherwise empty. */
  readonly meant: readonly unknown[]
}

/**
 * What is wrong with a document by the rules of its readers.
 *
 * @param describe writes a path in words.
 */
export function findDocumentFaults (
  name: keyof typeof documentSchemas, content: JsonObject, describe = describePath
): DocumentFault[] {
  return withoutRepeatedErrors(findDocumentErrors(name, content)).map(error => {
    const path = errorPath(error)
    const [value, explanation] = explainSchemaError(error, matrixFormats)
    const message = path.length === 0 ? explanation : `${describe(path)} is ${value}: ${explanation}`
    return { path, missing: missingKeys(error), message, meant: findMeant(error, path) }
  })
}

/** What was probably meant, for the mistakes that people make. */
function findMeant ({ keyword, params, data }: SchemaError, path: readonly string[]): unknown[] {
  if (keyword === 'format') {
    // The same function has refused it before.
    const parse = (matrixFormats as StringFormats)[String(params.format)] as StringFormats[string]
    const { suggestion } = findInvalidValue(parse, String(data)) as InvalidValueError
    return suggestion === undefined ? [] : [suggestion]
  }
  switch (keyword === 'type' ? params.type : undefined) {
    case 'boolean': return data === 'true' || data === 'false' ? [data === 'true'] : []
    case 'array': return isJsonObject(data) ? [[data]] : []
    case 'object': return typeof data === 'string' && /^m\.(homeserver|identity_server)$/.test(path.join())
      ? [{ base_url: data }]
      : []
    default: return []
  }
}
