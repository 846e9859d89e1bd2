import { existsSync } from 'node:fs'
import type { Dir } from 'node:fs'
import { access, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { hostsOf } from '../../site/hosts.ts'
import { findHostConflicts } from './host-claims.ts'
import type { Claim } from './host-claims.ts'
import { loadSiteFile } from './site-file.ts'
import type { SiteFile } from './site-file.ts'

/** Far more than one process can serve. */
const defaultMaxFiles = 1_000_000

/** A folder of sites can't be read; the message has the fault and the fix. */
export class SiteFolderError extends Error {
  override readonly name = 'SiteFolderError'
  readonly code = 'ERR_SITE_FOLDER'
}

/**
 * The paths of the site files in a folder, sorted: those that end in `.env`, without hidden ones, which some editors
 * and Kubernetes create.
 *
 * @throws {SiteFolderError} if the folder can't be read.
 */
export async function listSiteFiles (folder: string, maxFiles?: number): Promise<string[]> {
  return [...await openSiteFolder(folder, maxFiles)].sort()
}

/**
 * The same in the order of the file system, read as they are asked for: a list of 100,000 files would block requests.
 *
 * @throws {SiteFolderError} if the folder can't be opened; the generator throws it, too.
 */
export async function openSiteFolder (folder: string, maxFiles = defaultMaxFiles): Promise<Generator<string>> {
  try {
    // A folder can be listed without the permission to read its files, and then each of them would be a fault.
    await access(`${folder}/.`)
    return readSiteFiles(await opendir(folder, { bufferSize: 256 }), join(folder, '/'), maxFiles)
  } catch (error) {
    throw explainFolderError(error as NodeJS.ErrnoException)
  }
}

function * readSiteFiles (folder: Dir, prefix: string, maxFiles: number): Generator<string> {
  try {
    let count = 0
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (!isSiteFile(entry.name)) continue
      if (++count > maxFiles) {
        const fix = 'use several processes, each with a folder of its own'
        throw new SiteFolderError(`has more than ${maxFiles} files; ${fix}`)
      }
      // Faster than join.
      yield `${prefix}${entry.name}`
    }
  } finally {
    folder.closeSync()
  }
}

/**
 * Loads all files of a folder, and finds hosts that two of them claim.
 *
 * @param own the hosts that the environment's site has.
 */
export async function loadSiteFolder (folder: string, own?: Claim): Promise<SiteFile[]> {
  const files = (await listSiteFiles(folder)).map(loadSiteFile)
  const claims = files.flatMap(({ file, config }) => config === undefined ? [] : { file, hosts: hostsOf(config.site) })
  const conflicts = findHostConflicts(claims, host => own?.hosts.includes(host) === true ? own : undefined)
  return files.map(site => {
    const faults = conflicts.get(site.file)
    return faults === undefined ? site : { ...site, config: undefined, faults }
  })
}

/** What is wrong with a folder that has no site file, and the fix. */
export function explainEmptyFolder (folder: string): string {
  const dotEnv = join(folder, '.env')
  const fix = existsSync(dotEnv)
    ? `to validate ${dotEnv}, use its path`
    : 'name each file after its site, such as example.com.env'
  return `has no file for a site: their names end in .env and don't start with "."; ${fix}`
}

function isSiteFile (name: string): boolean {
  return name.endsWith('.env') && !name.startsWith('.')
}

function explainFolderError ({ code = '', message }: NodeJS.ErrnoException): SiteFolderError {
  return new SiteFolderError(folderFaults.get(code) ?? `can't be read (${message}); use the path of another folder`)
}

const folderFaults: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such folder; create it, or use the path of another one'],
  ['ENOTDIR', 'not a folder; use the path of one'],
  ['EACCES', 'no permission to read its files; give the user of this process "r" and "x" on the folder']
])
