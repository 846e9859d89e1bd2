import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { showProgress } from '../../../src/check/report/progress.ts'

t.test('a terminal shows what the check is waiting for, in one line of its width', async t => {
  const written: string[] = []
  const progress = showProgress({ write: text => written.push(String(text)) > 0, isTTY: true, columns: 40 }, 'xterm')
  progress.show(['https://example.com/.well-known/matrix/server', 'SRV \u009b31m'])
  progress.show([])
  t.strictSame(written, ['\r\u001b[K', 'waiting for https://example.com/.wel...'])
  progress.clear()
  t.equal(written.at(-1), '\r\u001b[K')
})

t.test('a terminal without a width is one of 80 columns', async t => {
  const written: string[] = []
  const progress = showProgress({ write: text => written.push(String(text)) > 0, isTTY: true, columns: 0 }, undefined)
  progress.show([`SRV _matrix._tcp.${'x'.repeat(80)}`])
  t.equal(written.at(-1)?.length, 79)
  progress.show(['the address of example.com'])
  t.equal(written.at(-1), 'waiting for the address of example.com')
})

t.test('nothing is printed while nothing is waited for', async t => {
  const stream = new PassThrough()
  const progress = showProgress(stream, undefined, 1)
  // Timers of the same interval fire in the order in which they were started.
  const otherStream = new PassThrough()
  const other = showProgress(otherStream, undefined, 1)
  other.show(['the address of example.com'])
  const keepAlive = setInterval(() => {}, 1_000)
  for (let i = 0; i < 3; i++) await once(otherStream, 'data')
  clearInterval(keepAlive)
  progress.clear()
  other.clear()
  t.equal(stream.read(), null)
})

t.test('a terminal that can erase nothing gets lines, too', async t => {
  const stream = Object.assign(new PassThrough(), { isTTY: true })
  const progress = showProgress(stream, 'dumb', 1)
  progress.show(['the address of example.com'])
  const keepAlive = setInterval(() => {}, 1_000)
  const [line] = await once(stream, 'data')
  clearInterval(keepAlive)
  progress.clear()
  t.equal(String(line), 'waiting for the address of example.com\n')
})

t.test('without a terminal, a check that takes long says why, in lines', async t => {
  const stream = new PassThrough()
  const progress = showProgress(stream, undefined, 1)
  progress.show(['SRV _matrix._tcp.\u009b31mexample.com', 'the address of example.com'])
  const keepAlive = setInterval(() => {}, 1_000)
  const [line] = await once(stream, 'data')
  clearInterval(keepAlive)
  progress.clear()
  t.equal(String(line), 'waiting for SRV _matrix._tcp.?31mexample.com and 1 more\n')
})
