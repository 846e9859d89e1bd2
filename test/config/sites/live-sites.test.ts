import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { LiveSites } from '../../../src/config/sites/live-sites.ts'
import type { Occasion } from '../../../src/config/sites/live-sites.ts'
import { loadSiteConfig } from '../../../src/config/site-config.ts'
import { respondFrom } from '../../../src/site/directory.ts'

/** Short, so that the tests of polls are. */
const settleTime = 250

interface World {
  readonly folder: string
  readonly write: (name: string, text: string) => void
  readonly remove: (name: string) => void
  /** Counts of added, changed, removed and faulty files, then the faults and warnings that are reported. */
  readonly look: (occasion?: Occasion) => Promise<unknown[]>
  /** `m.server` at a host; undefined if it is a 404. */
  readonly served: (host: string) => string | undefined
}

function build (t: Test, files: Record<string, string> = {}, ownSettings?: Record<string, string>): World {
  const folder = t.testdir(files)
  const own = ownSettings && loadSiteConfig(ownSettings)
  const lines: string[] = []
  const shorten = (line: string): string => line.replaceAll(`${folder}/`, '')
  const warn = (file: string, { message }: { message: string }): void => { lines.push(shorten(`${file}: ${message}`)) }
  const live = new LiveSites({ folder, own, settleTime, warn })
  return {
    folder,
    write: (name, text) => { writeFileSync(join(folder, name), text) },
    remove: name => { rmSync(join(folder, name)) },
    async look (occasion = 'signal') {
      lines.length = 0
      const reload = await live.look(occasion)
      if (reload instanceof Error) return [reload.message]
      const { added, changed, removed, faulty, faults } = reload
      for (const { file, faults: own } of faults) {
        lines.push(...own.map(({ message }) => shorten(`${file}: ${message}`)))
      }
      return [added, changed, removed, faulty, ...lines]
    },
    served (host) {
      const path = '/.well-known/matrix/server'
      const { status, body } = respondFrom(live.directory, host, { method: 'GET', path, headers: {} })
      return status === 200 ? (JSON.parse(body) as Record<string, string>)['m.server'] : undefined
    }
  }
}

const site = (name: string, port = 443, more = ''): string =>
  `SERVER_NAME=${name}.example\nM_SERVER=m.example:${port}\n${more}`

/** Makes all changes so far those of a minute ago. */
function passTime (t: Test): void {
  const { now } = Date
  t.intercept(Date, 'now', { value: () => now() + 60_000 })
}

/**
 * Does something when the next poll has listed the folder and begins to wait until files have settled: it looks at the
 * clock then.
 *
 * @param change may return what the clock says.
 */
function whenPollWaits (t: Test, change: () => number | undefined): void {
  const { now } = Date
  let waits = false
  t.intercept(Date, 'now', {
    value: () => {
      const time = waits ? undefined : change()
      waits = true
      return time ?? now()
    }
  })
}

t.test('files are added, changed and removed', async t => {
  const { write, remove, look, served } = build(t, { 'a.env': site('a'), 'b.env': site('b') })
  t.strictSame(await look('start'), [2, 0, 0, 0])
  t.strictSame(['a.example', 'B.example:80', 'c.example'].map(served), ['m.example:443', 'm.example:443', undefined])
  write('a.env', site('a', 1))
  write('c.env', site('c', 3))
  remove('b.env')
  t.strictSame(await look(), [1, 1, 1, 0])
  t.strictSame(['a', 'b', 'c'].map(name => served(`${name}.example`)), ['m.example:1', undefined, 'm.example:3'])
  t.strictSame(await look(), [0, 0, 0, 0])
  write('a.env', `# the same\n${site('a', 1)}`)
  t.strictSame(await look(), [0, 0, 0, 0], 'a comment changes nothing')
  write('a.env', site('other', 1))
  t.strictSame(await look(), [0, 1, 0, 0])
  t.strictSame([served('a.example'), served('other.example')], [undefined, 'm.example:1'])
})

t.test('a change of the same size within the same moment is noticed', async t => {
  const { folder, write, look, served } = build(t, { 'a.env': site('a', 1) })
  const path = join(folder, 'a.env')
  utimesSync(path, 1, 1)
  await look('start')
  write('a.env', site('a', 2))
  utimesSync(path, 1, 1)
  t.strictSame(await look(), [0, 1, 0, 0])
  passTime(t)
  t.strictSame(await look(), [0, 0, 0, 0])
  write('a.env', site('a', 3))
  utimesSync(path, 1, 1)
  t.strictSame(await look(), [0, 1, 0, 0], 'also when the other change was long ago')
  t.equal(served('a.example'), 'm.example:3')
})

