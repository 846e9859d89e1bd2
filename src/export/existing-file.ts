import { lstatSync, readFileSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { join } from 'node:path'
import { attempt } from './export-error.ts'

/** A file that is there already, or why it can't be used. */
export type ExistingFile =
  | { readonly content: Buffer, readonly fault?: never }
  | { readonly content?: never, readonly fault: string }

/** In bytes: more than any file that is exported, or that it could be merged with. */
const maxSize = 16_777_216

/**
 * Reads a regular file in a folder. Symbolic links in the folder count as faults: they may lead out of it.
 *
 * @param path relative to the folder, with slashes.
 * @returns undefined if there is no file.
 * @throws {ExportError} if the file system refuses it.
 */
export function readExistingFile (folder: string, path: string): ExistingFile | undefined {
  const parts = path.split('/')
  for (const [index] of parts.entries()) {
    const place = join(folder, ...parts.slice(0, index + 1))
    const stats = attempt(place, () => lstatSync(place, { throwIfNoEntry: false }))
    if (stats === undefined) return undefined
    const fault = index + 1 < parts.length ? explainFolder(stats) : explainFile(stats)
    if (fault !== undefined) return { fault: `${place}: ${fault}; ${moveAway}` }
  }
  const place = join(folder, path)
  return { content: attempt(place, () => readFileSync(place)) }
}

/** What to do about a file that is in the way. */
export const moveAway = 'move it away, then export again'

function explainFolder (stats: Stats): string | undefined {
  return explainLink(stats) ?? (stats.isDirectory() ? undefined : 'not a folder')
}

function explainFile (stats: Stats): string | undefined {
  if (stats.size > maxSize) return `larger than ${maxSize} bytes`
  return explainLink(stats) ?? (stats.isFile() ? undefined : 'not a regular file')
}

function explainLink (stats: Stats): string | undefined {
  return stats.isSymbolicLink() ? 'a symbolic link, which may lead out of the folder' : undefined
}
