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

t.test('a result that is not kept is only shared while it is pending', async t => {
  const results = new SharedResults<string>({ ...options, time: 0 })
  const first = question()
  results.get('a', () => first)
  t.equal(results.get('a', question), first)
  await first.answer('A')
  t.not(results.get('a', question), first)
})

t.test('a result expires', async t => {
  const results = new SharedResults<string>({ ...options, time: 1 })
  const first = question()
  results.get('a', () => first)
  await first.answer('A')
  const asked = performance.now()
  while (performance.now() < asked + 2) await new Promise(resolve => setImmediate(resolve))
  t.not(results.get('a', question), first)
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
