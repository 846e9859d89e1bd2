import t from 'tap'
import { renderNamePage } from '../../src/monitor/name-page.ts'
import type { NameState } from '../../src/monitor/name-state.ts'
import { renderOverview } from '../../src/monitor/overview.ts'
import { checkWorld } from '../support/check-world.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import { hostileTexts, makeHostile } from '../support/hostile-report.ts'
import { openBrowser, openPage, testContrast, testHarmless } from './browser.ts'

const good = await checkWorld(await startHealthyWorld(t))
const bad = await checkWorld(await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/client': undefined } }))
const longName = `${'long-name.'.repeat(20)}example`

function buildState (serverName: string, state: Partial<NameState>): NameState {
  return { serverName, verdict: 'works', since: new Date(good.checkedAt), misses: 0, report: good, ...state }
}

const states: NameState[] = [
  buildState('fails.example', { verdict: 'fails', misses: 3, report: bad }),
  buildState('unknown.example', { verdict: 'unknown', misses: 3, report: bad }),
  buildState('once.example', { misses: 1, report: bad }),
  buildState('pending.example', { verdict: 'pending', since: undefined, report: undefined }),
  buildState('works.example', {}),
  buildState(longName, {})
]

t.test('hostile findings run nothing in the overview and on the page of a name, and request nothing', async t => {
  const context = await openBrowser(t)
  for (const start of [...hostileTexts.keys()].filter(start => start % 4 === 0)) {
    const report = { ...makeHostile(bad, start), serverName: 'a.example' }
    const hostile = buildState('a.example', { verdict: 'fails', misses: 3, report })
    for (const render of [() => renderOverview([hostile], '1.2.3'), () => renderNamePage(hostile, '1.2.3')]) {
      // Without its policy, so that nothing but the escaping holds.
      const html = render().replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
      const links = /^(?:#|https:\/\/spec\.matrix\.org\/|data:,$|\/$|\/metrics$|\/names\/a\.example$)/
      await testHarmless(t, context, html, links)
    }
  }
})

for (const width of [320, 360, 1600]) {
  t.test(`nothing is wider than a page of ${width} pixels`, async t => {
    const context = await openBrowser(t, { viewport: { width, height: 800 } })
    const hostile = buildState('a.example', { verdict: 'fails', misses: 3, report: makeHostile(bad) })
    const longest = buildState(longName, {})
    const pages = [renderOverview([...states, hostile], '1.2.3'), renderNamePage(longest, '1.2.3')]
    for (const html of pages) {
      const { page } = await openPage(t, context, html)
      t.equal(await page.evaluate('document.documentElement.scrollWidth'), width)
      await page.close()
    }
  })
}

t.test('light, dark and on paper, text has enough contrast', async t => {
  await testContrast(t, renderOverview(states, '1.2.3'))
})

t.test('a screen reader finds a region for each group, and its names as a list', async t => {
  const { page } = await openPage(t, await openBrowser(t), renderOverview(states, '1.2.3'))
  for (const landmark of ['banner', 'main', 'contentinfo'] as const) t.equal(await page.getByRole(landmark).count(), 1)
  t.equal(await page.getByRole('heading', { level: 1 }).textContent(), "1 of 6 names doesn't work")
  const failing = page.getByRole('region', { name: "Doesn't work 1" }).getByRole('listitem')
  t.match(await failing.allTextContents(), [/^fails\.example\s.*returns status 404\.\s+client\.not-found since /s])
  t.equal(await page.getByRole('region', { name: 'Works 2' }).getByRole('link').count(), 2)
})
