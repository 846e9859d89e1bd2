import { isHeld, judge } from './bars.ts'
import { newest } from './nodes.ts'
import { ratio, spread } from './results.ts'
import type { Part, Results, Subject } from './results.ts'
import type { Spread } from './statistics.ts'
import { connections } from './wrk.ts'
import type { Load } from './wrk.ts'

/** All that was measured, as Markdown. */
export function renderTables (results: Results): string {
  const { throughput, start, memory } = results
  return [
    '### Bars', '', ...renderBars(results),
    ...throughput === undefined ? [] : ['', '### Throughput', '', ...renderThroughput(throughput)],
    ...start === undefined ? [] : ['', '### Start', '', ...renderStart(start)],
    ...memory === undefined ? [] : ['', '### Memory', '', ...renderMemory(memory)]
  ].join('\n')
}

function renderBars (results: Results): string[] {
  const rows = judge(results).map(bar => {
    const { text, wanted, measured } = bar
    const held = isHeld(bar)
    return [
      text,
      'atLeast' in wanted ? `≥ ${wanted.atLeast}` : `≤ ${wanted.atMost}`,
      measured?.toFixed(2) ?? '–',
      held === undefined ? 'not measured' : held ? 'held' : '**not held**'
    ]
  })
  return table(['bar', 'wanted', 'measured', ''], rows)
}

function renderThroughput (part: Part<Load>): string[] {
  const rows = part.subjects.map(subject => {
    const raw = `raw-${subject.node ?? newest}`
    return [
      ...identify(subject),
      range(spread(part, subject.id, ({ requestsPerSecond }) => requestsPerSecond), 0),
      range(ratio(part, subject.id, raw, ({ requestsPerSecond }) => requestsPerSecond), 2),
      range(spread(part, subject.id, ({ p50 }) => p50 / 1000), 2),
      range(spread(part, subject.id, ({ p99 }) => p99 / 1000), 2),
      spread(part, subject.id, ({ cpuPerRequest }) => cpuPerRequest).median.toFixed(1),
      `${(spread(part, subject.id, ({ cpuPerRequest, requestsPerSecond }) => cpuPerRequest * requestsPerSecond).median / 1e4).toFixed(0)} %`
    ]
  })
  const cut = part.subjects
    .map(({ id, name, version }) => ({ count: part.rounds.reduce((sum, round) => sum + (round[id]?.cut ?? 0), 0), name: `${name} ${version}` }))
    .filter(({ count }) => count > 0)
  return [
    ...introduce(part, `${part.rounds.length} rounds, ${connections} connections. The ratio is to bare node:http on the same Node, for those not on Node to that on Node ${newest}, each time of the same round.`),
    '![Requests per second of each server](throughput.svg)', '',
    ...table(['server', 'version', 'requests/s', '÷ bare', 'p50, ms', 'p99, ms', 'CPU µs/request', 'of its core'], rows),
    ...cut.length === 0 ? [] : ['', `Connections that failed or were cut: ${cut.map(({ name, count }) => `${name} ${count}`).join(', ')}.`]
  ]
}

function renderStart (part: Part<number>): string[] {
  const rows = part.subjects.map(subject => [
    ...identify(subject),
    range(spread(part, subject.id, time => time), 0),
    subject.node === undefined ? '' : ratio(part, subject.id, `raw-${subject.node}`, time => time).median.toFixed(2)
  ])
  return [
    ...introduce(part, `${part.rounds.length} starts of each.`),
    ...table(['server', 'version', 'ms to the first 200', '÷ bare'], rows)
  ]
}

function renderMemory (part: NonNullable<Results['memory']>): string[] {
  const rows = part.subjects.map(subject => {
    const loaded = part.loaded[subject.id]
    return [
      ...identify(subject),
      range(spread(part, subject.id, size => size), 1),
      subject.node === undefined ? '' : ratio(part, subject.id, `raw-${subject.node}`, size => size).median.toFixed(2),
      loaded?.loaded.toFixed(1) ?? '',
      loaded === undefined ? '' : (loaded.loaded / loaded.rest).toFixed(2)
    ]
  })
  return [
    ...introduce(part, `At rest the median of ${part.rounds.length}, after ${part.load} s of full load a single run, whose ratio is to the same process at rest.`),
    ...table(['server', 'version', 'MB at rest', '÷ bare', 'MB after load', '÷ at rest'], rows)
  ]
}

function introduce ({ date, machine, busy, command, missing }: Part<unknown>, method: string): string[] {
  return [
    `\`${command}\`, ${date}: ${machine}; others took ${(busy * 100).toFixed(0)} % of it beforehand. ${method}`, '',
    ...missing.length === 0 ? [] : [`Left out, since it is not installed: ${missing.join(', ')}.`, '']
  ]
}

function identify ({ name, version, node }: Subject): [name: string, version: string] {
  return [name, node === undefined ? version : `Node ${version}`]
}

function range ({ median, low, high }: Spread, digits: number): string {
  const print = (value: number): string => value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return `${print(median)} (${print(low)}–${print(high)})`
}

function table (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
  return [head, head.map((_, i) => i === 0 ? '---' : '---:'), ...rows].map(cells => `| ${cells.join(' | ')} |`)
}
