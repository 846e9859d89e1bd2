import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { namePath, standardInput } from '../config/standard-input.ts'
import { readFileBytes, TextFileError } from '../config/text-file.ts'
import { isDocumentName } from '../site/documents.ts'
import { ImportError } from './import-error.ts'

/** A file that a source names, or that is in a folder that it names. */
export interface SourceFile {
  readonly path: string
  readonly body: Uint8Array
  /** Which document it is by its place; undefined if only its content says that. */
  readonly document: string | undefined
}

/** More than any configuration has. */
const maxFiles = 1_000

/**
 * Reads files, and those in folders that count: documents as they are on a web server, or else all `*.yaml`, sorted, as
 * Synapse does.
 *
 * @param input what was read from standard input, if the paths have it.
 * @throws {ImportError} if one of them can't be read, or a folder has none.
 */
export function readSourceFiles (
  paths: readonly string[], input: Uint8Array | TextFileError = new Uint8Array()
): SourceFile[] {
  const faults: string[] = []
  const found = paths.flatMap(path => {
    const names = path === standardInput ? undefined : list(path)
    if (names === undefined) return [{ path, document: documentOf(path) }]
    const files = findFiles(path, names)
    if (files.length > maxFiles) {
      throw new ImportError('ERR_IMPORT_UNUSABLE', `${path}: more than ${maxFiles} files; name those to import`)
    }
    if (files.length > 0) return files
    throw new ImportError('ERR_IMPORT_UNUSABLE', `${path}: no *.yaml and no well-known documents in this folder`)
  })
  const files = found.flatMap(({ path, document }) => {
    const body = path === standardInput ? input : readFileBytes(path)
    const name = namePath(path)
    if (!(body instanceof TextFileError)) return [{ path: name, document, body }]
    faults.push(`${name}: ${body.message}`)
    return []
  })
  if (faults.length > 0) throw new ImportError('ERR_IMPORT_UNREADABLE', ...faults)
  return files
}

type Place = Pick<SourceFile, 'path' | 'document'>

function findFiles (path: string, names: readonly string[]): Place[] {
  for (const folder of [join(path, '.well-known', 'matrix'), join(path, 'matrix'), path]) {
    const inside = list(folder)?.filter(name => !name.startsWith('.') && isFile(join(folder, name))) ?? []
    const isDocument = (name: string): boolean =>
      isDocumentName(withoutExtension(name)) || documentOf(join(folder, name)) !== undefined
    if (!inside.some(isDocument)) continue
    return inside.map(name => ({ path: join(folder, name), document: withoutExtension(name) }))
  }
  return names.filter(name => name.endsWith('.yaml')).map(name => join(path, name))
    .filter(isFile).map(file => ({ path: file, document: undefined }))
}

/** The names in a folder, sorted; undefined if it is a file, or can't be read. */
function list (folder: string): string[] | undefined {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    return undefined
  }
}

/** Whether Synapse would read it: links are followed, and those that lead nowhere don't count. */
function isFile (path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The document that a web server would serve from this path. */
function documentOf (path: string): string | undefined {
  return /(?:^|\/)\.well-known\/matrix\/[^/]+$/.test(path) ? withoutExtension(basename(path)) : undefined
}

function withoutExtension (name: string): string {
  const shorter = name.replace(/\.json$/, '')
  return isDocumentName(shorter) ? shorter : name
}
