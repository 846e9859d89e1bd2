import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
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
 * The names of the site files in a folder, sorted: those that end in `.env`, without hidden ones, which some editors
 * and Kubernetes create.
 *
 * @throws {SiteFolderError} if the folder can't be read.
 */
export async function listSiteFiles (folder: string, maxFiles = defaultMaxFiles): Promise<string[]> {
  const names = (await readFolder(folder)).filter(isSiteFile)
  if (names.length > maxFiles) {
    throw new SiteFolderError(`has more than ${maxFiles} files; use several processes, each with a folder of its own`)
  }
  return names.sort()
}

/**
 * Loads all files of a folder, and finds hosts that two of them claim.
 *
 * @param own the hosts that the environment's site has.
 */
export async function loadSiteFolder (folder: string, own?: Claim): Promise<SiteFile[]> {
  const files = (await listSiteFiles(folder)).map(name => loadSiteFile(join(folder, name)))
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

async function readFolder (folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new SiteFolderError(folderFaults.get(code) ?? `can't be read (${message}); use the path of another folder`)
  }
}

const folderFaults: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such folder; create it, or use the path of another one'],
  ['ENOTDIR', 'not a folder; use the path of one'],
  ['EACCES', 'no permission to read it; give it to the user of this process']
])
