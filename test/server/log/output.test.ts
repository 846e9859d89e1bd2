import { once } from 'node:events'
import { Writable } from 'node:stream'
import t from 'tap'
import { limits } from '../../../src/server/limits.ts'
import { openOutput } from '../../../src/server/log/output.ts'

/** A reader that reads a line on request, or fails. */
function makeReader (): { output: Writable, take: (error?: Error) => void, taken: string[] } {
  const taken: string[] = []
  let take = (_error?: Error): void => {}
  const output = new Writable({
    // Like standard output, which can't be closed.
    autoDestroy: false,
    highWaterMark: 1,
    write (line: Buffer, _encoding, done) {
      take = error => {
        if (error === undefined) taken.push(line.toString())
        done(error)
      }
    }
  })
  return { output, take: error => take(error), taken }
}

t.test("lines that can't be written are kept up to a limit, and dropped beyond it", async t => {
  const { output, take, taken } = makeReader()
  const reports: string[] = []
  const log = openOutput(output, line => reports.push(line))
  const line = `${'x'.repeat(limits.maxLogBacklog / 4 - 1)}\n`
  for (let i = 0; i < 6; i++) log.write(line)
  t.strictSame(reports,
    ["Can't write the log (its reader is too slow); still serving, but log lines are being dropped."])
  t.equal(output.writableLength, limits.maxLogBacklog)
  const drained = once(output, 'drain')
  while (output.writableLength > 0) {
    take()
    await new Promise(resolve => setImmediate(resolve))
  }
  await drained
  t.equal(taken.length, 4)
  t.strictSame(reports.slice(1), ['The log is being written again; lines dropped: 2.'])
  log.write('more\n')
  take()
  t.equal(taken.length, 5)
})

t.test('flushing waits for the reader, but not for long', async t => {
  const { output, take, taken } = makeReader()
  const log = openOutput(output, () => {})
  log.write('last\n')
  const flushed = new Promise<void>(resolve => log.flush(resolve))
  take()
  await Promise.race([flushed, once(output, 'drain')])
  take()
  await flushed
  t.strictSame(taken, ['last\n', ''])
  log.write('never read\n')
  await new Promise<void>(resolve => log.flush(resolve))
  t.equal(taken.length, 2)
})
