import { isGiven } from './dot-env.ts'
import type { Environment } from './environment.ts'
import { ConfigError } from './fault.ts'
import type { Fault, Warning } from './fault.ts'
import { findMisspelledNames } from './misspelled-names.ts'
import { findPortConflict } from './port-conflict.ts'
import { readSettings } from './read-settings.ts'
import type { ReadSettings } from './read-settings.ts'
import { serverSettingNames, siteSettingNames } from './settings.ts'
import type { ServerSettings } from './settings.ts'
import { readSite } from './site-config.ts'
import type { SiteConfig } from './site-config.ts'
import { parseTrustProxy } from './trust-proxy.ts'
import { findServerWarnings } from './warnings.ts'

/** The options of the server process. */
export interface Server {
  /** Where it listens: an address, a host name, or `unix:` and a path. */
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly logRequests: boolean
  /** As Fastify's `trustProxy`. */
  readonly trustProxy: boolean | string[]
  /** Where its metrics are; undefined for none. */
  readonly metrics: { readonly host: string, readonly port: number } | undefined
}

export interface Config extends SiteConfig {
  readonly server: Server
}

/**
 * Loads all settings of an environment.
 *
 * @param warnings about the environment itself, from `loadEnvironment`: reported with the others.
 * @throws {ConfigError} with every fault.
 */
export function loadConfig (environment: Environment, warnings: readonly Warning[] = []): Config {
  const names = findMisspelledNames(environment)
  const { site, documents, siteFaults, siteWarnings } = readSite(environment)
  const { values, faults } = readServerSettings(environment)
  const allFaults = [...siteFaults, ...faults]
  if (allFaults.length > 0) throw new ConfigError(allFaults, [...warnings, ...names])
  return {
    server: buildServerOptions(values),
    site,
    documents,
    warnings: [...warnings, ...names, ...siteWarnings, ...findServerWarnings(values)]
  }
}

/** What a server serves, and how: one site. */
interface OneSite {
  readonly server: Server
  /** The site of the environment. */
  readonly own: SiteConfig
  readonly sites: undefined
  readonly warnings: readonly Warning[]
}

/** Or a folder of sites, and perhaps one more for all other hosts. */
export interface ManySites extends Pick<OneSite, 'server' | 'warnings'> {
  readonly own: SiteConfig | undefined
  /** The faults of that site, which take down no other. */
  readonly ownFaults: readonly Fault[]
  readonly sites: {
    readonly folder: string
    /** How often to look for changes; 0 for never. */
    readonly reloadSeconds: number
  }
}

export type ServerConfig = OneSite | ManySites

/**
 * The same for a server, which may have a folder of sites as well as the site of the environment, or instead.
 *
 * @throws {ConfigError} with every fault, unless they are only those of one site among others.
 */
export function loadServerConfig (environment: Environment, warnings: readonly Warning[] = []): ServerConfig {
  const { values, faults } = readServerSettings(environment)
  const { SITES_DIR: folder, SITES_RELOAD_SECONDS: reloadSeconds } = values
  const own = isGiven('SERVER_NAME', environment) ? readSite(environment) : undefined
  const ownFaults = own?.siteFaults ?? []
  const names = findMisspelledNames(environment)
  if (faults.length > 0 && isGiven('SITES_DIR', environment)) {
    throw new ConfigError([...ownFaults, ...faults], [...warnings, ...names])
  }
  if (folder === undefined) {
    const { server, ...own } = loadConfig(environment, warnings)
    return { server, sites: undefined, own, warnings: own.warnings }
  }
  const ownWarnings = own?.siteWarnings ?? findUnusedSettings(environment)
  return {
    server: buildServerOptions(values),
    sites: { folder, reloadSeconds },
    own: own !== undefined && ownFaults.length === 0
      ? { site: own.site, documents: own.documents, warnings: own.siteWarnings }
      : undefined,
    ownFaults,
    warnings: [...warnings, ...names, ...ownWarnings, ...findServerWarnings(values)]
  }
}

function readServerSettings (environment: Environment): Pick<ReadSettings<ServerSettings>, 'values' | 'faults'> {
  const { values, faults } = readSettings<ServerSettings>(serverSettingNames, environment)
  return { values, faults: faults.length > 0 ? faults : findPortConflict(values) }
}

/** Settings of a site that the environment has without its name. */
function findUnusedSettings (environment: Environment): Warning[] {
  const fix = 'set it in the files of SITES_DIR, or set SERVER_NAME as well'
  return siteSettingNames
    .filter(name => isGiven(name, environment))
    .map(variable => ({ variable, message: `${variable} isn't used, because SERVER_NAME isn't set; ${fix}` }))
}

/**
 * Loads only where the server listens, whatever the other settings are.
 *
 * @throws {ConfigError} if HOST or PORT is wrong.
 */
export function loadListenAddress (environment: Environment): Pick<Server, 'host' | 'port'> {
  const { values, faults } = readSettings<ListenSettings>(['HOST', 'PORT'], environment)
  if (faults.length > 0) throw new ConfigError(faults, findMisspelledNames(environment))
  return { host: values.HOST, port: values.PORT }
}

type ListenSettings = Pick<ServerSettings, 'HOST' | 'PORT'>

function buildServerOptions (valid: ServerSettings): Server {
  return {
    host: valid.HOST,
    port: valid.PORT,
    logLevel: valid.LOG_LEVEL,
    logRequests: valid.LOG_REQUESTS,
    trustProxy: parseTrustProxy(valid.TRUST_PROXY),
    metrics: valid.METRICS_PORT === undefined ? undefined : { host: valid.METRICS_HOST, port: valid.METRICS_PORT }
  }
}
