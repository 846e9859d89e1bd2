import { countNouns, formatCount } from '../../matrix/format-count.ts'
import { groupFindings, listFindingIds } from '../report/finding-groups.ts'
import { summarizeReport } from '../report/headline.ts'
import { Page } from '../report/page.ts'
import type { Mark, TextOptions } from '../report/page.ts'
import { isSuccess } from '../report/success.ts'
import type { Report } from '../report/report.ts'
import type { Verdict } from '../report/verdict.ts'

/** What became of a name, in one sentence or a few. */
interface Line {
  readonly mark: Mark
  readonly serverName: string
  readonly headline: string
  /** The higher, the worse. */
  readonly score: number
}

/** What a run has found so far. It keeps one line for each name that isn't all right, and no reports. */
export class Summary {
  readonly #all: number
  readonly #strict: boolean
  readonly #lines: Line[] = []
  #done = 0
  #failing = 0

  /**
   * @param all how many names there are.
   * @param strict whether warnings are failures.
   */
  constructor (all: number, strict: boolean) {
    this.#all = all
    this.#strict = strict
  }

  get standing (): { readonly all: number, readonly done: number, readonly failing: number } {
    return { all: this.#all, done: this.#done, failing: this.#failing }
  }

  /** @returns the line of this name, for a terminal. */
  add (report: Report, options: TextOptions): string {
    const line = this.#describe(report)
    this.#done++
    if (line.mark === 'bad') this.#failing++
    if (line.mark !== 'good') this.#lines.push(line)
    const page = new Page(options)
    page.markedLine(line.mark, describeLine(line))
    return page.text
  }

  /** How many names work, and which don't, the worst first. */
  render (options: TextOptions): string {
    const page = new Page(options)
    page.blankLine()
    page.entry('', this.#count(), 'bold')
    if (this.#lines.length > 0) page.blankLine()
    for (const line of this.#lines.toSorted(compareLines)) {
      if (options.columns === undefined) page.markedLine(line.mark, describeLine(line))
      else page.marked(line.mark, '', describeLine(line))
    }
    const isLong = options.rows !== undefined && page.text.split('\n').length > options.rows
    if (isLong) {
      page.blankLine()
      page.entry('', this.#count(), 'bold')
    }
    return page.text
  }

  #describe (report: Report): Line {
    const { serverName, verdict, findings } = report
    const mark = !isSuccess(verdict, this.#strict) ? 'bad' : scoreOf(verdict) > 0 ? 'warning' : 'good'
    const headline = `${summarizeReport(report)}${listFindingIds(groupFindings(findings))}`
    return { mark, serverName, headline, score: scoreOf(verdict) }
  }

  #count (): string {
    const warned = this.#lines.length - this.#failing
    const fine = this.#done - this.#lines.length
    const counts = [[this.#failing, 'failing'], [warned, 'with warnings'], [fine, 'without problems']] as const
    const parts = counts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`)
    const unchecked = this.#all - this.#done
    const rest = unchecked === 0 ? [] : [`${formatCount(unchecked)} not checked`]
    return `${countNouns(this.#all, 'name')}: ${[...parts, ...rest].join(', ')}.`
  }
}

function describeLine ({ serverName, headline }: Line): string {
  return `${serverName}: ${headline}`
}

/** The worst first, and those that are as bad by their names: the order in which checks end is random. */
function compareLines (left: Line, right: Line): number {
  return right.score - left.score || left.serverName.localeCompare(right.serverName, 'en', { numeric: true })
}

/** How bad each verdict is, compared with the others. */
const badness: Readonly<Record<Verdict['federation'] | Verdict['clients'], number>> = {
  fails: 7, 'from-here': 6, 'web-fails': 6, partly: 5, sometimes: 4, unknown: 2, asks: 1, works: 0, unchecked: 0
}

function scoreOf ({ federation, clients, failures, warnings }: Verdict): number {
  const verdicts = badness[federation] + badness[clients]
  return 1_000_000 * verdicts + 1_000 * Math.min(failures, 999) + Math.min(warnings, 999)
}
