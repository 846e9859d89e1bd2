import type { Document } from '../site/documents.ts'
import type { Site } from '../site/site.ts'
import { ExportError } from './export-error.ts'
import { buildPublication } from './publication.ts'
import type { Output, OutputFile, Target } from './target.ts'

/** A site with its documents, built once. */
export interface SiteToExport {
  readonly site: Site
  readonly documents: readonly Document[]
}

/**
 * Builds all files of an export.
 *
 * @param hasFolders whether each site gets a folder of its own, named after it.
 * @throws {ExportError} if a document has the name of a file that the target needs.
 */
export function buildExport (target: Target, sites: readonly SiteToExport[], hasFolders: boolean): Required<Output> {
  const outputs = sites.map(({ site, documents }) => {
    const output = target.build(buildPublication(site, documents))
    return hasFolders ? moveToFolder(output, site.serverName) : output
  })
  const files = outputs.flatMap(output => output.files)
  const twice = files.filter(hasSamePathBefore())
  if (twice.length > 0) {
    throw new ExportError(twice.map(({ path }) =>
      `${path}: the name of a document, and of another file that this host needs; rename the document`))
  }
  const [first, ...others] = sites
  const about = first !== undefined && others.length > 0
    ? [`Each site has a folder of its own. This is for ${first.site.serverName}: do the same for each of the others.`]
    : []
  return {
    files,
    // They are the same for each site, except for its name.
    notes: [...about, ...outputs[0]?.notes ?? []],
    warnings: outputs.flatMap(({ warnings = [] }) => warnings)
  }
}

function moveToFolder ({ files, notes, warnings = [] }: Output, folder: string): Output {
  return {
    files: files.map(file => moveFile(file, folder)),
    notes,
    warnings: warnings.map(warning => `${folder}: ${warning}`)
  }
}

function moveFile (file: OutputFile, folder: string): OutputFile {
  const { path, unless } = file
  return { ...file, path: `${folder}/${path}`, ...unless !== undefined && { unless: moveFile(unless, folder) } }
}

function hasSamePathBefore (): (file: OutputFile) => boolean {
  const seen = new Set<string>()
  return ({ path }) => seen.size === seen.add(path).size
}
