import { EventEmitter, once } from 'node:events'
import { setImmediate, setTimeout } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { checkOver } from '../../src/check/check.ts'
import { joinNetwork } from '../../src/check/network/network.ts'
import { SharedNetwork } from '../../src/check/network/shared-network.ts'
import type { Report } from '../../src/check/report/report.ts'
import { NameWatch } from '../../src/monitor/name-watch.ts'
import type { WatchOptions } from '../../src/monitor/name-watch.ts'
import { checkWorld } from '../support/check-world.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import { startWorld } from '../support/world.ts'

const good = await checkWorld(await startHealthyWorld(t))
const bad: Report = { ...good, verdict: { ...good.verdict, federation: 'fails', failures: 1 } }

/** A watch that emits `checked` for each check, and the names that it has asked for. */
function startWatch (t: Test, options: Partial<WatchOptions> = {}) {
  const events = new EventEmitter<{ checked: [string] }>()
  const asked: string[] = []
  const watch = new NameWatch({
    check: async name => { asked.push(name); return good },
    interval: 20,
    failingInterval: 5,
    confirmations: 2,
    jobs: 4,
    onChecked: ({ serverName }) => { events.emit('checked', serverName) },
    ...options
  })
  t.teardown(() => watch.close())
  return { watch, asked, checked: async () => (await once(events, 'checked'))[0] }
}

t.test('each name is checked again and again', async t => {
  const { watch, checked } = startWatch(t)
  watch.setNames(['a.example', 'b.example'])
  const names = [await checked(), await checked(), await checked(), await checked()]
  t.strictSame(names.toSorted(), ['a.example', 'a.example', 'b.example', 'b.example'])
  t.strictSame(watch.states.map(({ serverName, verdict }) => [serverName, verdict]), [
    ['a.example', 'works'], ['b.example', 'works']
  ])
})

t.test('a name that fails is checked sooner', async t => {
  const { watch, checked } = startWatch(t, { check: async () => bad, interval: 600_000 })
  watch.setNames(['a.example'])
  await checked()
  t.match(watch.find('a.example'), { verdict: 'pending', misses: 1 })
  await checked()
  t.match(watch.find('a.example'), { verdict: 'fails', misses: 2 })
})

t.test('names can be added and removed while the others go on', async t => {
  const { watch, asked, checked } = startWatch(t, { interval: 600_000 })
  watch.setNames(['a.example', 'b.example'])
  await checked()
  const state = watch.find('a.example')
  watch.setNames(['a.example', 'c.example'])
  t.equal(await checked(), 'c.example')
  t.equal(watch.find('a.example'), state)
  t.equal(watch.find('b.example'), undefined)
  t.strictSame(asked, ['a.example', 'c.example'])
})

t.test('a check of a name that has been removed meanwhile has no effect', async t => {
  const finish: Array<() => void> = []
  const running = new EventEmitter()
  const { watch } = startWatch(t, {
    check: async () => {
      await new Promise<void>(resolve => { finish.push(resolve); running.emit('started') })
      return bad
    },
    onChecked: () => t.fail('it counted')
  })
  watch.setNames(['a.example'])
  await once(running, 'started')
  watch.setNames([])
  for (const end of finish) end()
  t.strictSame(watch.states, [])
})

t.test('a name that is removed while it waits for its turn is not checked', async t => {
  const events = new EventEmitter()
  const finish: Array<() => void> = []
  const asked: string[] = []
  const { watch, checked } = startWatch(t, {
    jobs: 1,
    interval: 0,
    check: async name => {
      asked.push(name)
      await new Promise<void>(resolve => { finish.push(resolve); events.emit('started') })
      return good
    }
  })
  watch.setNames(['a.example', 'b.example'])
  // Timers of the same length end in the order in which they started, so both names are after their delay then.
  const bothDue = setTimeout(0)
  await once(events, 'started')
  await bothDue
  const next = checked()
  watch.setNames(['a.example'])
  finish[0]?.()
  t.equal(await next, 'a.example')
  await once(events, 'started')
  t.strictSame(asked, ['a.example', 'a.example'])
  watch.close()
  finish[1]?.()
})

t.test('a check on demand gets its deadline, and changes no state', async t => {
  const deadlines: unknown[] = []
  const { watch, checked } = startWatch(t, {
    check: async (_name, { deadline }) => { deadlines.push(deadline); return bad }, interval: 600_000, confirmations: 1
  })
  watch.setNames(['a.example'])
  await checked()
  const state = watch.find('a.example')
  t.equal(await watch.checkNow('a.example', 2.5), bad)
  t.strictSame(deadlines, [undefined, 2.5])
  t.equal(watch.find('a.example'), state)
  t.equal(await watch.checkNow('b.example'), undefined, 'only names that are watched')
})

t.test('checks on demand do not add up', async t => {
  const asked: string[] = []
  let finish: Array<() => void> = []
  const { watch } = startWatch(t, {
    jobs: 2,
    interval: 600_000,
    check: async name => {
      asked.push(name)
      await new Promise<void>(resolve => { finish.push(resolve) })
      return good
    }
  })
  const names = ['a.example', 'b.example', 'c.example']
  // Their own checks come later, except for the first one's.
  watch.setNames(['first.example', ...names])
  const reports = [...names, ...names].map(async name => await watch.checkNow(name))
  while (asked.length < 3) await setImmediate()
  const demanded = (): string[] => asked.filter(name => name !== 'first.example')
  t.strictSame(demanded(), ['a.example', 'b.example'], 'as many at a time as there are jobs, and each name once')
  while (demanded().length < 3) {
    for (const end of finish) end()
    await setImmediate()
  }
  for (const end of finish) end()
  t.strictSame(await Promise.all(reports), Array(6).fill(good))
  t.strictSame(demanded(), names)
  finish = []
  const again = watch.checkNow('a.example')
  while (finish.length === 0) await setImmediate()
  for (const end of finish) end()
  t.equal(await again, good)
  t.strictSame(demanded(), [...names, 'a.example'], 'a later one checks again')
})

t.test('what a check has observed is not observed for the next check of the name', async t => {
  const ends = new Map<string, number>()
  const { watch, checked } = startWatch(t, {
    check: async (name, { since }) => {
      t.ok(since >= (ends.get(name) ?? -Infinity), name)
      t.equal(since === -Infinity, !ends.has(name), name)
      ends.set(name, performance.now())
      return good
    }
  })
  watch.setNames(['a.example', 'b.example'])
  for (let i = 0; i < 6; i++) await checked()
  await watch.checkNow('a.example')
  for (let i = 0; i < 4; i++) await checked()
  // Before the test ends, because each check asserts something.
  watch.close()
})

t.test('names that wait for one host do not hold up others', async t => {
  const names = Array.from({ length: 12 }, (_, i) => `${i}.example.com`)
  const world = await startWorld(t, {
    records: Object.fromEntries([...names, 'a.example'].map(name => [name, { A: ['45.0.0.2'] }])),
    hosts: { '45.0.0.2:443': 'hanging', '45.0.0.2:80': 'hanging' }
  })
  const { dns, connect } = world
  const shared = new SharedNetwork({ dns: dns.address, connect, timeout: 600 })
  t.teardown(() => shared.close())
  const { watch, checked } = startWatch(t, {
    interval: 0,
    jobs: 5,
    check: async (name, limits) => {
      if (name === 'a.example') return good
      const network = joinNetwork(shared, limits)
      return await checkOver(network, name, { only: 'documents' }).finally(() => network.close())
    }
  })
  watch.setNames([...names, 'a.example'])
  t.equal(await checked(), 'a.example')
})
