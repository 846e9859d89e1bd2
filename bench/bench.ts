// Runs the benchmarks and prints their tables as Markdown, for README.md.
import { execFileSync } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkMany } from './check-many.ts'
import { checkStart } from './check-start.ts'
import { check } from './check.ts'
import { memory } from './memory.ts'
import { renderReport } from './report.ts'
import type { Benchmark, Lab } from './report.ts'
import { sites } from './sites.ts'
import { start } from './start.ts'
import { throughput } from './throughput.ts'

/** In the order in which they run. */
const benchmarks: Readonly<Record<string, Benchmark>> = {
  throughput,
  start,
  memory,
  check,
  'check-start': checkStart,
  'check-many': checkMany,
  sites
}

const usage = `usage: npm run bench -- [--only NAME]... [--smoke]

Prints the tables of bench/README.md:
${Object.entries(benchmarks).map(([name, { subject }]) => `  ${name.padEnd(13)}${subject}`).join('\n')}

  --only NAME  run only this benchmark; can be repeated
  --smoke      run everything once and briefly: shows that it works, the figures mean nothing
  --help       print this text
`

try {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: Object.keys(benchmarks) },
      smoke: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false }
    }
  })
  const unknown = values.only.find(name => !Object.hasOwn(benchmarks, name))
  if (values.help) process.stdout.write(usage)
  else if (unknown !== undefined) fail(`--only ${unknown}: there is no such benchmark`)
  else await run(values.only, openLab(values.smoke))
} catch (error) {
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error
  fail(error.message)
}

function fail (message: string): void {
  process.stderr.write(`${message}\n\n${usage}`)
  process.exitCode = 2
}

async function run (names: readonly string[], lab: Lab): Promise<void> {
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
    `Linux ${release()}, load average ${loadavg()[0]?.toFixed(1)} before`
  for (const name of names) {
    process.stderr.write(`${name}…\n`)
    const report = await benchmarks[name]?.run(lab)
    const command = `npm run bench -- --only ${name}${lab.smoke ? ' --smoke' : ''}`
    const context = `\`${command}\`, ${new Date().toISOString().slice(0, 10)}: ${machine}.`
    if (report !== undefined) console.log(renderReport(name, context, report))
  }
}

/** It closes when this process exits. */
function openLab (smoke: boolean): Lab {
  const directory = mkdtempSync(join(tmpdir(), 'matrix-well-known-bench-'))
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  process.once('exit', () => {
    controller.abort()
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 })
  })
  // The first core is for the servers; see startServer.
  execFileSync('taskset', ['-a', '-p', '-c', '1', String(process.pid)], { stdio: 'ignore' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]))
  }
  return { smoke, directory, signal: controller.signal }
}
