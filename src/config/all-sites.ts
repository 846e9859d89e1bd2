import { quote } from '../matrix/printable.ts'
import { isGiven } from './dot-env.ts'
import type { Environment } from './environment.ts'
import { ConfigError, inFile } from './fault.ts'
import type { Fault, Warning } from './fault.ts'
import { findMisspelledNames } from './misspelled-names.ts'
import { readSettings } from './read-settings.ts'
import { siteSettingNames } from './settings.ts'
import type { ServerSettings } from './settings.ts'
import { readSite } from './site-config.ts'
import type { SiteConfig } from './site-config.ts'
import type { SiteFile } from './sites/site-file.ts'
import { explainEmptyFolder, listSiteFiles, loadSiteFolder } from './sites/site-folder.ts'

/** Every site of the settings. */
export interface AllSites {
  readonly sites: ReadonlyArray<Omit<SiteConfig, 'warnings'>>
  readonly warnings: readonly Warning[]
  /** Whether there is a folder of sites. */
  readonly hasFolder: boolean
}

/** The sites without faults, and the faults of the others. */
export interface FoundSites extends AllSites {
  readonly faults: readonly Fault[]
}

/**
 * Loads the site of the environment and those in the folder of sites, whatever the other settings of the process are.
 * In the environment, a site is optional if there is a folder.
 *
 * @param warnings about the environment itself, from `loadEnvironment`: reported with the others.
 * @throws {ConfigError} with every fault of all of them.
 */
export async function loadAllSites (environment: Environment, warnings: readonly Warning[] = []): Promise<AllSites> {
  const { faults, ...all } = await findSites(environment, warnings)
  if (faults.length > 0) throw new ConfigError(faults, all.warnings)
  return all
}

/** The same with the sites that have no faults, whatever is wrong with others. */
export async function findSites (environment: Environment, warnings: readonly Warning[] = []): Promise<FoundSites> {
  const { values, faults } = readSettings<Pick<ServerSettings, 'SITES_DIR'>>(['SITES_DIR'], environment)
  const folder = values.SITES_DIR
  const hasOwn = folder === undefined || siteSettingNames.some(name => isGiven(name, environment))
  const own = hasOwn ? readSite(environment) : undefined
  const { files, folderFaults } = folder === undefined ? noFolder : await readFolder(folder, hasOwn)
  const allWarnings = [
    ...warnings,
    ...findMisspelledNames(environment),
    ...own?.siteWarnings ?? [],
    ...files.flatMap(({ file, warnings }) => warnings.map(warning => inFile(file, warning)))
  ]
  const twice = files.filter(({ config }) => config !== undefined && config.site.serverName === own?.site.serverName)
  const allFaults: Fault[] = [
    ...faults,
    ...own?.siteFaults ?? [],
    ...folderFaults,
    ...files.flatMap(({ file, faults }) => faults.map(fault => inFile(file, fault))),
    ...twice.map(({ file }) => explainTwice(file, own?.site.serverName))
  ]
  const hasOwnFaults = own !== undefined && own.siteFaults.length > 0
  const others = files.filter(file => !twice.includes(file)).map(({ config }) => config)
  const sites = [hasOwnFaults ? undefined : own, ...others]
  return {
    faults: allFaults,
    sites: sites.filter(site => site !== undefined).map(({ site, documents }) => ({ site, documents })),
    warnings: allWarnings,
    hasFolder: folder !== undefined
  }
}

interface FolderContent {
  readonly files: readonly SiteFile[]
  readonly folderFaults: readonly Fault[]
}

const noFolder: FolderContent = { files: [], folderFaults: [] }

/** @param hasOwn whether the environment has a site; without one, an empty folder is a fault. */
async function readFolder (folder: string, hasOwn: boolean): Promise<FolderContent> {
  const fault = await listSiteFiles(folder).then(
    ({ length }) => length === 0 && !hasOwn ? explainEmptyFolder(folder) : undefined, (error: Error) => error.message)
  if (fault === undefined) return { files: await loadSiteFolder(folder), folderFaults: [] }
  return { files: [], folderFaults: [{ variable: 'SITES_DIR', message: `SITES_DIR is ${quote(folder)}: ${fault}` }] }
}

function explainTwice (file: string, serverName: string | undefined): Fault {
  const message = `SERVER_NAME is ${quote(serverName)}, which is also in ${file}; keep it in only one`
  return { variable: 'SERVER_NAME', message }
}
