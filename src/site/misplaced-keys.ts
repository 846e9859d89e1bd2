import { isJsonObject, property } from '../matrix/json-object.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { documentKind, documentNames, documentPath } from './documents.ts'
import type { DocumentName } from './documents.ts'

/**
 * A key that readers don't find where it is: it belongs in another document, its name was split at a dot (`path` leads
 * to its value), or it has another name now.
 */
export type MisplacedKey =
  | { readonly kind: 'other-document', readonly key: string, readonly document: DocumentName, readonly setting: string }
  | { readonly kind: 'dots', readonly key: string, readonly path: readonly [outer: string, inner: string] }
  | { readonly kind: 'renamed', readonly key: string, readonly found: string }

/** Keys that are meant for another document or have another name, which explains why a document is not valid. */
export function findMisplacedKeys (name: DocumentName, content: JsonObject): MisplacedKey[] {
  const has = (key: string): boolean => Object.hasOwn(content, key)
  const elsewhere = documentNames.filter(other => other !== name).flatMap(document =>
    Object.entries(documentKind(document).settings)
      .filter(([key]) => has(key) && !Object.hasOwn(documentKind(name).settings, key))
      .map(([key, setting]) => ({ kind: 'other-document' as const, key, document, setting })))
  const split = Object.keys(documentKind(name).settings).flatMap(key => {
    const [outer = '', ...rest] = key.split('.')
    const inner = rest.join('.')
    const isSplit = rest.length > 0 && !has(key) && isJsonObject(content[outer]) &&
      property(content[outer], inner) !== undefined
    return isSplit ? [{ kind: 'dots' as const, key, path: [outer, inner] as const }] : []
  })
  const isRenamed = name === 'support' && has('admins') && !has('contacts')
  return [...elsewhere, ...split, ...isRenamed ? [{ kind: 'renamed' as const, key: 'contacts', found: 'admins' }] : []]
}

/** What is wrong with the place of a key, in a sentence. */
export function describeMisplacedKey (misplaced: MisplacedKey): string {
  const { key } = misplaced
  switch (misplaced.kind) {
    case 'other-document': return `The key "${key}" belongs in ${documentPath(misplaced.document)}.`
    case 'dots': return `"${key}" is split at its dot into "${misplaced.path.join('": {"')}".`
    case 'renamed': return `The key "${misplaced.found}" is called "${key}" now.`
  }
}
