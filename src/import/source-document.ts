import type { JsonObject } from '../matrix/json-object.ts'
import { describePath } from '../matrix/schema-error.ts'
import { readJsonObject } from '../check/network/json-body.ts'
import type { JsonFault } from '../check/network/json-body.ts'
import { documentKind, documentNames, documentPath } from '../site/documents.ts'
import type { DocumentName } from '../site/documents.ts'
import { findMisplacedKeys } from '../site/misplaced-keys.ts'
import type { Describe } from './description.ts'
import { repairJson } from './json-repair.ts'

/** The content of a document, also if only what is around it is wrong; or why it has no content. */
export interface SourceReading {
  readonly content: JsonObject | undefined
  readonly fault?: JsonFault | undefined
}

/** What can be wrong although it is obvious which JSON was meant. */
const repairable: ReadonlySet<JsonFault | undefined> = new Set<JsonFault>(['bom', 'trailing', 'json'])

/** Reads a document as strict readers do, after what people write besides JSON has been repaired. */
export function readSourceDocument (body: Uint8Array): SourceReading {
  const { content, fault } = readJsonObject(body)
  if (!repairable.has(fault)) return { content, fault }
  // Without its byte order mark.
  const text = repairJson(new TextDecoder().decode(body))
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
