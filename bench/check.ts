import { checkServer } from '../src/check/check.ts'
import type { CheckOptions } from '../src/check/check.ts'
import { delay } from '../test/support/delayed-world.ts'
import { startHealthyWorld } from '../test/support/healthy-world.ts'
import { formatSpread } from './report.ts'
import type { Benchmark } from './report.ts'
import { summarize } from './statistics.ts'
import type { Spread } from './statistics.ts'

/** In milliseconds. */
const roundTrip = 200

/** The longest chain of round trips: each of them has to wait for the one before. */
const chain = [
  'DNS: the address of example.com', 'TCP', 'TLS 1.3', 'GET /.well-known/matrix/server',
  'DNS: the address of matrix.example.com', 'TCP', 'TLS 1.3', 'GET /_matrix/key/v2/server'
]

export const check: Benchmark = {
  subject: 'latency of checking one name on a distant network',
  async run (lab) {
    const rounds = lab.smoke ? 1 : 5
    const teardowns: Array<() => unknown> = []
    const scope = { teardown: (end: () => unknown) => { teardowns.unshift(end) } }
    try {
      const world = await startHealthyWorld(scope)
      const ca = [world.ca]
      const near = await measure(rounds, { ca, dns: world.dns.address, connect: world.connect })
      const far = await measure(rounds, { ca, ...await delay(scope, world, roundTrip / 2) })
      const ideal = chain.length * roundTrip
      return {
        method: `${rounds} checks of a healthy name each. The chain is ${chain.join('; ')}.`,
        head: ['network', 'longest chain, ms', 'check, ms'],
        rows: [
          ['loopback', '', formatSpread(near)],
          [`round trips of ${roundTrip} ms`, String(ideal), formatSpread(far)]
        ],
        bars: [{ text: 'check ÷ longest chain of round trips', limit: ['≤', 1.25], measured: far.median / ideal }]
      }
    } finally {
      for (const end of teardowns) await end()
    }
  }
}

async function measure (rounds: number, options: CheckOptions): Promise<Spread> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    const { findings } = await checkServer('example.com', options)
    times.push(performance.now() - started)
    if (findings.length > 0) throw new Error(`a healthy name has findings: ${JSON.stringify(findings)}`)
  }
  return summarize(times)
}
