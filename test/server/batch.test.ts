import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { batchLines } from '../../src/server/batch.ts'
import type { FlushableDestination } from '../../src/server/batch.ts'
import { buildLog } from '../../src/server/log.ts'

function destinationFor (writes: string[]): FlushableDestination {
  return { write: lines => { writes.push(lines) }, flush: done => done() }
}

t.test('lines of one turn of the event loop are one write, in their order', async t => {
  const writes: string[] = []
  const destination = batchLines(destinationFor(writes))
  destination.write('a\n')
  destination.write('b\n')
  t.strictSame(writes, [])
  await setImmediate()
  t.strictSame(writes, ['a\nb\n'])
  destination.write('c\n')
  await setImmediate()
  t.strictSame(writes, ['a\nb\n', 'c\n'])
})

t.test('told to flush it writes at once what there is, and that only once', async t => {
  const writes: string[] = []
  const destination = batchLines(destinationFor(writes))
  destination.flushSync()
  t.strictSame(writes, [])
  destination.write('a\n')
  destination.flushSync()
  t.strictSame(writes, ['a\n'])
  await setImmediate()
  t.strictSame(writes, ['a\n'])
})

t.test('a log on top of it is written when it is flushed, or fatal', async t => {
  const writes: string[] = []
  const log = buildLog('info', batchLines(destinationFor(writes)))
  log.info('one')
  await new Promise<void>(resolve => log.flush(() => resolve()))
  t.match(writes, [/"msg":"one"/])
  log.fatal('two')
  t.match(writes, [/"msg":"one"/, /"msg":"two"/])
})
