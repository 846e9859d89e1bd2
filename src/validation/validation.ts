import { statSync } from 'node:fs'
import { loadServerConfig } from '../config/config.ts'
import type { ServerConfig } from '../config/config.ts'
import { addDotEnv, isGiven, parseDotEnv } from '../config/dot-env.ts'
import type { Environment } from '../config/environment.ts'
import { ConfigError } from '../config/fault.ts'
import type { Warning } from '../config/fault.ts'
import type { Claim } from '../config/sites/host-claims.ts'
import { explainEmptyFolder, loadSiteFolder } from '../config/sites/site-folder.ts'
import type { SiteFolderError } from '../config/sites/site-folder.ts'
import { readTextFile } from '../config/text-file.ts'
import { quote } from '../matrix/printable.ts'
import type { Document } from '../site/documents.ts'
import { hostsOf } from '../site/hosts.ts'
import type { Site } from '../site/site.ts'

/** A wrong setting, or one that is valid but probably not intended. */
export interface Problem {
  readonly severity: 'fault' | 'warning'
  /** Undefined if the environment gives the setting. */
  readonly file: string | undefined
  /** Undefined if no single variable causes it. */
  readonly variable: string | undefined
  readonly message: string
}

/** A site without faults. */
export interface ValidSite {
  /** Undefined if the environment gives its server name. */
  readonly file: string | undefined
  readonly site: Site
  readonly documents: readonly Document[]
}

export interface Validation {
  readonly sites: readonly ValidSite[]
  readonly problems: readonly Problem[]
}

/** Validates what `serve` would load: an environment with a `.env` below it, and the folder of sites that they name. */
export async function validateEnvironment (environment: Environment, path: string): Promise<Validation> {
  const text = readTextFile(path)
  if (typeof text === 'string') return await validateSettings(environment, { path, text })
  return text.missing ? await validateSettings(environment) : rejectPath(path, text.message)
}

/** Validates each `.env` file and folder of sites, whatever the environment is. */
export async function validatePaths (paths: readonly string[]): Promise<Validation> {
  const validations: Validation[] = []
  for (const path of new Set(paths)) validations.push(await validatePath(path))
  return joinValidations(validations)
}

function joinValidations (validations: readonly Validation[]): Validation {
  return {
    sites: validations.flatMap(({ sites }) => sites),
    problems: validations.flatMap(({ problems }) => problems)
  }
}

async function validatePath (path: string): Promise<Validation> {
  if (isFolder(path)) return await validateFolder(path, message => rejectPath(path, message))
  const text = readTextFile(path)
  return typeof text === 'string' ? await validateSettings({}, { path, text }) : rejectPath(path, text.message)
}

function isFolder (path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Reading it as a file says what is wrong.
    return false
  }
}

function rejectPath (file: string, message: string): Validation {
  return { sites: [], problems: [{ severity: 'fault', file, variable: undefined, message }] }
}

interface DotEnv {
  readonly path: string
  readonly text: string
}

/** Validates all settings of an environment with a `.env` below it, and the folder of sites that they name. */
async function validateSettings (environment: Environment, dotEnv?: DotEnv): Promise<Validation> {
  const file = parseDotEnv(dotEnv?.text ?? '')
  const merged = addDotEnv(file.environment, environment)
  const locate = (variable = ''): string | undefined => isGiven(variable, environment) ? undefined : dotEnv?.path
  const describe = (severity: Problem['severity'], found: readonly Warning[]): Validation => (
    { sites: [], problems: found.map(problem => ({ severity, file: locate(problem.variable), ...problem })) }
  )
  const lines = describe('warning', file.warnings)
  const config = loadSettings(merged)
  if (config instanceof ConfigError) {
    return joinValidations([lines, describe('warning', config.warnings), describe('fault', config.faults)])
  }
  const { own, warnings } = config
  const settings = { sites: own === undefined ? [] : [{ file: locate('SERVER_NAME'), ...own }], problems: [] }
  const found = [settings, lines, describe('warning', warnings)]
  if (config.sites === undefined) return joinValidations(found)
  const { folder } = config.sites
  const claim = own && { file: locate('SERVER_NAME') ?? 'the environment', hosts: hostsOf(own.site) }
  const sites = await validateFolder(folder, (message, severity) => describe(severity, [
    { variable: 'SITES_DIR', message: `SITES_DIR is ${quote(folder)}: ${message}` }
  ]), claim)
  return joinValidations([...found, describe('fault', config.ownFaults), sites])
}

function loadSettings (environment: Environment): ServerConfig | ConfigError {
  try {
    return loadServerConfig(environment)
  } catch (error) {
    return error as ConfigError
  }
}

/** @param own the claim of the site that responds to all other hosts. */
async function validateFolder (
  path: string, reject: (message: string, severity: Problem['severity']) => Validation, own?: Claim
): Promise<Validation> {
  const files = await loadSiteFolder(path, own).catch((error: SiteFolderError) => error)
  if (files instanceof Error) return reject(files.message, 'fault')
  if (files.length === 0) return reject(explainEmptyFolder(path), own === undefined ? 'fault' : 'warning')
  return {
    sites: files.flatMap(({ file, config }) => config === undefined ? [] : { file, ...config }),
    problems: files.flatMap(({ file, warnings, faults }) => [
      ...warnings.map(warning => ({ severity: 'warning', file, ...warning } as const)),
      ...faults.map(fault => ({ severity: 'fault', file, ...fault } as const))
    ])
  }
}