t.test('a faulty file keeps what was served before, affects no other, and recovers', async t => {
  const { write, remove, look, served } = build(t, { 'a.env': site('a', 1), 'b.env': site('b..'), 'c.env': site('c') })
  const fault = 'b.env: SERVER_NAME is "b...example": has an extra dot; use b.example'
  t.strictSame(await look('start'), [2, 0, 0, 1, fault])
  write('a.env', `${site('a', 2)}PORT=1\nM_SERVR=x\nSUPPORT_PAGE=x`)
  const faultOfA = 'a.env: SUPPORT_PAGE is "x": not a URL; write one that starts with https://'
  t.strictSame(await look(), [0, 0, 0, 2, faultOfA, fault], 'on a signal, all faults are reported again')
  t.strictSame(['a.example', 'c.example'].map(served), ['m.example:1', 'm.example:443'])
  write('a.env', site('a', 3))
  write('b.env', site('b'))
  t.strictSame(await look(), [1, 1, 0, 0])
  t.strictSame(['a.example', 'b.example'].map(served), ['m.example:3', 'm.example:443'])
  write('b.env', 'x')
  t.match(await look(), [0, 0, 0, 1, /SERVER_NAME isn't set/])
  remove('b.env')
  t.strictSame(await look(), [0, 0, 1, 0])
  t.equal(served('b.example'), undefined)
})

t.test('all documents of all sites change at once', async t => {
  const names = Array.from({ length: 500 }, (_name, i) => `site-${i}`)
  const files = (version: number): Array<[file: string, text: string]> => names.map(name =>
    [`${name}.env`, site(name, version, `M_HOMESERVER_BASE_URL=https://v${version}.example`)])
  const folder = t.testdir(Object.fromEntries(files(1)))
  const live = new LiveSites({ folder, own: undefined, settleTime, warn: () => {} })
  await live.look('start')
  const seen = new Set<string>()
  let next: NodeJS.Immediate | undefined
  function readAll (): void {
    const documents = new Set(names.flatMap(name => ['server', 'client'].map(document => {
      const request = { method: 'GET', path: `/.well-known/matrix/${document}`, headers: {} }
      return respondFrom(live.directory, `${name}.example`, request).body
    })))
    seen.add([...documents].join())
    next = setImmediate(readAll)
  }
  readAll()
  for (const [file, text] of files(2)) writeFileSync(join(folder, file), text)
  t.match(await live.look('signal'), { changed: 500 })
  clearImmediate(next)
  readAll()
  clearImmediate(next)
  t.strictSame([...seen], [1, 2].map(version =>
    `{"m.server":"m.example:${version}"},{"m.homeserver":{"base_url":"https://v${version}.example"}}`))
})

t.test('a poll reports a fault once, after the file has stayed the same for an interval', async t => {
  const { write, look } = build(t, { 'a.env': site('a') })
  await look('start')
  write('a.env', 'SERVER_NAME=a..b')
  t.strictSame(await look('poll'), [0, 0, 0, 1])
  write('a.env', 'SERVER_NAME=a..c')
  t.strictSame(await look('poll'), [0, 0, 0, 1], 'it was still being written')
  t.strictSame(await look('poll'), [0, 0, 0, 1, 'a.env: SERVER_NAME is "a..c": has an extra dot; use a.c'])
  t.strictSame(await look('poll'), [0, 0, 0, 1])
  write('a.env', site('a', 2))
  t.strictSame(await look('poll'), [0, 1, 0, 0])
  write('a.env', 'SERVER_NAME=a..c')
  await look('poll')
  t.match(await look('poll'), [0, 0, 0, 1, /a\.\.c/], 'it is reported again')
})

t.test('a poll leaves a file that is being written for the next one', async t => {
  const { write, look, served } = build(t, { 'a.env': site('a', 1) })
  await look('start')
  write('a.env', site('a', 22))
  const looking = look('poll')
  // More often than it settles.
  const writing = setInterval(() => write('a.env', site('a', 333)), 20)
  const found = await looking
  clearInterval(writing)
  t.strictSame(found, [0, 0, 0, 0])
  t.equal(served('a.example'), 'm.example:1')
  await look('poll')
  t.equal(served('a.example'), 'm.example:333')
})

t.test('a poll waits until a file is old enough, because its first half may be valid', async t => {
  const folder = t.testdir({ 'a.env': '' })
  const live = new LiveSites({ folder, own: undefined, settleTime: 1_000, warn: () => {} })
  await live.look('start')
  const file = join(folder, 'a.env')
  writeFileSync(file, site('a'))
  let writing: NodeJS.Timeout | undefined
  whenPollWaits(t, () => {
    // Longer than a poll waits for a file that is old.
    writing = setInterval(() => writeFileSync(file, site('a')), 300)
    return statSync(file).ctimeMs
  })
  const found = await live.look('poll')
  clearInterval(writing)
  t.match(found, { sites: 0 })
  t.match(await live.look('poll'), { sites: 1, added: 1 })
})

t.test('a poll leaves a site whose value is being written', async t => {
  const { folder, write, look, served } = build(t, { server: 'm.example:1' })
  write('a.env', `SERVER_NAME=a.example\nM_SERVER_FILE=${join(folder, 'server')}`)
  await look('start')
  write('server', 'm.example:2')
  const looking = look('poll')
  const writing = setInterval(() => write('server', 'm.example:22'), 20)
  t.strictSame(await looking, [0, 0, 0, 0])
  clearInterval(writing)
  t.equal(served('a.example'), 'm.example:1')
  await look('poll')
  t.equal(served('a.example'), 'm.example:22')
})

t.test('a poll keeps the site of a file that is missing only while it is replaced', async t => {
  const { write, remove, look, served } = build(t, { 'a.env': site('a', 1), 'b.env': site('b', 2) })
  await look('start')
  remove('a.env')
  remove('b.env')
  whenPollWaits(t, () => { write('a.env', site('a', 3)) })
  t.strictSame(await look('poll'), [0, 0, 1, 0])
  t.strictSame(['a.example', 'b.example'].map(served), ['m.example:1', undefined])
  t.strictSame(await look('poll'), [0, 1, 0, 0])
  t.equal(served('a.example'), 'm.example:3')
})

t.test('warnings are given once for each version', async t => {
  const { write, look } = build(t, { 'a.env': site('a', 1, 'PORT=1') })
  const warning = 'a.env: PORT is "1": a setting of the process, ignored in the file of a site; ' +
    'set it in the environment'
  t.strictSame(await look('start'), [1, 0, 0, 0, warning])
  t.strictSame(await look(), [0, 0, 0, 0])
  write('a.env', site('a', 2, 'PORT=1'))
  t.strictSame(await look(), [0, 1, 0, 0, warning])
})

t.test('a host that another file has is refused, and served as soon as it is free', async t => {
  const { write, remove, look, served } = build(t, { 'a.env': site('a', 1), 'b.env': site('b', 2) })
  await look('start')
  write('b.env', site('b', 3, 'HOST_ALIASES=A.example'))
  const faults = [
    'b.env: HOST_ALIASES has the host "a.example", which is also in a.env (SERVER_NAME); keep it in only one',
    'a.env: SERVER_NAME has the host "a.example", which is also in b.env (HOST_ALIASES); keep it in only one'
  ]
  t.strictSame((await look()).toSorted(), [0, 0, 0, 2, ...faults.toReversed()])
  t.strictSame(['a.example', 'b.example'].map(served), ['m.example:1', 'm.example:2'], 'both as before')
  write('a.env', site('a', 4))
  t.match(await look(), [0, 0, 0, 2], 'both claim it in new versions')
  t.strictSame(['a.example', 'b.example'].map(served), ['m.example:1', 'm.example:2'])
  remove('a.env')
  t.strictSame(await look(), [0, 1, 1, 0])
  t.strictSame(['a.example', 'b.example'].map(served), ['m.example:3', 'm.example:3'])
})

t.test('two files can swap their hosts, and one can be renamed', async t => {
  const { folder, write, look, served } = build(t, { 'a.env': site('a', 1), 'b.env': site('b', 2) })
  await look('start')
  write('a.env', site('b', 1))
  write('b.env', site('a', 2))
  t.strictSame(await look(), [0, 2, 0, 0])
  t.strictSame(['a.example', 'b.example'].map(served), ['m.example:2', 'm.example:1'])
  renameSync(join(folder, 'a.env'), join(folder, 'c.env'))
  t.strictSame(await look(), [1, 0, 1, 0])
  t.equal(served('b.example'), 'm.example:1')
})

t.test('a file that is refused keeps its earlier hosts, so that no other file gets them', async t => {
  const { write, look, served } = build(t, { 'a.env': site('a', 1), 'b.env': site('b', 2) })
  await look('start')
  write('a.env', site('b', 3))
  write('c.env', site('a', 4))
  t.match(await look(), [0, 0, 0, 3])
  t.strictSame(['a.example', 'b.example'].map(served), ['m.example:1', 'm.example:2'])
})

t.test('at the start, no file with a contested host is served', async t => {
  const { look, served } = build(t, { 'a.env': site('a', 1), 'b.env': site('A', 2), 'c.env': site('c', 3) })
  t.match(await look('start'), [1, 0, 0, 2])
  t.strictSame(['a.example', 'c.example'].map(served), [undefined, 'm.example:3'])
})

t.test('the site of the environment responds to all other hosts, and keeps its own', async t => {
  const files = { 'a.env': site('a', 1), 'b.env': site('own', 2) }
  const { look, served } = build(t, files, { SERVER_NAME: 'own.example', M_SERVER: 'own.example:9' })
  const fault = 'SERVER_NAME has the host "own.example", which is also in'
  t.strictSame(await look('start'), [1, 0, 0, 2,
    `the environment: ${fault} b.env (SERVER_NAME); keep it in only one`,
    `b.env: ${fault} the environment (SERVER_NAME); keep it in only one`
  ])
  t.strictSame(['a.example', 'own.example', 'x.example', ''].map(served),
    ['m.example:1', 'own.example:9', 'own.example:9', 'own.example:9'])
})

t.test("Kubernetes' swap of ..data is noticed, and only what differs counts as changed", async t => {
  const folder = t.testdir({
    '..1': { 'a.env': site('a', 1), 'b.env': site('b', 1) },
    '..2': { 'a.env': site('a', 1), 'b.env': site('b', 2) },
    '..data': t.fixture('symlink', '..1'),
    'a.env': t.fixture('symlink', '..data/a.env'),
    'b.env': t.fixture('symlink', '..data/b.env')
  })
  const live = new LiveSites({ folder, own: undefined, settleTime, warn: () => {} })
  t.match(await live.look('start'), { sites: 2, added: 2 })
  symlinkSync('..2', join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  t.match(await live.look('poll'), { sites: 2, added: 0, changed: 1, removed: 0, faulty: 0 })
})

t.test('a link to a file that is missing is a fault until the file is there', async t => {
  const folder = t.testdir({ 'a.env': t.fixture('symlink', '..data/a.env') })
  const live = new LiveSites({ folder, own: undefined, settleTime, warn: () => {} })
  t.match(await live.look('start'), { sites: 0, faulty: 1, faults: [{ faults: [{ message: /^no such file; / }] }] })
  mkdirSync(join(folder, '..data'))
  writeFileSync(join(folder, '..data/a.env'), site('a'))
  t.match(await live.look('signal'), { sites: 1, added: 1, faulty: 0 })
})

t.test('a change in a file that NAME_FILE names is noticed', async t => {
  const { folder, write, look, served } = build(t, { server: 'm.example:1' })
  write('a.env', `SERVER_NAME=a.example\nM_SERVER_FILE=${join(folder, 'server')}`)
  passTime(t)
  await look('start')
  t.strictSame(await look(), [0, 0, 0, 0])
  write('server', 'm.example:2')
  t.strictSame(await look(), [0, 1, 0, 0])
  t.equal(served('a.example'), 'm.example:2')
})

t.test('the CPU time of a look leaves out loading, so that the next one follows soon after many changes', async t => {
  passTime(t)
  t.teardown(syncBuiltinESMExports)
  const value = (start?: object): object => ({ user: start === undefined ? 0 : 1_000, system: 0 })
  t.intercept(process, 'cpuUsage', { value })
  syncBuiltinESMExports()
  const live = new LiveSites({ folder: t.testdir({ 'a.env': site('a') }), own: undefined, settleTime, warn: () => {} })
  const [loading, looking] = [await live.look('signal'), await live.look('signal')]
  t.match([loading, looking], [{ added: 1 }, { added: 0, changed: 0 }])
  t.equal('cpuTime' in loading && loading.cpuTime, 'cpuTime' in looking && looking.cpuTime)
})

t.test('the duration of a look leaves out the time that files take to settle', async t => {
  const live = new LiveSites({ folder: t.testdir({ 'a.env': site('a') }), own: undefined, settleTime, warn: () => {} })
  const start = performance.now()
  const reload = await live.look('poll')
  // A timer may be a millisecond early.
  const rest = performance.now() - start - settleTime + 2
  t.match(reload, { added: 1 })
  t.ok('duration' in reload && reload.duration <= rest, `${JSON.stringify(reload)} ${rest}`)
})

t.test('a folder that disappears changes nothing', async t => {
  const { folder, look, served } = build(t, { 'a.env': site('a', 1) })
  await look('start')
  renameSync(folder, `${folder}-away`)
  t.strictSame(await look(), ['no such folder; create it, or use the path of another one'])
  t.equal(served('a.example'), 'm.example:1')
  renameSync(`${folder}-away`, folder)
  t.strictSame(await look(), [0, 0, 0, 0])
})
