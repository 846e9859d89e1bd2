// How long a healthy check takes on a network that is far away, beside the longest chain of round trips in it that each
// have to wait for the one before: npm run bench:check
import { checkServer } from '../src/check/check.ts'
import type { CheckOptions } from '../src/check/check.ts'
import { startHealthyWorld } from '../test/support/healthy-world.ts'
import { delay } from './delayed-network.ts'

/** Each way, in milliseconds. */
const oneWay = 100
const rounds = 5

/** Nothing of it can be asked before what stands above it has been answered; all else goes on beside it. */
const chain = [
  'DNS: the address of example.com',
  'TCP to it', 'TLS 1.3', 'GET /.well-known/matrix/server',
  'DNS: the address of matrix.example.com, which it names',
  'TCP to it', 'TLS 1.3', 'GET /_matrix/key/v2/server'
]

const teardowns: Array<() => unknown> = []
const scope = { teardown: (end: () => unknown) => { teardowns.unshift(end) } }
try {
  const world = await startHealthyWorld(scope)
  const near = await measure({ dns: world.dns.address, connect: world.connect })
  const far = await measure(await delay(scope, world, oneWay))
  const least = chain.length * 2 * oneWay
  chain.forEach((step, i) => console.log(`${String(i + 1).padStart(2)}  ${step}`))
  console.log(`\n${oneWay} ms each way: the chain takes ${least} ms, the check ${far} ms in the median of ${rounds}: ${(far / least).toFixed(2)} ×, at most 1.25 × is wanted`)
  console.log(`without delay the check takes ${near} ms`)

  async function measure (options: CheckOptions): Promise<number> {
    const times: number[] = []
    for (let i = 0; i < rounds; i++) {
      const start = performance.now()
      const { findings } = await checkServer('example.com', { ca: [world.ca], ...options })
      times.push(performance.now() - start)
      if (findings.length > 0) throw new Error(`a healthy world has no findings: ${JSON.stringify(findings)}`)
    }
    return Math.round(times.toSorted((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0)
  }
} finally {
  for (const end of teardowns) await end()
}
