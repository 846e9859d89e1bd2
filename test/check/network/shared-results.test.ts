import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { SharedResults } from '../../../src/check/network/shared-results.ts'

/** A question, and how to answer it. */
function question (): { result: Promise<string>, answer: (text: string) => Promise<void> } {
  let resolve = (_text: string): void => {}
  const result = new Promise<string>(_resolve => { resolve = _resolve })
  return { result, answer: async text => { resolve(text); await result } }
}

const options = { time: 60_000, maxWeight: 10, weigh: (text: string) => text.length }

t.test('a result is shared while it is pending, and afterwards', async t => {
  const results = new SharedResults<string>(options)
  const first = question()
  t.equal(results.get('a', () => first), first)
  t.equal(results.get('a', question), first)
  await first.answer('A')
  t.equal(results.get('a', question), first)
  t.not(results.get('b', question), first)
})

t.test("a result that isn't kept is only shared while it is pending", async t => {
  const results = new SharedResults<string>({ ...options, time: 0 })
  const first = question()
  results.get('a', () => first)
  t.equal(results.get('a', question), first)
  await first.answer('A')
  t.not(results.get('a', question), first)
})

t.test('a result expires', async () => {
  const results = new SharedResults<string>({ ...options, time: 1 })
  const first = question()
  results.get('a', () => first)
  await first.answer('A')
  // Without that, the test never ends.
  while (results.get('a', question) === first) await new Promise(resolve => setImmediate(resolve))
})

t.test('the results that were used longest ago make room; a pending one stays', async t => {
  const results = new SharedResults<string>(options)
  const [a, b, c, d] = [question(), question(), question(), question()]
  for (const [key, asked] of Object.entries({ a, b, c, d })) results.get(key, () => asked)
  await b.answer('12345')
  await c.answer('12345')
  t.equal(results.get('b', question), b)
  await d.answer('1')
  t.equal(results.get('a', question), a, 'pending')
  t.equal(results.get('b', question), b, 'used')
  t.equal(results.get('d', question), d, 'new')
  t.not(results.get('c', question), c, 'the oldest')
})

t.test('a result that is too large is only shared while it is pending', async t => {
  const results = new SharedResults<string>(options)
  const large = question()
  results.get('a', () => large)
  await large.answer('12345678901')
  t.not(results.get('a', question), large)
})

t.test('what was asked too early is asked again, pending or not, and its result changes nothing', async t => {
  const results = new SharedResults<string>(options)
  const [early, late] = [question(), question()]
  results.get('a', () => early)
  const now = performance.now()
  t.equal(results.get('a', () => late, now), late)
  await early.answer('12345678901')
  t.equal(results.get('a', question), late)
  await late.answer('A')
  t.equal(results.get('a', question, now), late)
  t.not(results.get('a', question, performance.now()), late)
})

t.test('nothing stays of a result that has expired', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const results = new SharedResults<string>({ ...options, time: 1 })
  const kept = await askIn(results)
  // Without that, the test never ends.
  while (kept.deref() !== undefined) {
    await new Promise(resolve => setImmediate(resolve))
    collect()
  }
})

/** A function of its own, whose variables are gone when it ends. */
async function askIn (results: SharedResults<string>): Promise<WeakRef<object>> {
  const asked = question()
  results.get('a', () => asked)
  await asked.answer('A')
  return new WeakRef(asked)
}
