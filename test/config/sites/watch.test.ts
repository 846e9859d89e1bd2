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
  watch({ interval: 1, signals: looks, look: async occasion => { occasions.push(occasion); looks.emit('look') } })
  // Its timer keeps no process running.
  const running = setInterval(() => {}, 1_000)
  for (let i = 0; i < 3; i++) await once(looks, 'look')
  clearInterval(running)
  t.strictSame(occasions.slice(0, 3), ['poll', 'poll', 'poll'])
})
