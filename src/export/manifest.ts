import { createHash } from 'node:crypto'
import { property, readJson } from '../matrix/json-object.ts'
import { parseDocumentName } from '../site/documents.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'

/** The file in the folder of an export that says which files the export wrote. */
export const manifestPath = '.matrix-well-known.json'

/** The files that an export wrote, by path, each with the hashes of what it may have written. */
export type Manifest = ReadonlyMap<string, readonly string[]>

/** Undefined if a text is not a manifest. */
export function parseManifest (text: string): Manifest | undefined {
  const files = property(readJson(text), 'files')
  if (typeof files !== 'object' || files === null) return undefined
  const entries = Object.entries(files)
  return entries.every(isEntry) ? new Map(entries) : undefined
}

export function renderManifest (manifest: Manifest): string {
  const about = 'Written by matrix-well-known export: the SHA-256 of its files, so that it changes no others.'
  const files = Object.fromEntries([...manifest].toSorted(([left], [right]) => left < right ? -1 : 1))
  return `${JSON.stringify({ about, files }, null, 2)}\n`
}

export function hashContent (content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Whether a path is that of a document, which an export may remove if it is no longer configured. */
export function isDocumentPath (path: string): boolean {
  const [, name] = /(?:^|\/)\.well-known\/matrix\/([^/]+)$/.exec(path) ?? []
  return name !== undefined && findInvalidValue(parseDocumentName, name) === undefined
}

function isEntry (entry: [path: string, hashes: unknown]): entry is [string, string[]] {
  const [path, hashes] = entry
  const isInside = path.split('/').every(part => /^[^\\\0]+$/.test(part) && part !== '.' && part !== '..')
  return isInside && Array.isArray(hashes) && hashes.every(hash => typeof hash === 'string')
}
