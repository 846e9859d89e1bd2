import { checkServer } from '../src/check/check.ts'
import type { CheckOptions } from '../src/check/check.ts'
import { delay } from '../test/support/delayed-world.ts'
import { startHealthyWorld } from '../test/support/healthy-world.ts'
import { formatSpread } from './report.ts'
import type { Benchmark } from './report.ts'
import { Scope } from './scope.ts'
import { summarize } from './statistics.ts'
import type { Spread } from './statistics.ts'

/** In milliseconds. */
const roundTrip = 200

/**
 * The longest chains of round trips: each of them has to wait for the one before. Clients' way to the homeserver and to
 * the service for calls is as long as that of servers.
 */
const chain = [
  'DNS: the address of example.com', 'TCP', 'TLS 1.3', 'GET /.well-known/matrix/server (or /client)',
  'DNS: the address of matrix.example.com', 'TCP', 'TLS 1.3',
  'GET /_matrix/key/v2/server (or what clients ask the homeserver and the service for calls)'
]

/**
 * What the federation tester of matrix.org (matrix-federation-tester, in Go) does one after the other for a name like
 * this, by its source: the well-known document, the version, the addresses, the keys.
 */
const tester = { apex: ['TCP', 'TLS', 'GET'].length, all: 4 + 4 + 2 + 3 }

export const check: Benchmark = {
  subject: 'latency of checking one name on a distant network',
  async run (lab) {
    const rounds = lab.smoke ? 1 : 5
    const scope = new Scope()
    try {
      const world = await startHealthyWorld(scope)
      const near = { ca: [world.ca], dns: world.dns.address, connect: world.connect }
      const far = { ...near, ...await delay(scope, world, roundTrip / 2) }
      const farApex = { ...near, ...await delay(scope, world, roundTrip / 2, '45.0.0.2') }
      const only = 'federation'
      const times = {
        near: await measure(rounds, near),
        far: await measure(rounds, far),
        nearFederation: await measure(rounds, { ...near, only }),
        farFederation: await measure(rounds, { ...far, only }),
        farApexFederation: await measure(rounds, { ...farApex, only })
      }
      const ideal = chain.length * roundTrip
      // Everything else takes far less than one.
      const inSequence = ({ median }: Spread): number => Math.round((median - times.nearFederation.median) / roundTrip)
      return {
        method: `${rounds} checks of a healthy name each, with round trips of ${roundTrip} ms. ` +
          `The longest chain is ${chain.join('; ')}.`,
        head: ['check', 'far away', 'longest chain, ms', 'check, ms'],
        rows: [
          ['all', 'nothing', '', formatSpread(times.near)],
          ['all', 'everything', String(ideal), formatSpread(times.far)],
          ['--only federation', 'nothing', '', formatSpread(times.nearFederation)],
          ['--only federation', 'everything', String(ideal), formatSpread(times.farFederation)],
          ['--only federation', 'example.com', String(tester.apex * roundTrip), formatSpread(times.farApexFederation)]
        ],
        bars: [
          { text: 'check ÷ longest chain of round trips', limit: ['≤', 1.25], measured: times.far.median / ideal },
          {
            text: 'round trips in sequence to example.com, --only federation (limit: the Go federation tester)',
            limit: ['≤', tester.apex],
            measured: inSequence(times.farApexFederation)
          },
          {
            text: 'round trips in sequence, --only federation (limit: the Go federation tester)',
            limit: ['≤', tester.all],
            measured: inSequence(times.farFederation)
          }
        ]
      }
    } finally {
      await scope.end()
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
