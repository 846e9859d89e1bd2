import { quote } from '../../matrix/printable.ts'
import { parseDotEnv } from '../dot-env.ts'
import type { Environment } from '../environment.ts'
import type { Fault, Warning } from '../fault.ts'
import { findMisspelledNames } from '../misspelled-names.ts'
import { serverSettingNames, siteSettingNames } from '../settings.ts'
import { readSite } from '../site-config.ts'
import type { SiteConfig } from '../site-config.ts'
import { readTextFile } from '../text-file.ts'

/** What a file in the folder of sites says. */
export interface SiteFile {
  /** Its path. */
  readonly file: string
  /** Undefined if it has faults. */
  readonly config: SiteConfig | undefined
  readonly faults: readonly Fault[]
  readonly warnings: readonly Warning[]
  /** The files that the site's `NAME_FILE` settings name. */
  readonly valueFiles: readonly string[]
}

/**
 * Loads the settings of one site from a file in the format of `.env`. Nothing is inherited from the environment, and
 * settings of the process are ignored with a warning.
 */
export function loadSiteFile (file: string): SiteFile {
  const text = readTextFile(file, undefined, 'replace it, or remove it from the folder of sites')
  if (typeof text !== 'string') {
    const fault = { variable: undefined, message: text.message }
    return { file, config: undefined, faults: [fault], warnings: [], valueFiles: [] }
  }
  const { environment, warnings } = parseDotEnv(text)
  const valueFiles = Object.keys(environment)
    .filter(name => valueFileNames.has(name))
    .flatMap(name => environment[name]?.trim() || [])
  const { site, documents, siteFaults, siteWarnings } = readSite(environment)
  const allWarnings = [
    ...warnings, ...findProcessSettings(environment), ...findMisspelledNames(environment), ...siteWarnings
  ]
  const config = siteFaults.length > 0 ? undefined : { site, documents, warnings: allWarnings }
  return { file, config, faults: siteFaults, warnings: allWarnings, valueFiles }
}

/** The variables that name a file with the value of a setting. */
const valueFileNames: ReadonlySet<string> = new Set(siteSettingNames.map(name => `${name}_FILE`))

const processNames: ReadonlySet<string> = new Set(serverSettingNames.flatMap(name => [name, `${name}_FILE`]))

/** Settings that can't differ between the sites of a process. */
function findProcessSettings (environment: Environment): Warning[] {
  return Object.keys(environment)
    .filter(name => processNames.has(name) && environment[name]?.trim() !== '')
    .sort()
    .map(variable => {
      const is = `${variable} is ${quote(environment[variable])}`
      const fault = 'a setting of the process, ignored in the file of a site'
      return { variable, message: `${is}: ${fault}; set it in the environment` }
    })
}
