import { once } from 'node:events'
import t from 'tap'
import { limitTime } from '../../../src/check/network/time-limit.ts'
import { collectGarbage } from '../../support/garbage.ts'

const { signal: never } = new AbortController()

/** Waits for an abort, and returns its reason. */
async function untilAborted (limit: AbortSignal): Promise<unknown> {
  if (!limit.aborted) await once(limit, 'abort')
  return limit.reason
}

t.test('aborts when the time is up, even if garbage is collected before', async t => {
  const timer = setInterval(collectGarbage, 10)
  t.teardown(() => clearInterval(timer))
  t.match(await limitTime(100, never, untilAborted), { name: 'TimeoutError' })
})

t.test('aborts together with the other signal', async t => {
  const controller = new AbortController()
  const reason = limitTime(60_000, controller.signal, untilAborted)
  controller.abort('enough')
  t.equal(await reason, 'enough')
  t.equal(await limitTime(60_000, controller.signal, untilAborted), 'enough', 'which may have aborted before')
})

t.test('returns the result of the operation, or throws its error', async t => {
  t.equal(await limitTime(60_000, never, async () => 42), 42)
  await t.rejects(limitTime(60_000, never, async () => { throw new Error('broken') }), { message: 'broken' })
})

t.test('leaves no listener behind when the operation ends', async t => {
  const warnings: Error[] = []
  const listen = (warning: Error): void => { warnings.push(warning) }
  process.on('warning', listen)
  t.teardown(() => process.off('warning', listen))
  for (let i = 0; i < 20; i++) await limitTime(60_000, never, async () => i)
  // Node emits warnings on the next tick.
  await new Promise(resolve => setImmediate(resolve))
  t.strictSame(warnings, [])
})
