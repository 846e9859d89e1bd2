import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { healthyOptions } from '../test/support/check-cli.ts'
import { startHealthyWorld } from '../test/support/healthy-world.ts'
import { imageArguments, installImage, readImage } from './image.ts'
import { settings } from './launch.ts'
import { bundlePackage } from './package.ts'
import { findNode } from './peers.ts'
import { findPort } from './process.ts'
import { formatSpread } from './report.ts'
import type { Benchmark, Lab } from './report.ts'
import { Scope } from './scope.ts'
import { summarize } from './statistics.ts'
import type { Spread } from './statistics.ts'

export const checkStart: Benchmark = {
  subject: 'time of a check as a process, when nothing is far away',
  async run (lab) {
    const rounds = lab.smoke ? 1 : 21
    const image = readImage()
    const { file, version } = findNode(image.major, lab.directory)
    const app = join(lab.directory, 'app-check')
    installImage(image, file, { ...settings, PORT: String(await findPort()) }, app)
    const program = imageArguments({ args: image.args.slice(0, -1) }, app)
    const scope = new Scope()
    try {
      const options = await healthyOptions(await startHealthyWorld(scope))
      const npm = [file, bundlePackage(lab.directory)]
      const cases: ReadonlyArray<readonly [name: string, words: readonly string[], environment?: object]> = [
        ['as npm installs it, --only federation', [...npm, 'check', 'example.com', '--only', 'federation', ...options]],
        ['as npm installs it', [...npm, 'check', 'example.com', ...options]],
        ['in the image', [file, ...program, 'check', 'example.com', ...options], { NODE_OPTIONS: image.nodeOptions }],
        ['node, and nothing else', [file, '--eval', '']]
      ]
      const times = cases.map((): number[] => [])
      for (let round = 0; round < rounds; round++) {
        for (const [i, [, words, environment]] of cases.entries()) times[i]?.push(await time(words, lab, environment))
      }
      const spreads = times.map(summarize)
      return {
        method: `${rounds} processes of each on ${version}. The hosts of the world run on the other core.`,
        head: ['command', 'ms'],
        rows: cases.map(([name], i) => [name, formatSpread(spreads[i] as Spread)]),
        bars: [{
          text: `ms of a check as npm installs it, --only federation, ${version}`,
          limit: ['≤', 120],
          measured: spreads[0]?.median ?? NaN
        }]
      }
    } finally {
      await scope.end()
    }
  }
}

/** How long a process takes on the first core, in milliseconds. */
async function time (words: readonly string[], lab: Lab, environment: object = {}): Promise<number> {
  const started = performance.now()
  const child = spawn('taskset', ['-c', '0', ...words], {
    cwd: lab.directory,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
    signal: lab.signal
  })
  const [status] = await once(child, 'exit') as [number | null]
  if (status !== 0) throw new Error(`${words.join(' ')}: exit status ${status}`)
  return performance.now() - started
}
