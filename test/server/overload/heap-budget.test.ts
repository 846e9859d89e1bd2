import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { limits } from '../../../src/server/limits.ts'
import { HeapBudget, readOldSpaceLimit } from '../../../src/server/overload/heap-budget.ts'

const megabyte = 2 ** 20
/** What is left of it is for connections and sites. */
const reserved = limits.heapProgram + limits.heapTurn + limits.maxQueued

t.test('connections get what the program, its sites, a turn and queued requests leave of the heap', async t => {
  const table: Array<[text: string, used: number, expected: number]> = [
    ['before all is compiled', 0, 100],
    ['with one site', limits.heapProgram, 100],
    ['the old and the new sites need room during a reload', limits.heapProgram + 30 * limits.heapPerConnection, 40],
    ['there is always room for a few', limits.heapProgram + 1000 * limits.heapPerConnection, limits.minConnections]
  ]
  for (const [text, used, expected] of table) {
    const heap = new HeapBudget(reserved + 100.5 * limits.heapPerConnection, () => used)
    t.equal(heap.maxConnections, expected, text)
  }
})

t.test('garbage does not count once it is collected; after a reload, sites count again', async t => {
  let used = limits.heapProgram + 30 * limits.heapPerConnection
  const heap = new HeapBudget(reserved + 100 * limits.heapPerConnection, () => used)
  t.equal(heap.maxConnections, 40)
  used = limits.heapProgram + 10 * limits.heapPerConnection
  heap.observe()
  t.equal(heap.maxConnections, 80)
  used = limits.heapProgram + 40 * limits.heapPerConnection
  heap.observe()
  t.equal(heap.maxConnections, 80, 'what connections take is not taken for sites')
  heap.reset()
  t.equal(heap.maxConnections, 20)
})

t.test('the old space is as large as the options of Node say', async t => {
  const table: Array<[options: string[], megabytes: number]> = [
    [['--max-old-space-size=40'], 40],
    [['--max_old_space_size=40', '--max-semi-space-size=2'], 40],
    [['--max-old-space-size=40', '', '--inspect', '--max-old-space-size=64'], 64],
    [['--max-old-space-size=0'], 1000],
    [['--max-old-space-size-percentage=40', '--title=max-old-space-size=4'], 1000],
    [[], 1000]
  ]
  for (const [options, megabytes] of table) {
    const limit = readOldSpaceLimit(options, 1000 * (1 + 3 / 64) * megabyte)
    t.equal(limit / megabyte, megabytes, options.join(' '))
  }
})

t.test('without options, it is within the heap of this process', async t => {
  const script = 'console.log(v8.getHeapStatistics().heap_size_limit)'
  const measure = (...options: string[]): number => Number(execFileSync(process.execPath, [...options, '-e', script]))
  const newSpace = measure('--max-old-space-size=1000') - 1000 * megabyte
  const heapLimit = measure()
  t.ok(readOldSpaceLimit([]) < heapLimit)
  t.ok(readOldSpaceLimit([], heapLimit) < heapLimit - newSpace * 0.99, `of ${newSpace} bytes for the new space`)
})

t.test('the pages say how many connections fit into the heap', async t => {
  const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')
  for (const [settings, page] of [
    ['Dockerfile', 'docs/container.md'],
    ['examples/systemd/matrix-well-known.service', 'examples/systemd/README.md']
  ] as const) {
    const [, options = ''] = /NODE_OPTIONS="?=?"?([^"\n]+)/.exec(read(settings)) ?? []
    const { maxConnections } = new HeapBudget(readOldSpaceLimit(options.split(' ')), () => 0)
    t.match(read(page), new RegExp(`\\b${maxConnections.toLocaleString('en')}\\s+connections`), `${page} of ${options}`)
  }
})
