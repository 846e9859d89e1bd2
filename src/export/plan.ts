import { join } from 'node:path'
import { moveAway, readExistingFile } from './existing-file.ts'
import type { ExistingFile } from './existing-file.ts'
import { ExportError } from './export-error.ts'
import { hashContent, isDocumentPath } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import type { OutputFile } from './target.ts'

/** What an export does to each file, or leaves to do. Paths are relative to the folder. */
export interface Plan {
  readonly written: readonly OutputFile[]
  readonly unchanged: readonly OutputFile[]
  /** Files of the site that lack something of ours. */
  readonly toMerge: readonly OutputFile[]
  /** Documents of an earlier export that are no longer configured. */
  readonly removed: readonly string[]
  /** Other files of an earlier export that this one has no use for. They stay. */
  readonly leftOver: readonly string[]
}

/**
 * Compares files with those in a folder. One that the manifest has, and that is unchanged since, is ours: it is
 * replaced, or removed if it is a document that is no longer wanted. All others stay as they are.
 *
 * @throws {ExportError} if others are in the way, with all of them.
 */
export function planFiles (folder: string, files: readonly OutputFile[], manifest: Manifest): Plan {
  const chosen = files.map(file => chooseFile(folder, file, manifest))
  const compared = chosen.map(file => ({ file, ...compareFile(folder, file, manifest) }))
  const faults = compared.flatMap(({ fault }) => fault ?? [])
  if (faults.length > 0) throw new ExportError([...new Set(faults)])
  const select = (wanted: Comparison['state']): OutputFile[] =>
    compared.flatMap(({ file, state }) => state === wanted ? file : [])
  const paths = new Set(chosen.map(({ path }) => path))
  const others = [...manifest.keys()]
    .filter(path => !paths.has(path))
    .map(path => ({ path, existing: readExistingFile(folder, path) }))
    .filter(({ existing }) => existing !== undefined)
  const isRemoved = ({ path, existing }: typeof others[number]): boolean =>
    isDocumentPath(path) && isOurs(manifest, path, existing)
  return {
    written: select('written'),
    unchanged: select('unchanged'),
    toMerge: select('to-merge'),
    removed: others.filter(isRemoved).map(({ path }) => path),
    leftOver: others.filter(other => !isRemoved(other)).map(({ path }) => path)
  }
}

/** Another file in place of one that would break the site, unless the site has that one, too. */
function chooseFile (folder: string, file: OutputFile, manifest: Manifest): OutputFile {
  const { path, unless } = file
  if (unless === undefined || readExistingFile(folder, unless.path) === undefined) return file
  const existing = readExistingFile(folder, path)
  return existing === undefined || isOurs(manifest, path, existing) ? unless : file
}

interface Comparison {
  readonly state?: 'written' | 'unchanged' | 'to-merge'
  readonly fault?: string
}

function compareFile (folder: string, { path, text, shared }: OutputFile, manifest: Manifest): Comparison {
  const existing = readExistingFile(folder, path)
  if (existing === undefined) return { state: 'written' }
  const { content, fault } = existing
  if (fault !== undefined) return { fault }
  if (content.equals(Buffer.from(text))) return { state: 'unchanged' }
  if (isOurs(manifest, path, existing)) return { state: 'written' }
  if (shared !== undefined) return { state: shared.isIn(content.toString()) ? 'unchanged' : 'to-merge' }
  return { fault: `${join(folder, path)}: it wasn't written by export, or changed since; ${moveAway}` }
}

function isOurs (manifest: Manifest, path: string, existing: ExistingFile | undefined): boolean {
  return existing?.content !== undefined && manifest.get(path)?.includes(hashContent(existing.content)) === true
}
