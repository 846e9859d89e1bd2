import { checkNames } from '../check/many/check-names.ts'
import type { Subject } from '../check/many/check-names.ts'
import { noProgressBar, openProgressBar } from '../check/many/progress-bar.ts'
import { Summary } from '../check/many/summary.ts'
import { renderJsonLine } from '../check/report/json.ts'
import type { TextOptions } from '../check/report/page.ts'
import { canErase } from '../check/report/progress.ts'
import { startRedaction } from '../check/report/redact.ts'
import type { Report } from '../check/report/report.ts'
import { renderTapBailOut, renderTapPlan, renderTapSubtest } from '../check/report/tap.ts'
import { renderText } from '../check/report/text.ts'
import { exitStatus, signalStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import type { CheckArguments } from './check.ts'
import { UsageError } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { limitHeapGrowth } from './heap-growth.ts'
import { isClosedPipe, writeText } from './output.ts'

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
 * shows the progress. SIGINT, and a reader that goes away, end it with what is known.
 *
 * @throws {UsageError} if the format is for one name only.
 */
export async function checkList (
  subjects: readonly Subject[],
  { options, jobs, strict, ...wanted }: ListOptions,
  { environment, nodeOptions, stdout, stderr, signals }: CommandContext
): Promise<ExitStatus> {
  limitHeapGrowth(nodeOptions)
  const layout = layOut({ ...wanted, strict }, subjects.length)
  const summary = new Summary(subjects.length, strict)
  const redact = wanted.redact ? startRedaction() : undefined
  const running = new Set<string>()
  const bar = canErase(stderr, environment.TERM)
    ? openProgressBar(stderr, () => ({ ...summary.standing, running: [...running] }), wanted.text)
    : noProgressBar
  const stop = new AbortController()
  let status: ExitStatus | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The second one ends the process at once.
    signals.once(signal, () => {
      status = signalStatus[signal]
      stop.abort()
    })
  }
  let failed: Error | undefined
  const write = async (text: string): Promise<void> => {
    bar.clear()
    if (failed !== undefined) return
    failed = await writeText(stdout, text)
    if (failed !== undefined) stop.abort()
  }
  await write(layout.start)
  await checkNames(subjects, { ...options, jobs, signal: stop.signal }, {
    start (serverName) {
      running.add(serverName)
      bar.show()
    },
    async finish (report) {
      running.delete(report.serverName)
      const shown = redact === undefined ? report : redact(report)
      const line = summary.add(shown, wanted.text)
      await write(layout.item(shown, line, summary.standing.done))
      bar.show()
    }
  })
  bar.close()
  await write(layout.end(summary, status !== undefined))
  if (failed !== undefined && !isClosedPipe(failed)) stderr.write(`Can't write the reports: ${failed.message}\n`)
  const { all, done, failing } = summary.standing
  if (status !== undefined && wanted.format !== 'text') {
    stderr.write(`Interrupted: ${all - done} of ${all} not checked\n`)
  }
  return status ?? (done === all && failing === 0 && failed === undefined ? exitStatus.success : exitStatus.failure)
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
