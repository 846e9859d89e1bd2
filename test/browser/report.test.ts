import t from 'tap'
import type { Test } from 'tap'
import { renderHtml } from '../../src/check/report/html/html.ts'
import type { Report } from '../../src/check/report/report.ts'
import { wellKnown, withoutCors } from '../support/responses.ts'
import { checkWorld } from '../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../support/healthy-world.ts'
import { hostileTexts, makeHostile } from '../support/hostile-report.ts'
import { inspectPage, openBrowser, openPage, testContrast, testHarmless } from './browser.ts'

async function checkBroken (t: Test): Promise<Report> {
  return await checkWorld(await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'matrix.example.com' }),
      'GET /.well-known/matrix/client': wellKnown(healthyDocuments.client, { headers: withoutCors })
    }
  }))
}

for (const policy of ['with its policy', 'without its policy']) {
  t.test(`in a hostile report, nothing runs and nothing is requested, ${policy}`, async t => {
    const context = await openBrowser(t)
    const report = await checkBroken(t)
    for (const start of [...hostileTexts.keys()].filter(start => start % 3 === 0)) {
      const html = renderHtml({ ...makeHostile(report, start), serverName: `${hostileTexts[start]}` }, '1.2.3')
      const meta = /<meta http-equiv="Content-Security-Policy"[^>]*>/
      t.match(html, meta)
      const shown = policy === 'with its policy' ? html : html.replace(meta, '')
      await testHarmless(t, context, shown, /^(?:#|https:\/\/spec\.matrix\.org\/|data:,$)/)
    }
  })
}

t.test('the policy stops what would get through', async t => {
  const context = await openBrowser(t)
  const attack = '<script>window.attacked = 1</script><img src="https://evil.example/">' +
    '<style>body { display: none }</style><p style="color: red" onclick="x">x</p></body>'
  const html = renderHtml(await checkBroken(t), '1.2.3').replace('</body>', attack)
  const { page, attempts } = await openPage(t, context, html)
  t.match(await page.evaluate(inspectPage), { attacked: 'undefined' })
  t.equal(await page.locator('main').isVisible(), true)
  t.ok(attempts.messages.length >= 3, 'each is reported')
})

for (const [title, width] of [['a phone', 360], ['a small phone', 320], ['a wide screen', 1600]] as const) {
  t.test(`on ${title}, nothing is wider than the page`, async t => {
    const context = await openBrowser(t, { viewport: { width, height: 800 } })
    const report = await checkBroken(t)
    for (const shown of [report, makeHostile(report)]) {
      const { page } = await openPage(t, context, renderHtml(shown, '1.2.3'))
      await page.evaluate(inspectPage)
      t.equal(await page.evaluate('document.documentElement.scrollWidth'), width)
      // The drawing keeps its own text inside.
      const overflow = await page.evaluate(`[...document.querySelectorAll('svg.path')].flatMap(svg => {
        const { right } = svg.getBoundingClientRect()
        return [...svg.querySelectorAll('text')].filter(text => text.getBoundingClientRect().right > right + 1)
      }).map(text => text.textContent)`)
      t.strictSame(overflow, [])
      await page.close()
    }
  })
}

t.test('light, dark and on paper, text has enough contrast', async t => {
  await testContrast(t, renderHtml(await checkBroken(t), '1.2.3'))
})

t.test('on paper, requests are there only if they are open', async t => {
  const { page } = await openPage(t, await openBrowser(t), renderHtml(await checkBroken(t), '1.2.3'))
  await page.emulateMedia({ media: 'print' })
  const heading = page.getByRole('heading', { name: 'Requests and responses' })
  t.equal(await heading.isVisible(), false)
  await page.evaluate("for (const details of document.querySelectorAll('.all, .exchange')) details.open = true")
  t.equal(await heading.isVisible(), true)
  t.equal(await page.getByText('Host: matrix.example.com').first().isVisible(), true)
})

t.test('on paper, what made the report is above it instead of below, where it would get a page of its own', async t => {
  const { page } = await openPage(t, await openBrowser(t), renderHtml(await checkBroken(t), '1.2.3'))
  for (const medium of ['screen', 'print'] as const) {
    await page.emulateMedia({ media: medium })
    t.equal(await page.getByText('checked by matrix-well-known 1.2.3').isVisible(), medium === 'print', medium)
    t.equal(await page.getByText('Made by matrix-well-known 1.2.3').isVisible(), medium === 'screen', medium)
  }
})

t.test('a screen reader finds landmarks, headings, and the drawing as a list', async t => {
  const { page } = await openPage(t, await openBrowser(t), renderHtml(await checkBroken(t), '1.2.3'))
  for (const landmark of ['banner', 'main', 'contentinfo'] as const) t.equal(await page.getByRole(landmark).count(), 1)
  const headings = await page.getByRole('heading', { level: 2 }).allTextContents()
  t.strictSame(headings, ['Who it works for', 'Path', 'Findings', 'Requests and responses'])
  t.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'example.com')
  const drawing = page.getByRole('img', { name: 'How clients get there' })
  t.equal(await drawing.count(), 1)
  await page.getByText('As a list').last().click()
  const hop = page.getByRole('listitem').filter({ hasText: 'Well-known: fails' })
  t.match(await hop.allTextContents(), [/cors\.missing/])
})

t.test('one click selects what is to be copied', async t => {
  const { page } = await openPage(t, await openBrowser(t), renderHtml(await checkBroken(t), '1.2.3'))
  await page.getByText('{"m.server":"matrix.example.com:443"}').first().click()
  t.equal(await page.evaluate('String(getSelection())'), '{"m.server":"matrix.example.com:443"}')
})
