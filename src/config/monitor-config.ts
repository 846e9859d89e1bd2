import type { Environment } from './environment.ts'
import { ConfigError } from './fault.ts'
import { findMisspelledNames } from './misspelled-names.ts'
import { readSettings } from './read-settings.ts'
import type { ServerSettings } from './settings.ts'

/** How a monitor works, and where it listens. */
export interface MonitorConfig {
  readonly host: string
  readonly port: number
  readonly logLevel: string
  /** Between two checks of a name that works, in seconds. */
  readonly seconds: number
  readonly confirmations: number
  /** The folder of sites. */
  readonly folder: string | undefined
  /** How often to look for changes there, in seconds; 0 for never. */
  readonly reloadSeconds: number
}

type Settings = Pick<ServerSettings, typeof names[number]>

const names = [
  'HOST', 'PORT', 'LOG_LEVEL', 'MONITOR_SECONDS', 'MONITOR_CONFIRMATIONS', 'SITES_DIR', 'SITES_RELOAD_SECONDS'
] as const

/**
 * Loads the settings of a monitor, whatever those of the sites are.
 *
 * @throws {ConfigError} with every fault.
 */
export function loadMonitorConfig (environment: Environment): MonitorConfig {
  const { values, faults } = readSettings<Settings>(names, environment)
  if (faults.length > 0) throw new ConfigError(faults, findMisspelledNames(environment))
  return {
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    seconds: values.MONITOR_SECONDS,
    confirmations: values.MONITOR_CONFIRMATIONS,
    folder: values.SITES_DIR,
    reloadSeconds: values.SITES_RELOAD_SECONDS
  }
}
