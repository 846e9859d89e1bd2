import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { batchLines } from '../../../src/server/log/batch.ts'
import { buildLog } from '../../../src/server/log/log.ts'

function makeDestination (): { batch: ReturnType<typeof batchLines>, writes: string[] } {
  const writes: string[] = []
  const batch = batchLines({
    write: lines => { writes.push(lines) },
    flush: done => { writes.push('flushed'); done() }
  })
  return { batch, writes }
}

t.test('lines of one turn of the event loop are one write, in order', async t => {
  const { batch, writes } = makeDestination()
  batch.write('a\n')
  batch.write('b\n')
  t.strictSame(writes, [])
  await setImmediate()
  t.strictSame(writes, ['a\nb\n'])
  batch.write('c\n')
  await setImmediate()
  t.strictSame(writes, ['a\nb\n', 'c\n'])
})

t.test('many lines are written before the turn is over', async t => {
  const { batch, writes } = makeDestination()
  for (let i = 0; i < 3; i++) batch.write(`${'x'.repeat(40_000)}\n`)
  t.strictSame(writes.map(lines => lines.length), [80_002])
  await setImmediate()
  t.strictSame(writes.map(lines => lines.length), [80_002, 40_001])
})

t.test('flushing a log, or a fatal line, writes each line once', async t => {
  const { batch, writes } = makeDestination()
  const log = buildLog('info', batch)
  log.info('one')
  await new Promise<void>(resolve => log.flush(() => resolve()))
  t.match(writes, [/"msg":"one"/, 'flushed'])
  log.fatal('two')
  t.match(writes.slice(2), [/"msg":"two"/])
  await setImmediate()
  t.equal(writes.length, 3)
})
