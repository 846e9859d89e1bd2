import { loadServerConfig } from '../config/config.ts'
import type { ServerConfig } from '../config/config.ts'
import { addDotEnv, isGiven, parseDotEnv } from '../config/dot-env.ts'
import type { LoadedEnvironment } from '../config/dot-env.ts'
import type { Environment } from '../config/environment.ts'
import { ConfigError } from '../config/fault.ts'
import type { Warning } from '../config/fault.ts'
import { readSettings } from '../config/read-settings.ts'
import type { ServerSettings } from '../config/settings.ts'
import { readSite } from '../config/site-config.ts'
import { quote } from '../matrix/printable.ts'
import { hostsOf } from '../site/hosts.ts'
import type { Site } from '../site/site.ts'
import { validateFolder } from './folder-validation.ts'
import { joinValidations } from './validation.ts'
import type { Problem, Validation } from './validation.ts'

/** The text of a `.env`, and how to read it: by default, as the server does. */
export interface DotEnv {
  readonly path: string
  readonly text: string
  readonly parse?: (text: string) => LoadedEnvironment
}

/** Validates all settings of an environment with a `.env` below it, and the folder of sites that they name. */
export async function validateSettings (environment: Environment, dotEnv?: DotEnv): Promise<Validation> {
  const { text, parse = parseDotEnv } = dotEnv ?? { text: '' }
  const file = parse(text)
  const merged = addDotEnv(file.environment, environment)
  const locate = (variable = ''): string | undefined => isGiven(variable, environment) ? undefined : dotEnv?.path
  const describe = (severity: Problem['severity'], found: readonly Warning[]): Validation => (
    { sites: [], problems: found.map(problem => ({ severity, file: locate(problem.variable), ...problem })) }
  )
  const lines = describe('warning', file.warnings)
  const validateSites = async (folder: string, own?: Site): Promise<Validation> => {
    const claim = own && { file: locate('SERVER_NAME') ?? 'the environment', hosts: hostsOf(own) }
    return await validateFolder(folder, (message, severity) => describe(severity, [
      { variable: 'SITES_DIR', message: `SITES_DIR is ${quote(folder)}: ${message}` }
    ]), claim)
  }
  const config = loadSettings(merged)
  if (config instanceof ConfigError) {
    const found = [lines, describe('warning', config.warnings), describe('fault', config.faults)]
    const { SITES_DIR: folder } = readSettings<Pick<ServerSettings, 'SITES_DIR'>>(['SITES_DIR'], merged).values
    if (folder === undefined) return joinValidations(found)
    // A fault of the process doesn't hide those of the sites.
    const { site, siteFaults } = readSite(merged)
    return joinValidations([...found, await validateSites(folder, siteFaults.length > 0 ? undefined : site)])
  }
  const { own, warnings } = config
  const settings = { sites: own === undefined ? [] : [{ file: locate('SERVER_NAME'), ...own }], problems: [] }
  const found = [settings, lines, describe('warning', warnings)]
  if (config.sites === undefined) return joinValidations(found)
  const sites = await validateSites(config.sites.folder, own?.site)
  return joinValidations([...found, describe('fault', config.ownFaults), sites])
}

function loadSettings (environment: Environment): ServerConfig | ConfigError {
  try {
    return loadServerConfig(environment)
  } catch (error) {
    return error as ConfigError
  }
}
