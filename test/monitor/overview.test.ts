import t from 'tap'
import { renderNamePage } from '../../src/monitor/name-page.ts'
import type { NameState } from '../../src/monitor/name-state.ts'
import { renderOverview } from '../../src/monitor/overview.ts'
import type { Report } from '../../src/check/report/report.ts'
import { checkWorld } from '../support/check-world.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'

const good = await checkWorld(await startHealthyWorld(t))
const bad = await checkWorld(await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/client': undefined } }))
const warned: Report = { ...good, verdict: { ...good.verdict, warnings: 1 } }
const since = new Date('2026-11-26T06:31:00Z')

function buildState (serverName: string, state: Partial<NameState>): NameState {
  return { serverName, verdict: 'works', since, misses: 0, report: good, ...state }
}

const pending = { verdict: 'pending', since: undefined, report: undefined } as const
const fails = { verdict: 'fails', misses: 3, report: bad } as const
const unknown = { verdict: 'unknown', misses: 3, report: bad } as const

t.test('the title says the worst, and how many names have it', t => {
  const cases: Array<[states: Array<Partial<NameState>>, title: string]> = [
    [[], 'No names are monitored'],
    [[{}], '1 name works'],
    [[{}, { misses: 1 }], 'All 2 names work'],
    [[{}, pending], '1 of 2 names not known yet'],
    [[unknown, pending], '1 of 2 names can&#39;t be checked'],
    [[fails], '1 of 1 name doesn&#39;t work'],
    [[fails, unknown, pending], '1 of 3 names doesn&#39;t work'],
    [[fails, fails], '2 of 2 names don&#39;t work'],
    [Array.from({ length: 1000 }, () => ({})), 'All 1,000 names work']
  ]
  for (const [states, title] of cases) {
    const page = renderOverview(states.map((state, i) => buildState(`${i}.example`, state)), '1.2.3')
    t.match(page, `<h1>${title}</h1>`)
  }
  t.end()
})

t.test('names that are doing the same are together, what needs attention first', t => {
  const page = renderOverview([
    buildState('works-10.example', {}),
    buildState('works-9.example', {}),
    buildState('pending.example', pending),
    buildState('warned.example', { report: warned }),
    buildState('once.example', { misses: 1, report: bad }),
    buildState('unknown.example', unknown),
    buildState('fails.example', fails)
  ], '1.2.3')
  const found = [...page.matchAll(/<span>([^<]+) <small>(\d)<|<a href="\/names\/[^"]+">([^<]+)</g)]
  t.strictSame(found.map(([, title, count, name]) => name ?? `${title} ${count}`), [
    'Doesn&#39;t work 1', 'fails.example',
    'Can&#39;t be checked 1', 'unknown.example',
    'Last check failed 1', 'once.example',
    'Works, with warnings 1', 'warned.example',
    'Not checked yet 1', 'pending.example',
    'Works 2', 'works-9.example', 'works-10.example'
  ])
  t.equal(page.match(/<code>client.not-found<\/code>/g)?.length, 3)
  const links = [...page.matchAll(/<a href="#([^"]+)">([^<]+)</g)].map(([, id, text]) => [id, text])
  t.strictSame(links, [
    ['fails', 'Doesn&#39;t work: 1'], ['unknown', 'Can&#39;t be checked: 1'], ['unconfirmed', 'Last check failed: 1'],
    ['warning', 'Works, with warnings: 1'], ['pending', 'Not checked yet: 1'], ['works', 'Works: 2']
  ])
  for (const [id] of links) t.match(page, `<h2 id="${id}">`)
  t.notMatch(renderOverview([buildState('works.example', {})], '1.2.3'), 'href="#', 'one group needs no links')
  t.end()
})

t.test('what a finding is about is named, unless it is the name itself', t => {
  const [finding] = bad.findings
  if (finding === undefined) throw new Error('no finding')
  const report = { ...bad, findings: [{ ...finding, subject: 'fails.example', what: 'It is gone.' }] }
  t.match(renderOverview([buildState('fails.example', { ...fails, report })], '1.2.3'), '<p><bdi>It is gone.</bdi></p>')
  const other = '<p><bdi>fails.example</bdi>: <bdi>It is gone.</bdi></p>'
  t.match(renderOverview([buildState('other.example', { ...fails, report })], '1.2.3'), other)
  t.end()
})

t.test('the page of a name says how many checks failed', t => {
  const time = '<time datetime="2026-11-26T06:31:00.000Z">2026-11-26 06:31 UTC</time>'
  const cases: Array<[state: Partial<NameState>, text: string]> = [
    [{}, `works since ${time}</small>`],
    [fails, `doesn&#39;t work since ${time} · the last 3 checks failed</small>`],
    [unknown, `can&#39;t be checked since ${time}</small>`],
    [pending, 'not known yet </small>']
  ]
  for (const [state, text] of cases) t.match(renderNamePage(buildState('a.example', state), '1.2.3'), text)
  t.end()
})
