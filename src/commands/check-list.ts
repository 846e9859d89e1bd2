import { checkNames } from '../check/many/check-names.ts'
import type { Subject } from '../check/many/check-names.ts'
import { openProgressBar } from '../check/many/progress-bar.ts'
import { Summary } from '../check/many/summary.ts'
import { renderJsonLine } from '../check/report/json.ts'
import type { TextOptions } from '../check/report/page.ts'
import { redactReport } from '../check/report/redact.ts'
import type { Report } from '../check/report/report.ts'
import { renderTapBailOut, renderTapPlan, renderTapSubtest } from '../check/report/tap.ts'
import { renderText } from '../check/report/text.ts'
import { exitStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import type { CheckArguments } from './check.ts'
import { UsageError } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { writeOutput } from './output.ts'

export interface ListOptions extends Omit<CheckArguments, 'serverNames' | 'file' | 'help'> {
  readonly text: TextOptions
}

/** How a list is written: what comes first, for each report, and at the end. */
interface Layout {
  readonly start: string
  readonly item: (report: Report, line: string, number: number) => string
  readonly end: (summary: Summary, interrupted: boolean) => string
}

/**
 * Checks several names. Standard output gets what is known of each as its check ends; a terminal on standard error
 * shows the progress. SIGINT ends it with what is known.
 *
 * @throws {UsageError} if the format is for one name only.
 */
export async function checkList (
  subjects: readonly Subject[],
  { options, jobs, strict, ...wanted }: ListOptions,
  { stdout, stderr, signals }: CommandContext
): Promise<ExitStatus> {
  const layout = layOut({ ...wanted, strict }, subjects.length)
  const summary = new Summary(subjects.length, strict)
  const bar = openProgressBar(stderr, wanted.text.glyphs)
  const stop = new AbortController()
  let interrupted = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    signals.on(signal, () => {
      interrupted = true
      stop.abort()
    })
  }
  let failed: Error | undefined
  const write = async (text: string): Promise<void> => {
    bar.clear()
    failed ??= await writeOutput(stdout, text)
    if (failed !== undefined) stop.abort()
  }
  await write(layout.start)
  bar.show(summary.standing)
  await checkNames(subjects, { ...options, jobs, signal: stop.signal }, async report => {
    const shown = wanted.redact ? redactReport(report) : report
    const line = summary.add(shown, wanted.text)
    await write(layout.item(shown, line, summary.standing.done))
    bar.show(summary.standing)
  })
  await write(layout.end(summary, interrupted))
  if (failed !== undefined) stderr.write(`Can't write the reports: ${failed.message}\n`)
  const { all, done, failing } = summary.standing
  return done === all && failing === 0 && failed === undefined ? exitStatus.success : exitStatus.failure
}

function layOut ({ format, strict, verbose, text }: Omit<ListOptions, 'options' | 'jobs'>, count: number): Layout {
  switch (format) {
    case 'json': return { start: '', item: renderJsonLine, end: () => '' }
    case 'tap': return {
      start: renderTapPlan(count),
      item: (report, _line, number) => renderTapSubtest(report, number, strict),
      end: (_summary, interrupted) => interrupted ? renderTapBailOut('interrupted') : ''
    }
    case 'text': return {
      start: '',
      item: (report, line) => verbose ? `${line}\n${renderText(report, text)}\n` : line,
      end: summary => summary.render(text)
    }
    default: throw new UsageError(`--format ${format} is for one name; use text, json or tap, or give only one name`)
  }
}
