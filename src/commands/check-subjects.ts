import type { Subject } from '../check/many/check-names.ts'
import type { FoundSites } from '../config/all-sites.ts'
import { isGiven, loadEnvironment } from '../config/dot-env.ts'
import type { Environment } from '../config/environment.ts'
import { ConfigError } from '../config/fault.ts'
import type { Fault } from '../config/fault.ts'
import { countNouns } from '../matrix/format-count.ts'
import type { Site } from '../site/site.ts'
import { UsageError } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { readNames } from './name-list.ts'
import { findNameFaults } from './server-name-faults.ts'

/** What `check` is to check. */
export interface Subjects {
  /** Without duplicates. */
  readonly subjects: readonly Subject[]
  /** Whether there may be several, so that the output has to be that of a list. */
  readonly isList: boolean
  /** Whether sites are missing because of their settings; the faults have been printed. */
  readonly hasFaults: boolean
}

/**
 * Finds the names on the command line, in a file and in the settings.
 *
 * @throws {UsageError} with every name that isn't valid, {ConfigError} if the settings leave nothing to check.
 */
export async function findSubjects (
  { serverNames, file }: { readonly serverNames: readonly string[], readonly file: string | undefined },
  context: CommandContext
): Promise<Subjects> {
  const listed = file === undefined ? { names: [], faults: [] } : await readNames(file, context.stdin)
  const faults = [...findNameFaults(serverNames), ...listed.faults]
  if (faults.length > 0) throw new UsageError(faults.join('\n'))
  if (serverNames.length === 0 && file === undefined) return await findOwnSubjects(context)
  const sites = await findIntents(context)
  const names = new Set([...serverNames, ...listed.names])
  return {
    subjects: [...names].map(serverName => ({ serverName, intent: sites.get(serverName.toLowerCase()) })),
    isList: file !== undefined || serverNames.length > 1,
    hasFaults: false
  }
}

/** All sites of the settings; those with faults are left out if there are others. */
async function findOwnSubjects ({ environment, stderr }: CommandContext): Promise<Subjects> {
  const { sites, faults, warnings, hasFolder, hasNames } = await loadSites(environment)
  if (!hasNames) throw new ConfigError(faults.map(explainNoName), warnings)
  if (sites.length === 0 || (faults.length > 0 && !hasFolder)) throw new ConfigError(faults, warnings)
  for (const { message } of [...warnings, ...faults]) stderr.write(`${message}\n`)
  return {
    subjects: sites.map(({ site }) => ({ serverName: site.serverName, intent: site })),
    isList: hasFolder,
    hasFaults: faults.length > 0
  }
}

/** Without any settings, what is missing is an argument rather than SERVER_NAME. */
function explainNoName (fault: Fault): Fault {
  if (fault.variable !== 'SERVER_NAME') return fault
  const message = 'There is no name to check; give one, as in "matrix-well-known check example.com", or set SERVER_NAME'
  return { ...fault, message }
}

/** The sites of the settings by server name in lower case. No fault there keeps a check from running. */
async function findIntents (context: CommandContext): Promise<ReadonlyMap<string, Site>> {
  const { sites, faults } = await loadSites(context.environment, { isOptional: true })
  if (faults.length > 0) {
    const what = `${countNouns(faults.length, 'fault')} in the settings`
    context.stderr.write(`${what}: sites with faults aren't compared; run "matrix-well-known validate"\n`)
  }
  return new Map(sites.map(({ site }) => [site.serverName.toLowerCase(), site]))
}

interface LoadedSites extends FoundSites {
  /** Whether SERVER_NAME or SITES_DIR is given. If `.env` can't be read, they might be. */
  readonly hasNames: boolean
}

/** The sites of an environment, and of the `.env` in the working directory. If they are optional, there may be none. */
async function loadSites (environment: Environment, { isOptional = false } = {}): Promise<LoadedSites> {
  try {
    const loaded = loadEnvironment('.env', environment)
    const hasNames = ['SERVER_NAME', 'SITES_DIR'].some(name => isGiven(name, loaded.environment))
    if (isOptional && !hasNames) return noSites
    // Checking a name needs none of its modules.
    const { findSites } = await import('../config/all-sites.ts')
    return { ...await findSites(loaded.environment, loaded.warnings), hasNames }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { ...noSites, faults: error.faults, warnings: error.warnings }
  }
}

const noSites: LoadedSites = { sites: [], faults: [], warnings: [], hasFolder: false, hasNames: true }
