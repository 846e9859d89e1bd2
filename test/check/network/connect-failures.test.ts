import t from 'tap'
import { ConnectFailures } from '../../../src/check/network/connect-failures.ts'

const failure = { kind: 'refused', phase: 'connect', message: 'no' } as const

/** Passes time until something is true; without that, the test never ends. */
async function until (isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(resolve => setImmediate(resolve))
}

t.test('an address that could not be connected to is known for some time', async t => {
  const failures = new ConnectFailures(20)
  t.equal(failures.find('a', -Infinity), undefined)
  t.equal(failures.timeOf('a', -Infinity), undefined)
  failures.add('a', failure)
  const time = failures.timeOf('a', -Infinity) ?? NaN
  t.equal(failures.find('a', time), failure)
  t.equal(failures.timeOf('a', time), undefined, 'not later')
  t.equal(failures.find('a', time + 1), undefined, 'not later')
  t.equal(failures.find('b', -Infinity), undefined)
  await until(() => failures.find('a', -Infinity) === undefined)
})

t.test('another failure of the same address counts from its own time', async t => {
  const failures = new ConnectFailures(20)
  const other = { ...failure, message: 'again' }
  failures.add('a', failure)
  // Timers of the same length end in the order in which they started.
  const between = new Promise(resolve => setTimeout(() => resolve(failures.find('a', -Infinity)), 20))
  failures.add('a', other)
  t.equal(await between, other)
  await until(() => failures.find('a', -Infinity) === undefined)
})
