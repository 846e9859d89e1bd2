import type { WriteStream } from 'node:tty'
import { loadConfig } from '../config/config.ts'
import type { Environment } from '../config/environment.ts'
import { checkUsage, parseCheckArguments } from './check-arguments.ts'
import type { CheckArguments } from './check-arguments.ts'
import { checkServer } from '../check/check.ts'
import { showProgress } from '../check/report/progress.ts'
import { renderTap } from '../check/report/tap.ts'
import { renderText } from '../check/report/text.ts'
import type { TextOptions } from '../check/report/text.ts'
import type { Report } from '../check/report/report.ts'
import { renderJson } from '../check/report/json.ts'

type Stream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'hasColors' | 'columns'>>

/**
 * The command `check`: writes a report, and what is waited for where somebody may be looking.
 *
 * @returns the exit status: 0 healthy, 1 not.
 * @throws {UsageError} when the command line is wrong, {ConfigError} when the settings are needed and wrong.
 */
export async function runCheck (args: string[], readEnvironment: () => Environment, output: Stream, errors: Stream, environment: Environment): Promise<number> {
  const wanted = parseCheckArguments(args)
  if (wanted.help) {
    output.write(checkUsage)
    return 0
  }
  const intent = wanted.serverName === undefined ? loadConfig(readEnvironment()).site : undefined
  const progress = showProgress(errors)
  const report = await checkServer(wanted.serverName ?? String(intent?.serverName), { ...wanted.options, intent, progress: progress.show }).finally(() => progress.clear())
  output.write(render(report, wanted, textOptionsOf(output, environment)))
  const { failures, warnings } = report.verdict
  return failures > 0 || (wanted.strict && warnings > 0) ? 1 : 0
}

function render (report: Report, { format, strict }: CheckArguments, options: TextOptions): string {
  switch (format) {
    case 'json': return renderJson(report)
    case 'tap': return renderTap(report, strict)
    case 'text': return renderText(report, options)
  }
}

/** Colour where it is a terminal that has some and NO_COLOR is not set; glyphs where it is one that reads UTF-8. */
function textOptionsOf (output: Stream, environment: Environment): TextOptions {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map(name => environment[name]).find(value => Boolean(value))
  return {
    colour: output.isTTY === true && output.hasColors?.(environment) === true,
    glyphs: output.isTTY === true && /utf-?8/i.test(String(locale))
  }
}
