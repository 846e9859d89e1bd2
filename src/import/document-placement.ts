import { settingOfKey } from '../config/document-settings.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { documentNames, documentPath, isDocumentName } from '../site/documents.ts'
import type { DocumentName } from '../site/documents.ts'
import { describeMisplacedKey, findMisplacedKeys } from '../site/misplaced-keys.ts'
import type { MisplacedKey } from '../site/misplaced-keys.ts'
import type { Draft } from './draft.ts'

type Documents = Map<string, JsonObject>

/** Moves keys to where readers look for them: into their own document, and to their whole or present name. */
export function placeKeys (source: ReadonlyMap<string, JsonObject>, draft: Draft): Documents {
  const documents = new Map(source)
  for (const name of documentNames) {
    for (const misplaced of findMisplacedKeys(name, source.get(name) ?? {})) place(documents, name, misplaced, draft)
  }
  // A document of which nothing is left was one by mistake.
  for (const [name, content] of source) {
    if (isDocumentName(name) && Object.keys(content).length > 0 && isEmpty(documents.get(name))) documents.delete(name)
  }
  return documents
}

function place (documents: Documents, name: DocumentName, misplaced: MisplacedKey, draft: Draft): void {
  const content: JsonObject = { ...documents.get(name) }
  const { key } = misplaced
  const owner = misplaced.kind === 'other-document' ? misplaced.document : name
  draft.remark('fixed', settingOfKey(owner, key), `${documentPath(name)}: ${describeMisplacedKey(misplaced)}`)
  switch (misplaced.kind) {
    case 'renamed': {
      const { [misplaced.found]: value, ...rest } = content
      documents.set(name, { ...rest, [key]: value })
      return
    }
    case 'dots': {
      const [outer, inner] = misplaced.path
      const { [outer]: object, ...rest } = content
      const { [inner]: value, ...others } = Object(object) as JsonObject
      documents.set(name, { ...rest, ...Object.keys(others).length > 0 && { [outer]: others }, [key]: value })
      return
    }
    case 'other-document': {
      const { [key]: value, ...rest } = content
      documents.set(name, rest)
      const target = documents.get(owner) ?? {}
      if (!Object.hasOwn(target, key)) documents.set(owner, { ...target, [key]: value })
    }
  }
}

function isEmpty (content: JsonObject | undefined): boolean {
  return content !== undefined && Object.keys(content).length === 0
}
