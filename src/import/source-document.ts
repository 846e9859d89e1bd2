import type { JsonObject } from '../matrix/json-object.ts'
import { describePath } from '../matrix/schema-error.ts'
import { readJsonObject } from '../check/network/json-body.ts'
import type { JsonFault } from '../check/network/json-body.ts'
import { documentKind, documentNames, documentPath } from '../site/documents.ts'
import type { DocumentName } from '../site/documents.ts'
import { findMisplacedKeys } from '../site/misplaced-keys.ts'
import type { Describe } from './description.ts'

/** The content of a document, also if only what is around it is wrong; or why it has no content. */
export interface SourceReading {
  readonly content: JsonObject | undefined
  readonly fault?: JsonFault | undefined
}

/** Reads a document as strict readers do, but without a byte order mark, and without what follows its JSON. */
export function readSourceDocument (body: Uint8Array): SourceReading {
  const { content, fault } = readJsonObject(body)
  if (fault !== 'bom' && fault !== 'trailing') return { content, fault }
  const text = new TextDecoder().decode(body)
  return { content: readJsonObject(new TextEncoder().encode(text.slice(0, lengthOfJson(text)))).content, fault }
}

/** How long the JSON at the start of a text is. */
function lengthOfJson (text: string): number {
  try {
    JSON.parse(text)
    return text.length
  } catch (error) {
    return Number(/at position (\d+)/.exec(String(error))?.[1])
  }
}

/** Which document has such keys; undefined if they are not those of one. */
export function recognizeDocument (content: JsonObject): DocumentName | undefined {
  return documentNames.find(name =>
    Object.keys(documentKind(name).settings).some(key => Object.hasOwn(content, key)) ||
    findMisplacedKeys(name, content).some(({ kind }) => kind !== 'other-document'))
}

/** Says where a value is in the documents that readers get. */
export const describePlace: Describe = (document, path) =>
  path.length === 0 ? documentPath(document) : `${documentPath(document)}: ${describePath(path)}`
