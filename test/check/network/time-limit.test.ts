import { once } from 'node:events'
import t from 'tap'
import { limitTime } from '../../../src/check/network/time-limit.ts'
import { collectGarbage } from '../../support/garbage.ts'

t.test('time is up, whatever garbage is collected until then', async t => {
  const signal = limitTime(100, new AbortController().signal)
  const aborted = once(signal, 'abort')
  const timer = setInterval(collectGarbage, 10)
  t.teardown(() => clearInterval(timer))
  await aborted
  t.match(signal.reason, { name: 'TimeoutError' })
})

t.test('it aborts with the other signal, too', async t => {
  const controller = new AbortController()
  const signal = limitTime(60_000, controller.signal)
  controller.abort('enough')
  t.equal(signal.reason, 'enough')
  t.equal(limitTime(60_000, controller.signal).reason, 'enough', 'which may have come before')
})
