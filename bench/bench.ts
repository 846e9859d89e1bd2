// Measures the sidecar beside other servers, and writes what it found to results.json, README.md and throughput.svg:
// npm run bench
import { constants } from 'node:os'
import { isHeld, judge } from './bars.ts'
import { parseOptions, UsageError } from './options.ts'
import type { Plan } from './options.ts'
import { publish } from './publish.ts'
import { run } from './run.ts'
import { findLacks } from './tools.ts'

// Where one of these ends it, the servers end with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(128 + constants.signals[signal]))

const args = process.argv.slice(2)
try {
  const plan = parseOptions(args)
  const lacks = findLacks()
  if (lacks.length === 0) await bench(plan)
  else fail(lacks.join('\n'), 1)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  fail(error.message, 2)
}

async function bench (plan: Plan): Promise<void> {
  const results = await run(plan, ['npm run bench', ...args.length === 0 ? [] : ['--', ...args]].join(' '))
  if (plan.smoke) return
  for (const bar of judge(results)) {
    const held = isHeld(bar)
    console.log(`${held === undefined ? 'not measured' : held ? 'held' : 'NOT HELD'}: ${bar.text}${bar.measured === undefined ? '' : `: ${bar.measured.toFixed(2)}`}`)
  }
  publish(results)
}

function fail (message: string, status: number): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = status
}
