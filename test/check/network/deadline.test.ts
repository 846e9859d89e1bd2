import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { Deadline } from '../../../src/check/network/deadline.ts'

/** Keeps the process until a promise is settled: the timer of a deadline doesn't. */
async function stayFor<Value> (promise: Promise<Value>): Promise<Value> {
  const timer = setInterval(() => {}, 1_000)
  return await promise.finally(() => clearInterval(timer))
}

t.test('a deadline aborts when its time is up', async t => {
  const { signal } = new Deadline(1)
  await stayFor(once(signal, 'abort'))
  t.equal(signal.reason.name, 'TimeoutError')
})

t.test('the time stops while the owner waits for others, and goes on afterwards', async t => {
  const deadline = new Deadline(20)
  const others = new EventEmitter()
  const waiting = ['outer', 'inner'].map(async name => await deadline.pauseFor(once(others, name)))
  others.emit('inner', 1)
  await waiting[1]
  await new Promise(resolve => setTimeout(resolve, 40))
  t.notOk(deadline.signal.aborted, 'one of two is over')
  others.emit('outer', 2)
  t.strictSame(await Promise.all(waiting), [[2], [1]])
  await stayFor(once(deadline.signal, 'abort'))
})

t.test('a deadline that is cleared never aborts', async t => {
  const deadline = new Deadline(1)
  deadline.clear()
  await deadline.pauseFor(Promise.resolve())
  deadline.clear()
  await new Promise(resolve => setTimeout(resolve, 5))
  t.notOk(deadline.signal.aborted)
})

t.test('a firm deadline goes on while its owner waits for others', async t => {
  const deadline = new Deadline(5, true)
  const waiting = deadline.pauseFor(once(deadline.signal, 'abort'))
  await stayFor(waiting)
  t.ok(deadline.signal.aborted)
})
