import type { Spread } from './statistics.ts'

export interface Benchmark {
  /** What it measures, for the usage. */
  readonly subject: string
  readonly run: (lab: Lab) => Promise<Report>
}

/** What all benchmarks share. */
export interface Lab {
  /** Only show that everything works, as fast as possible. */
  readonly smoke: boolean
  /** For temporary files. */
  readonly directory: string
  /** Aborted when the benchmark ends, and kills its processes. */
  readonly signal: AbortSignal
}

export interface Report {
  /** How it was measured: sentences. */
  readonly method: string
  readonly head: readonly string[]
  readonly rows: ReadonlyArray<readonly string[]>
  readonly bars: readonly Bar[]
}

/** A limit that the sidecar has to keep. */
export interface Bar {
  readonly text: string
  readonly limit: readonly ['≥' | '≤', number]
  readonly measured: number
}

/** Renders a report as Markdown. */
export function renderReport (name: string, context: string, { method, head, rows, bars }: Report): string {
  const barRows = bars.map(({ text, limit: [relation, value], measured }) => {
    const holds = relation === '≥' ? measured >= value : measured <= value
    return [text, `${relation} ${value}`, measured.toFixed(3), holds ? 'holds' : '**missed**']
  })
  return [
    `### ${name.charAt(0).toUpperCase()}${name.slice(1)}`, '', `${context} ${method}`, '',
    ...renderTable(head, rows), '', ...renderTable(['bar', 'limit', 'measured', ''], barRows), ''
  ].join('\n')
}

function renderTable (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
  return [head, head.map((_, i) => i === 0 ? '---' : '---:'), ...rows].map(cells => `| ${cells.join(' | ')} |`)
}

/** The median, with the quartiles in parentheses. */
export function formatSpread ({ median, low, high }: Spread, digits = 0): string {
  const [middle, ...quartiles] = [median, low, high].map(value =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }))
  return `${middle} (${quartiles.join('–')})`
}
