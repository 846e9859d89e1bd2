import { PassThrough } from 'node:stream'
import t from 'tap'
import { openProgressBar } from '../../../src/check/many/progress-bar.ts'
import { readAll } from '../../support/read-all.ts'

const clear = '\r\u001b[K'

t.test('shows how many names are done and failing, and how long it will take', t => {
  let time = 1_000
  const stream = Object.assign(new PassThrough(), { isTTY: true })
  const bar = openProgressBar(stream, false, () => time)
  const cases = [
    [0, 0, '[--------------------] 0 of 2,000, 0 failing'],
    [500, 10_000, '[#####---------------] 500 of 2,000, 0 failing, 30 s left'],
    [1_000, 200_000, '[##########----------] 1,000 of 2,000, 0 failing, 4 min left'],
    [2_000, 0, '[####################] 2,000 of 2,000, 0 failing, 0 s left']
  ] as const
  for (const [done, elapsed, expected] of cases) {
    time = 1_000 + elapsed
    bar.show({ all: 2_000, done, failing: 0 })
    t.equal(readAll(stream), `${clear}${expected}`)
  }
  bar.clear()
  t.equal(readAll(stream), clear)
  t.end()
})

t.test('fits the terminal; elsewhere, there is nothing', t => {
  const narrow = Object.assign(new PassThrough(), { isTTY: true, columns: 30 })
  openProgressBar(narrow, true).show({ all: 2, done: 1, failing: 1 })
  t.equal(readAll(narrow), `${clear}[██████████░░░░░░░░░░] 1 of…`)
  const file = new PassThrough()
  const bar = openProgressBar(file, true)
  bar.show({ all: 2, done: 1, failing: 1 })
  bar.clear()
  t.equal(file.read(), null)
  t.end()
})
