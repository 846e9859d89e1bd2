import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { watch } from '../../../src/config/sites/watch.ts'

t.test('SIGHUP leads to one look at a time', async t => {
  const signals = new EventEmitter()
  const looks = new EventEmitter()
  const occasions: string[] = []
  watch({
    interval: 0,
    signals,
    look: async occasion => {
      occasions.push(occasion)
      looks.emit('start')
      await once(looks, 'finish')
      return 0
    }
  })
  signals.emit('SIGHUP')
  t.strictSame(occasions, ['signal'])
  for (let i = 0; i < 3; i++) signals.emit('SIGHUP')
  t.strictSame(occasions, ['signal'], 'the first one has not ended')
  looks.emit('finish')
  await once(looks, 'start')
  t.strictSame(occasions, ['signal', 'signal'], 'three signals need only one more')
  looks.emit('finish')
})

t.test('without a signal, it looks after each interval', async t => {
  const looks = new EventEmitter()
  const occasions: string[] = []
  watch({
    interval: 1,
    signals: looks,
    look: async occasion => {
      occasions.push(occasion)
      looks.emit('look')
      return 0
    }
  })
  // Its timer keeps no process running.
  const running = setInterval(() => {}, 1_000)
  for (let i = 0; i < 3; i++) await once(looks, 'look')
  clearInterval(running)
  t.strictSame(occasions.slice(0, 3), ['poll', 'poll', 'poll'])
})

t.test('after an expensive look, it waits longer, so that looking takes less than 1 % of a core', async t => {
  const signals = new EventEmitter()
  const waits: unknown[] = []
  const { setTimeout } = globalThis
  t.intercept(globalThis, 'setTimeout', {
    value: (listener: () => void, wait: number) => {
      // Not those of the watch above.
      if (wait > 1) waits.push(wait)
      return setTimeout(listener, 60_000)
    }
  })
  const cpuTimes = [10, 500, 500, 1]
  watch({ interval: 30_000, signals, look: async () => cpuTimes.shift() ?? 0 })
  for (const expected of [[30_000], [30_000], [60_000], [60_000], [30_000]]) {
    t.strictSame(waits.splice(0), expected)
    signals.emit('SIGHUP')
    await new Promise(resolve => setImmediate(resolve))
  }
})
