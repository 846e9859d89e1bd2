import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { nameOf, startInternet } from './internet.ts'
import { findNode } from './peers.ts'
import { readImage } from './image.ts'
import { bundlePackage } from './package.ts'
import type { Benchmark, Lab } from './report.ts'
import { Scope } from './scope.ts'

const full = { count: 1_000, some: 200, single: 5, roundTrip: 100 }
const smoke = { count: 32, some: 16, single: 1, roundTrip: 10 }
const jobs = 16

/** What check-names.js prints. Times are in seconds, memory is the largest resident set in MB. */
interface Run {
  readonly status: number
  readonly output: string
  readonly seconds: number
  readonly cpu: number
  readonly memory: number
}

interface Options {
  /** Whether all homeservers have one address. */
  readonly isOneProvider?: boolean
  readonly nodeOptions?: string
}

export const checkMany: Benchmark = {
  subject: 'checking many names, 16 at a time, on a distant network',
  async run (lab) {
    const { count, some, single, roundTrip } = lab.smoke ? smoke : full
    const image = readImage()
    const { file, version } = findNode(image.major, lab.directory)
    const folder = join(dirname(bundlePackage(lab.directory)), 'cli')
    const modules = readdirSync(folder).filter(name => name.startsWith('check-list-')).map(name => join(folder, name))
    const check = async (names: number, atOnce: number, options: Options = {}): Promise<Run> => {
      const { isOneProvider = false, nodeOptions = image.nodeOptions } = options
      const scope = new Scope()
      try {
        const internet = await startInternet(scope, names, roundTrip / 2, isOneProvider)
        const list = Array.from({ length: names }, (_, i) => nameOf(i))
        const task = { module: modules[0], ...internet, names: list, jobs: atOnce, roundTrip }
        return await run([file, join(import.meta.dirname, 'check-names.js'), JSON.stringify(task)], nodeOptions, lab)
      } finally {
        await scope.end()
      }
    }
    const one = await check(single, 1)
    const all = await check(count, jobs)
    const unlimited = await check(count, jobs, { nodeOptions: '' })
    const provider = await check(some, jobs, { isOneProvider: true })
    const ideal = one.seconds / single * count / jobs
    const row = (what: string, names: number, atOnce: number, { seconds, cpu, memory }: Run): string[] => [
      what, names.toLocaleString('en'), String(atOnce), seconds.toFixed(1), (1_000 * seconds / names).toFixed(0),
      (1_000 * cpu / names).toFixed(1), memory.toFixed(0)
    ]
    return {
      method: `Healthy names, all documents, round trips of ${roundTrip} ms, on ${version} with the image's ` +
        `NODE_OPTIONS (${image.nodeOptions}). The network runs on the other core. At most four checks ask one ` +
        'address at a time, so it takes longer if all homeservers have the same.',
      head: ['homeservers', 'names', 'at a time', 's', 'ms per name', 'CPU ms per name', 'MB at most'],
      rows: [
        row('an address each', single, 1, one),
        row('an address each', count, jobs, all),
        row('an address each, without NODE_OPTIONS', count, jobs, unlimited),
        row('the same address', some, jobs, provider)
      ],
      bars: [
        {
          text: `${count.toLocaleString('en')} names ÷ (${count.toLocaleString('en')} / ${jobs} × the time of one)`,
          limit: ['≤', 1.3],
          measured: all.seconds / ideal
        },
        { text: 'MB at most', limit: ['≤', 150], measured: all.memory },
        { text: 'MB at most, without NODE_OPTIONS', limit: ['≤', 150], measured: unlimited.memory }
      ]
    }
  }
}

async function run (words: readonly string[], nodeOptions: string, { signal }: Lab): Promise<Run> {
  const env = { PATH: process.env.PATH, NODE_OPTIONS: nodeOptions }
  const { stdout } = await promisify(execFile)('taskset', ['-c', '0', ...words], { env, signal })
  const result = JSON.parse(stdout) as Run
  if (result.status !== 0) throw new Error(`not all names are healthy:\n${result.output}`)
  return result
}
