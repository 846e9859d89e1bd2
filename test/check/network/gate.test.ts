import t from 'tap'
import { Gate } from '../../../src/check/network/gate.ts'

/** Enters and notes who is in. */
function track (gate: Gate<string>): { enter: (place: string, visitor: string) => Promise<() => void>, log: string[] } {
  const log: string[] = []
  return {
    log,
    async enter (place, visitor) {
      const leave = await gate.enter(place, visitor)
      log.push(`${visitor} in ${place}`)
      return leave
    }
  }
}

t.test('a place has room for a few visitors, and each of them may come several times', async t => {
  const { enter, log } = track(new Gate(2))
  const leaves = [await enter('x', 'a'), await enter('x', 'b'), await enter('x', 'a')]
  const waiting = ['c', 'd', 'c'].map(async visitor => await enter('x', visitor))
  await enter('y', 'c')
  t.strictSame(log, ['a in x', 'b in x', 'a in x', 'c in y'])
  leaves[0]?.()
  await enter('y', 'd')
  t.equal(log.length, 5, 'a is still there')
  leaves[2]?.()
  const [first, , third] = waiting
  const both = await Promise.all([first, third])
  t.strictSame(log.slice(5), ['c in x', 'c in x'], 'with all its visits')
  for (const leave of both) leave?.()
  await waiting[1]
  t.equal(log.at(-1), 'd in x')
})

t.test('a place that everyone has left has room again', async t => {
  const { enter, log } = track(new Gate(1))
  for (const visitor of ['a', 'b']) (await enter('x', visitor))()
  t.strictSame(log, ['a in x', 'b in x'])
})

t.test('whether a visitor would have to wait is known', async t => {
  const gate = new Gate<string>(1)
  t.notOk(gate.isFull('x', 'a'))
  await gate.enter('x', 'a')
  t.notOk(gate.isFull('x', 'a'), 'it is in')
  t.ok(gate.isFull('x', 'b'))
  t.notOk(gate.isFull('y', 'b'))
})
