import { randomUUID } from 'node:crypto'
import { closeSync, fchmodSync, lstatSync, openSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readExistingFile } from './existing-file.ts'
import { attempt, ExportError } from './export-error.ts'
import { createFolder } from './folder.ts'
import { hashContent, manifestPath, parseManifest, renderManifest } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { planFiles } from './plan.ts'
import type { Plan } from './plan.ts'
import type { OutputFile } from './target.ts'

/**
 * Writes files to a folder, which is created if it isn't there, and lists them in a manifest. Each file is replaced at
 * once; a file that someone else wrote never is. If nothing has changed, nothing is written.
 *
 * @throws {ExportError} before anything is written if files are in the way, and when writing fails.
 */
export function writeFiles (folder: string, files: readonly OutputFile[]): Plan {
  attempt(folder, () => createFolder(folder))
  const manifest = readManifest(folder)
  const plan = planFiles(folder, files, manifest)
  const { written, unchanged, removed, leftOver } = plan
  const after = new Map(leftOver.map(path => [path, hashesOf(manifest, path)]))
  for (const { path, text } of [...written, ...unchanged.filter(({ path }) => manifest.has(path))]) {
    after.set(path, [hashContent(text)])
  }
  if (written.length > 0 || removed.length > 0) {
    // Whenever this is interrupted, the old and the new files are ours.
    const both = [...new Set([...manifest.keys(), ...after.keys()])].map((path): [string, string[]] =>
      [path, [...new Set([...hashesOf(manifest, path), ...hashesOf(after, path)])]])
    writeManifest(folder, new Map(both))
  }
  for (const file of written) replaceFile(folder, file)
  for (const path of removed) attempt(join(folder, path), () => unlinkSync(join(folder, path)))
  writeManifest(folder, after)
  return plan
}

function hashesOf (manifest: Manifest, path: string): readonly string[] {
  return manifest.get(path) ?? []
}

function readManifest (folder: string): Manifest {
  const { content, fault } = readExistingFile(folder, manifestPath) ?? { content: renderManifest(new Map()) }
  if (fault !== undefined) throw new ExportError([fault])
  const manifest = parseManifest(content.toString())
  if (manifest !== undefined) return manifest
  const place = join(folder, manifestPath)
  throw new ExportError([`${place}: not the list of files that export keeps there; remove it and the exported files`])
}

function writeManifest (folder: string, manifest: Manifest): void {
  const text = renderManifest(manifest)
  const existing = readExistingFile(folder, manifestPath)?.content?.toString() ?? renderManifest(new Map())
  if (existing !== text) replaceFile(folder, { path: manifestPath, text })
}

/** Writes another file next to it, and renames that. */
function replaceFile (folder: string, { path, text, isExecutable }: OutputFile): void {
  const place = join(folder, path)
  const temporary = join(dirname(place), `.${basename(place).slice(0, 64)}.${randomUUID()}.tmp`)
  attempt(place, () => {
    createFolder(dirname(place))
    const mode = lstatSync(place, { throwIfNoEntry: false })?.mode
    try {
      const file = openSync(temporary, 'wx', isExecutable === true ? 0o777 : 0o666)
      try {
        writeFileSync(file, text)
        if (mode !== undefined) fchmodSync(file, mode & 0o777)
      } finally {
        closeSync(file)
      }
      renameSync(temporary, place)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
  })
}
