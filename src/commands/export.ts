import { join } from 'node:path'
import { loadAllSites } from '../config/all-sites.ts'
import { loadEnvironment } from '../config/dot-env.ts'
import { describeExitStatuses, exitStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import { buildExport } from '../export/build.ts'
import type { SiteToExport } from '../export/build.ts'
import { ExportError } from '../export/export-error.ts'
import type { Plan } from '../export/plan.ts'
import type { Output } from '../export/target.ts'
import { targetNames, targetOf } from '../export/targets.ts'
import type { TargetName } from '../export/targets.ts'
import { writeFiles } from '../export/write.ts'
import { listSome } from '../matrix/list-some.ts'
import { escapeUnseen, quote } from '../matrix/printable.ts'
import { parseChoice, parseCommandLine, UsageError } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { writeOutput } from './output.ts'

const names = (...wanted: TargetName[]): string =>
  wanted.map(name => `  ${name.padEnd(14)}${targetOf(name).summary}\n`).join('')

export const usage = `Usage: matrix-well-known export DIR --for TARGET
       matrix-well-known export --stdout --for TARGET

Writes what TARGET needs to serve the well-known documents without this
program. Only files that an earlier export wrote are replaced.

Targets:
${names(...targetNames)}
Options:
  --for TARGET        see above
  --stdout            print the snippet or file that configures TARGET
  --server-name NAME  with a folder of sites, print the one for NAME
  -h, --help          show this help

${describeExitStatuses({ 0: 'the files are written', 1: "something is in the way, or can't be written" })}`

export interface ExportArguments {
  /** Undefined if the snippet goes to standard output. */
  readonly folder: string | undefined
  readonly target: TargetName
  readonly serverName: string | undefined
}

/**
 * @returns undefined if the usage is asked for.
 * @throws {UsageError} about the first fault.
 */
export function parseArguments (args: readonly string[]): ExportArguments | undefined {
  const { values, positionals: [folder, extra] } = parseCommandLine(args, {
    for: { type: 'string' },
    stdout: { type: 'boolean' },
    'server-name': { type: 'string' },
    help: { type: 'boolean', short: 'h' }
  })
  const { for: host, stdout = false, 'server-name': serverName, help = false } = values
  if (help) return undefined
  if (extra !== undefined) throw new UsageError(`Unexpected argument ${quote(extra)}: export takes one folder.`)
  if (host === undefined) throw new UsageError(`--for is missing: use one of ${targetNames.join(', ')}`)
  const target = parseChoice('--for', host, targetNames)
  if (stdout && folder !== undefined) {
    throw new UsageError("A folder and --stdout can't be used together: use only one.")
  }
  if (!stdout && !folder) throw new UsageError('The folder to write to is missing: use a path, or --stdout.')
  if (!stdout && serverName !== undefined) throw new UsageError('--server-name is only for --stdout: leave it out.')
  if (stdout && targetOf(target).snippet === undefined) {
    const others = targetNames.filter(name => targetOf(name).snippet !== undefined)
    throw new UsageError(`--stdout is for a target with a snippet, not ${target}: use one of ${others.join(', ')}`)
  }
  return { folder, target, serverName }
}

export async function run (args: readonly string[], context: CommandContext): Promise<ExitStatus> {
  const { environment, stdout, stderr } = context
  const wanted = parseArguments(args)
  if (wanted === undefined) {
    stdout.write(usage)
    return exitStatus.success
  }
  const loaded = loadEnvironment('.env', environment)
  const { sites, warnings, hasFolder } = await loadAllSites(loaded.environment, loaded.warnings)
  for (const { message } of warnings) stderr.write(`${message}\n`)
  const { folder, target, serverName } = wanted
  try {
    if (folder === undefined) {
      const output = buildExport(targetOf(target), [selectSite(sites, serverName)], false)
      for (const note of [...output.warnings, ...output.notes]) stderr.write(`${note}\n`)
      const [file] = output.files.filter(({ path }) => path === targetOf(target).snippet)
      return await print(context, String(file?.text))
    }
    const output = buildExport(targetOf(target), sites, hasFolder)
    const plan = writeFiles(folder, output.files)
    const status = await print(context, describe(folder, plan, output))
    return plan.toMerge.length > 0 ? exitStatus.failure : status
  } catch (error) {
    if (!(error instanceof ExportError)) throw error
    for (const message of error.messages) stderr.write(`${escapeUnseen(message)}\n`)
    return exitStatus.failure
  }
}

function selectSite (sites: readonly SiteToExport[], serverName: string | undefined): SiteToExport {
  const [first, ...others] = sites
  const found = serverName === undefined && others.length === 0
    ? first
    : sites.find(({ site }) => site.serverName === serverName)
  if (found !== undefined) return found
  const serverNames = listSome(sites.map(({ site }) => site.serverName))
  const fault = serverName === undefined ? 'is missing' : `is ${quote(serverName)}`
  throw new UsageError(`--server-name ${fault}: the settings have ${serverNames}; use one of them`)
}

async function print ({ stdout, stderr }: CommandContext, text: string): Promise<ExitStatus> {
  const error = await writeOutput(stdout, text)
  if (error === undefined) return exitStatus.success
  stderr.write(`Can't write the output: ${error.message}\n`)
  return exitStatus.failure
}

/** What was done, and what is left to do. */
function describe (folder: string, plan: Plan, { notes, warnings }: Required<Output>): string {
  const place = (path: string): string => escapeUnseen(join(folder, path))
  const { written, unchanged, toMerge, removed, leftOver } = plan
  const lines = [
    ...written.map(({ path }) => `wrote ${place(path)}`),
    ...removed.map(path => `removed ${place(path)}: no longer configured`),
    ...leftOver.map(path => `${place(path)} is from an earlier export: no longer needed, remove it`),
    ...unchanged.length > 0 ? [`unchanged: ${unchanged.map(({ path }) => path).join(', ')}`] : []
  ]
  const additions = toMerge.map(({ path, text, shared }) => `${place(path)} is yours: ${shared?.fix ?? ''}:\n\n${text}`)
  const left = [...warnings, ...notes].map(note => `- ${note}\n`).join('')
  return [`${lines.join('\n')}\n`, ...additions, left].join('\n')
}
