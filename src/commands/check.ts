import { checkServer } from '../check/check.ts'
import type { CheckOptions } from '../check/check.ts'
import { parts } from '../check/gather/gather.ts'
import { supportsHyperlinks } from '../check/report/hyperlinks.ts'
import { showProgress } from '../check/report/progress.ts'
import type { TextOptions } from '../check/report/page.ts'
import { isSuccess } from '../check/report/success.ts'
import { describeExitStatuses, exitStatus, nagiosStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import { quote } from '../matrix/printable.ts'
import { findSubjects } from './check-subjects.ts'
import { parseChoice, parseCommandLine, UsageError } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { reportExpectedError } from './expected-error.ts'
import { networkOptions, networkUsage, parseNetworkOptions } from './network-options.ts'
import { writeOutput } from './output.ts'
import { renderReport, reportFormats } from './report-format.ts'
import type { ReportFormat } from './report-format.ts'

export const usage = `Usage: matrix-well-known check [SERVER_NAME…] [options]

Checks whether other servers and clients can find and reach each SERVER_NAME,
the part after the colon in user IDs. Without one, it checks all sites in the
settings. A name that is in the settings is also compared with them.

Options:
  --file FILE              also check the names in FILE, one per line (-: stdin)
  --jobs NUMBER            check NUMBER names at once (default and maximum: 16)
  --only PART              check only federation, client or documents
  --format FORMAT          text, json, tap; for one name html, markdown, nagios
  --json                   same as --format json; several names: one per line
  --redact                 leave out IP and email addresses
  --strict                 treat warnings as failures
  -v, --verbose            show skipped steps, and whole reports of many names
${networkUsage}  -h, --help               show this help

${describeExitStatuses({ 0: 'nothing fails', 1: "something fails or couldn't be checked" })}`

export interface CheckArguments {
  readonly serverNames: readonly string[]
  /** The path of a file with further names. */
  readonly file: string | undefined
  /** How many checks run at a time. */
  readonly jobs: number
  readonly options: CheckOptions
  readonly format: ReportFormat
  readonly redact: boolean
  readonly strict: boolean
  readonly verbose: boolean
  readonly help: boolean
}

/** @throws {UsageError} about the first fault. */
export function parseArguments (args: readonly string[]): CheckArguments {
  const { values, positionals: serverNames } = parseCommandLine(args, {
    ...networkOptions,
    file: { type: 'string' },
    jobs: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean' },
    format: { type: 'string' },
    redact: { type: 'boolean' },
    strict: { type: 'boolean' },
    verbose: { type: 'boolean', short: 'v' },
    help: { type: 'boolean', short: 'h' }
  })
  const { file, jobs, only, json = false, format = json ? 'json' : 'text' } = values
  const { redact = false, strict = false, verbose = false, help = false } = values
  if (json && format !== 'json') {
    throw new UsageError(`--json and --format ${format} can't be used together: use only one of them.`)
  }
  return {
    serverNames,
    file,
    jobs: jobs === undefined ? maxJobs : parseJobs(jobs),
    format: parseChoice('--format', format, reportFormats),
    redact,
    strict,
    verbose,
    help,
    options: {
      only: only === undefined ? undefined : parseChoice('--only', only, parts),
      ...parseNetworkOptions(values)
    }
  }
}

/** More would keep a machine with one core busy with TLS, and gain no time. */
const maxJobs = 16

function parseJobs (text: string): number {
  const jobs = /^\d+$/.test(text) ? Number(text) : NaN
  if (jobs >= 1 && jobs <= maxJobs) return jobs
  throw new UsageError(`--jobs is ${quote(text)}: use a whole number from 1 to ${maxJobs}`)
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
  const { stdout, stderr, version } = context
  const wanted = parseArguments(args)
  if (wanted.help) {
    stdout.write(usage)
    return exitStatus.success
  }
  const text = textOptions(context, wanted.verbose)
  const { subjects, isList, hasFaults } = await findSubjects(wanted, context)
  const [subject] = subjects
  if (isList || subject === undefined) {
    const { checkList } = await import('./check-list.ts')
    const status = await checkList(subjects, { ...wanted, text }, context)
    return hasFaults ? exitStatus.failure : status
  }
  const progress = showProgress(stderr, context.environment.TERM)
  const options = { ...wanted.options, intent: subject.intent, progress: progress.show }
  const report = await checkServer(subject.serverName, options).finally(() => progress.clear())
  const written = await writeOutput(stdout, await renderReport(report, { ...wanted, text, version }))
  if (written !== undefined) {
    stderr.write(`Can't write the report: ${written.message}\n`)
    return wanted.format === 'nagios' ? nagiosStatus.UNKNOWN : exitStatus.failure
  }
  if (wanted.format === 'nagios') {
    const { rateForNagios } = await import('../check/report/nagios.ts')
    return nagiosStatus[rateForNagios(report, wanted.strict)]
  }
  return isSuccess(report.verdict, wanted.strict) ? exitStatus.success : exitStatus.failure
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
