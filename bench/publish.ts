import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderPlot } from './plot.ts'
import type { Results } from './results.ts'
import { renderTables } from './tables.ts'

/** Writes results.json, the tables of README.md and throughput.svg. What was not measured this time stays as it is. */
export function publish (measured: Results): void {
  const results = { ...JSON.parse(read('results.json')) as Results, ...measured }
  write('results.json', `${JSON.stringify(results, shorten, 1)}\n`)
  if (results.throughput !== undefined) write('throughput.svg', renderPlot(results.throughput))
  const readme = read('README.md')
  const marked = /(?<=<!-- results -->\n)[^]*(?=<!-- \/results -->)/
  if (!marked.test(readme)) throw new Error('bench/README.md has lost its markers, <!-- results --> and <!-- /results -->')
  write('README.md', readme.replace(marked, () => `\n${renderTables(results)}\n\n`))
}

function shorten (_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value
}

function read (name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
}

function write (name: string, text: string): void {
  writeFileSync(join(import.meta.dirname, name), text)
}
