import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { noProgressBar, openProgressBar } from '../../../src/check/many/progress-bar.ts'
import type { Standing } from '../../../src/check/many/progress-bar.ts'
import { readAll } from '../../support/read-all.ts'

const clear = '\r\u001b[K'

const names = Array.from({ length: 16 }, (_, i) => `n${i + 1}.example`)

t.test('shows how many names are done and failing, and how long it will take', t => {
  const cases: Array<[all: number, done: number, running: number, seconds: number, expected: string]> = [
    [2_000, 0, 16, 5, '[--------------------] 0 of 2,000, 0 failing'],
    // Of 16 checks, the fastest says little about the others.
    [2_000, 15, 16, 1, '[--------------------] 15 of 2,000, 0 failing'],
    [2_000, 16, 16, 1, '[--------------------] 16 of 2,000, 0 failing, 83 s left'],
    [2_000, 500, 16, 10, '[#####---------------] 500 of 2,000, 0 failing, 30 s left'],
    [2_000, 1_000, 16, 200, '[##########----------] 1,000 of 2,000, 0 failing, 4 min left'],
    [2_000, 100, 2, 1_000, '[#-------------------] 100 of 2,000, 0 failing, 6 h left'],
    [3, 1, 1, 1, '[######--------------] 1 of 3, 0 failing, 1 s left'],
    // The last ones may take much longer.
    [2_000, 1_984, 16, 60, '[###################-] 1,984 of 2,000, 0 failing, waiting for n1.example and 15 more'],
    [2_000, 1_999, 1, 60, '[###################-] 1,999 of 2,000, 0 failing, waiting for n1.example'],
    [2_000, 2_000, 0, 60, '[####################] 2,000 of 2,000, 0 failing']
  ]
  for (const [all, done, running, seconds, expected] of cases) {
    let time = 1_000
    const stream = Object.assign(new PassThrough(), { columns: 100 })
    const standing = { all, done, failing: 0, running: names.slice(0, running) }
    const bar = openProgressBar(stream, () => standing, { glyphs: false, now: () => time })
    time += 1_000 * seconds
    bar.show()
    t.equal(readAll(stream), `${clear}${expected}`)
    bar.clear()
    t.equal(readAll(stream), clear)
    bar.close()
    t.equal(readAll(stream), clear)
  }
  t.end()
})

t.test('goes on while nothing ends', async t => {
  const stream = new PassThrough()
  let done = 0
  const getStanding = (): Standing => ({ all: 9_999, done: ++done, failing: 0, running: [] })
  const bar = openProgressBar(stream, getStanding, { glyphs: false, interval: 1 })
  const keepAlive = setInterval(() => {}, 1_000)
  for (const number of [1, 2, 3]) t.match(String(...await once(stream, 'data')), `] ${number} of 9,999`)
  bar.close()
  clearInterval(keepAlive)
})

t.test('fits the terminal', t => {
  const narrow = Object.assign(new PassThrough(), { columns: 30 })
  const bar = openProgressBar(narrow, () => ({ all: 2, done: 1, failing: 1, running: [] }), { glyphs: true })
  bar.show()
  t.equal(readAll(narrow), `${clear}[██████████░░░░░░░░░░] 1 of…`)
  bar.close()
  noProgressBar.show()
  noProgressBar.clear()
  noProgressBar.close()
  t.end()
})
