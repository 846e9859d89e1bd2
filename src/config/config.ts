import type { Environment } from './environment.ts'
import { ConfigError } from './fault.ts'
import type { Warning } from './fault.ts'
import { findMisspelledNames } from './misspelled-names.ts'
import { readSettings } from './read-settings.ts'
import { serverSettings } from './settings.ts'
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
  const { values, faults } = readSettings<ServerSettings>(serverSchema, environment)
  const allFaults = [...siteFaults, ...faults]
  if (allFaults.length > 0) throw new ConfigError(allFaults, [...warnings, ...names])
  return {
    server: buildServerOptions(values),
    site,
    documents,
    warnings: [...warnings, ...names, ...siteWarnings, ...findServerWarnings(values)]
  }
}

/**
 * Loads only where the server listens, whatever the other settings are.
 *
 * @throws {ConfigError} if HOST or PORT is wrong.
 */
export function loadListenAddress (environment: Environment): Pick<Server, 'host' | 'port'> {
  const { values, faults } = readSettings<ListenSettings>(listenSchema, environment)
  if (faults.length > 0) throw new ConfigError(faults, findMisspelledNames(environment))
  return { host: values.HOST, port: values.PORT }
}

type ListenSettings = Pick<ServerSettings, 'HOST' | 'PORT'>

const serverSchema = { type: 'object', properties: serverSettings } as const
const listenSchema = { type: 'object', properties: { HOST: serverSettings.HOST, PORT: serverSettings.PORT } } as const

function buildServerOptions (valid: ServerSettings): Server {
  return {
    host: valid.HOST,
    port: valid.PORT,
    logLevel: valid.LOG_LEVEL,
    logRequests: valid.LOG_REQUESTS,
    trustProxy: parseTrustProxy(valid.TRUST_PROXY)
  }
}
