import { openNetwork } from '../check/network/network.ts'
import type { NetworkOptions } from '../check/network/network.ts'
import { standardInput } from '../config/standard-input.ts'
import { readStreamBytes } from '../config/text-file.ts'
import { describeExitStatuses, exitStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import type { Description } from '../import/description.ts'
import { describeRemarks, renderEnvFile } from '../import/env-file.ts'
import { readFileSource } from '../import/file-source.ts'
import { ImportError } from '../import/import-error.ts'
import { importSettings } from '../import/settings-import.ts'
import { fetchSiteSource } from '../import/site-source.ts'
import { parseSources } from '../import/source.ts'
import type { Source } from '../import/source.ts'
import { noteWarnings } from '../import/warning-notes.ts'
import { escapeUnseen, quote } from '../matrix/printable.ts'
import { parseCommandLine, UsageError } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { networkOptions, networkUsage, parseNetworkOptions } from './network-options.ts'
import { writeOutput } from './output.ts'
import { requireServerNames } from './server-name-faults.ts'
import { describeBodyFindings, describeHostFindings } from './source-findings.ts'

export const usage = `Usage: matrix-well-known import SOURCE… [options]

Prints settings for a .env file, taken from an existing setup. SOURCE is one of:
  a server name or https URL     the documents that it serves today
  homeserver.yaml of Synapse     several files or a folder, as with its -c
  dendrite.yaml, or the TOML file of tuwunel, continuwuity or Conduit
  well-known documents           files, or a folder with .well-known/matrix
  -                              one such file, from standard input
Standard error lists what was wrong, and what couldn't be carried over.

Options:
  --server-name NAME       the part after the colon in user IDs, if SOURCE
                           doesn't have it
${networkUsage}  -h, --help               show this help

${describeExitStatuses({
  0: 'the settings are printed', 1: "a source can't be read or fetched", 78: 'nothing to import'
})}`

interface ImportArguments {
  readonly sources: readonly string[]
  readonly serverName: string | undefined
  readonly network: NetworkOptions
  readonly help: boolean
}

/** @throws {UsageError} about the first fault. */
function parseArguments (args: readonly string[]): ImportArguments {
  const { values, positionals: sources } = parseCommandLine(args, {
    ...networkOptions,
    'server-name': { type: 'string' },
    help: { type: 'boolean', short: 'h' }
  })
  const { 'server-name': serverName, help = false } = values
  if (serverName !== undefined) requireServerNames([serverName], '--server-name')
  return { sources, serverName, network: parseNetworkOptions(values), help }
}

/** What was read from a source. */
interface Reading {
  readonly description: Description
  /** What is wrong with the documents as they are served, one line each. */
  readonly findings: readonly string[]
  /** Whether some document could not be fetched. */
  readonly isIncomplete: boolean
  /** Why there are no documents, if there are none. */
  readonly withoutDocuments: string
}

/**
 * Standard output gets the settings and nothing else.
 *
 * @throws {ImportError} if there are none.
 */
export async function run (args: readonly string[], { stdin, stdout, stderr }: CommandContext): Promise<ExitStatus> {
  const { sources, serverName, network, help } = parseArguments(args)
  if (help) {
    stdout.write(usage)
    return exitStatus.success
  }
  if (sources.length === 0) throw new UsageError('The source is missing: use a server name, an https URL, or a file.')
  const print = (line: string): void => { stderr.write(`${escapeUnseen(line)}\n`) }
  const { description, findings, isIncomplete, withoutDocuments } = await read(parseSources(sources), stdin, network)
  for (const finding of findings) print(finding)
  if (description.documents.size === 0 && description.isPublished) {
    const code = isIncomplete ? 'ERR_IMPORT_UNREADABLE' : 'ERR_IMPORT_UNUSABLE'
    // A file that is missing may look like a server name.
    const isMaybeFile = isIncomplete && !/^https:/i.test(sources.join())
    const missing = isMaybeFile ? `, and there is no file ${quote(sources.join())}` : ''
    throw new ImportError(code, `${description.source}: ${withoutDocuments}${missing}`)
  }
  const draft = importSettings(description, serverName)
  noteWarnings(description, draft)
  for (const line of describeRemarks(draft)) print(line)
  const failed = await writeOutput(stdout, renderEnvFile(draft, description.source))
  if (failed !== undefined) print(`Can't write the settings: ${failed.message}`)
  return failed !== undefined || isIncomplete ? exitStatus.failure : exitStatus.success
}

async function read (source: Source, stdin: CommandContext['stdin'], options: NetworkOptions): Promise<Reading> {
  if (source.paths !== undefined) {
    const input = source.paths.includes(standardInput) ? await readStreamBytes(stdin) : undefined
    const { description, bodies } = readFileSource(source.paths, input)
    const findings = [...bodies].flatMap(([name, body]) => describeBodyFindings(name, body))
    return { description, findings, isIncomplete: false, withoutDocuments: 'no JSON object' }
  }
  const network = openNetwork(options)
  try {
    const { hosts, description, isIncomplete } = await fetchSiteSource(network, source.serverName)
    return {
      description,
      findings: hosts.flatMap(host => describeHostFindings(host, network.now())),
      isIncomplete,
      withoutDocuments: isIncomplete ? 'no documents could be fetched' : 'no documents are served there'
    }
  } finally {
    network.close()
  }
}
