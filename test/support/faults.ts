import { loadConfig } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/environment.ts'
import { ConfigError } from '../../src/config/fault.ts'

/** The messages of the faults in an environment; empty if it is valid. */
export function faultsOf (
  environment: Environment, load: (environment: Environment) => unknown = loadConfig
): string[] {
  try {
    load(environment)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.faults.map(fault => fault.message)
  }
}
