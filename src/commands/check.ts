import { checkServer } from '../check/check.ts'
import type { CheckOptions, Part } from '../check/check.ts'
import { supportsHyperlinks } from '../check/report/hyperlinks.ts'
import { showProgress } from '../check/report/progress.ts'
import type { Report } from '../check/report/report.ts'
import type { TextOptions } from '../check/report/page.ts'
import { isGood } from '../check/report/verdict.ts'
import { loadConfig } from '../config/config.ts'
import { loadEnvironment } from '../config/dot-env.ts'
import type { Environment } from '../config/environment.ts'
import { exitStatus, exitStatusUsage, nagiosStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'
import { parseServerName } from '../matrix/server-name.ts'
import type { Site } from '../site/site.ts'
import { parseChoice, parseCommandLine, UsageError } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { reportExpectedError } from './expected-error.ts'
import { networkOptions, networkUsage, parseNetworkOptions } from './network-options.ts'
import { writeOutput } from './output.ts'
import { renderReport, reportFormats } from './report-format.ts'
import type { ReportFormat } from './report-format.ts'

export const usage = `Usage: matrix-well-known check [SERVER_NAME] [options]

Checks whether other servers and clients can find and reach SERVER_NAME, the
part after the colon in user IDs. Without SERVER_NAME, it checks the one in the
settings, and whether the published documents match the settings.

Options:
  --only PART              check only federation, client or documents
  --format FORMAT          text (default), json, tap, html, markdown or nagios
  --json                   same as --format json
  --redact                 leave out IP and email addresses
  --strict                 treat warnings as failures
  -v, --verbose            show skipped steps and terms of the specification
${networkUsage}  -h, --help               show this help

${exitStatusUsage}
With --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
`

export interface CheckArguments {
  /** Undefined if the settings name it. */
  readonly serverName: string | undefined
  readonly options: CheckOptions
  readonly format: ReportFormat
  readonly redact: boolean
  readonly strict: boolean
  readonly verbose: boolean
  readonly help: boolean
}

/** @throws {UsageError} about the first fault. */
export function parseArguments (args: readonly string[]): CheckArguments {
  const { values, positionals: [serverName, extra] } = parseCommandLine(args, {
    ...networkOptions,
    only: { type: 'string' },
    json: { type: 'boolean' },
    format: { type: 'string' },
    redact: { type: 'boolean' },
    strict: { type: 'boolean' },
    verbose: { type: 'boolean', short: 'v' },
    help: { type: 'boolean', short: 'h' }
  })
  if (extra !== undefined) throw new UsageError(`Unexpected argument ${quote(extra)}: check takes one server name.`)
  if (serverName !== undefined) requireServerName(serverName)
  const { only, json = false, format = json ? 'json' : 'text' } = values
  const { redact = false, strict = false, verbose = false, help = false } = values
  if (json && format !== 'json') {
    throw new UsageError(`--json and --format ${format} exclude each other: use only one of them.`)
  }
  return {
    serverName,
    format: parseChoice('--format', format, reportFormats),
    redact,
    strict,
    verbose,
    help,
    options: {
      only: only === undefined ? undefined : parseChoice<Part>('--only', only, ['federation', 'client', 'documents']),
      ...parseNetworkOptions(values)
    }
  }
}

function requireServerName (text: string): void {
  const invalid = findInvalidValue(parseServerName, text)
  if (invalid !== undefined) throw new UsageError(`The server name is ${quote(text)}: ${invalid.explanation}`)
}

/** Standard output gets the report and nothing else; a terminal on standard error shows the progress. */
export async function run (args: readonly string[], context: CommandContext): Promise<ExitStatus> {
  try {
    return await runCheck(args, context)
  } catch (error) {
    if (!isForNagios(args)) throw error
    return await reportNagiosProblem(error, context)
  }
}

/** Whether the output is for Nagios, also if the command line has a fault elsewhere. */
function isForNagios (args: readonly string[]): boolean {
  return args.some((arg, i) => arg === '--format=nagios' || (arg === '--format' && args[i + 1] === 'nagios'))
}

/** What keeps a check from running is neither good nor bad news about the server. */
async function reportNagiosProblem (error: unknown, { stdout, stderr }: CommandContext): Promise<ExitStatus> {
  const lines: string[] = []
  if (error instanceof UsageError) lines.push(error.message)
  else reportExpectedError(error, { warn: line => { stderr.write(`${line}\n`) }, fail: line => { lines.push(line) } })
  const { renderNagiosProblem } = await import('../check/report/nagios.ts')
  await writeOutput(stdout, renderNagiosProblem(lines.join('; ')))
  return nagiosStatus.UNKNOWN
}

async function runCheck (args: readonly string[], context: CommandContext): Promise<ExitStatus> {
  const { environment, stdout, stderr, version } = context
  const wanted = parseArguments(args)
  if (wanted.help) {
    stdout.write(usage)
    return exitStatus.success
  }
  const intent = wanted.serverName === undefined ? loadIntent(environment) : undefined
  const progress = showProgress(stderr)
  const options = { ...wanted.options, intent, progress: progress.show }
  const report = await checkServer(wanted.serverName ?? String(intent?.serverName), options)
    .finally(() => progress.clear())
  const text = textOptions(context, wanted.verbose)
  const written = await writeOutput(stdout, await renderReport(report, { ...wanted, text, version }))
  if (written !== undefined) {
    stderr.write(`Can't write the report: ${written.message}\n`)
    return wanted.format === 'nagios' ? nagiosStatus.UNKNOWN : exitStatus.failure
  }
  if (wanted.format === 'nagios') {
    const { rateForNagios } = await import('../check/report/nagios.ts')
    return nagiosStatus[rateForNagios(report, wanted.strict)]
  }
  return rateReport(report, wanted.strict)
}

function rateReport (report: Report, strict: boolean): ExitStatus {
  const { failures, warnings } = report.verdict
  // What works only sometimes, or could not be checked, is no success.
  const isSuccess = isGood(report.verdict) && failures === 0 && !(strict && warnings > 0)
  return isSuccess ? exitStatus.success : exitStatus.failure
}

function loadIntent (environment: Environment): Site {
  const loaded = loadEnvironment('.env', environment)
  return loadConfig(loaded.environment, loaded.warnings).site
}

/** Colours if the terminal has them and NO_COLOR is not set; glyphs if it reads UTF-8. */
function textOptions ({ environment, stdout }: CommandContext, verbose: boolean): TextOptions {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map(name => environment[name]).find(value => Boolean(value))
  return {
    colour: stdout.isTTY === true && stdout.hasColors?.(environment) === true,
    hyperlinks: stdout.isTTY === true && supportsHyperlinks(environment),
    glyphs: stdout.isTTY === true && /utf-?8/i.test(String(locale)),
    columns: stdout.columns,
    rows: stdout.rows,
    verbose
  }
}
