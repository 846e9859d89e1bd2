import t from 'tap'
import { renderHtml } from '../../../../src/check/report/html/html.ts'
import { contentSecurityPolicy } from '../../../../src/check/report/html/page-frame.ts'
import { html, redirect, wellKnown, withoutCors } from '../../../support/responses.ts'
import { checkWorld } from '../../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../../support/healthy-world.ts'
import { hostileTexts, makeHostile } from '../../../support/hostile-report.ts'

/** What a page may consist of. */
const tags = [
  'html', 'head', 'meta', 'title', 'link', 'style', 'body', 'header', 'main', 'footer', 'section', 'article', 'div',
  'p', 'h1', 'h2', 'h3', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'time', 'span', 'strong', 'small', 'bdi', 'code',
  'pre', 'a', 'details', 'summary', 'svg', 'desc', 'g', 'path', 'circle', 'text'
]

t.test('a page shows the verdict, the readers, both paths, the findings and the exchanges', async t => {
  const page = renderHtml(await checkWorld(await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'matrix.example.com' }),
      'GET /.well-known/matrix/client': wellKnown(healthyDocuments.client, { headers: withoutCors })
    }
  })), '1.2.3')
  t.match(page, '<title>example.com: Federation doesn&#39;t work. ')
  t.match(page, '<h1>example.com</h1>')
  t.match(page, /<strong class="fails">Fails<\/strong>\nElement Web\n<small>\/client has no CORS headers<\/small>/)
  t.match(page, /<text class="hop"[^>]*>SRV records<\/text>\n<text class="state skipped"[^>]*>skipped<\/text>/)
  t.match(page, '<desc id="clients-description">Server name: works. Well-known: fails. Base URL: works. ')
  t.match(page, /<li><strong>Well-known<\/strong>: fails\n<ul>.*<\/ul>\nSee <a href="#finding-cors\.missing">/)
  t.match(page, /<article class="finding" id="finding-cors\.missing">/)
  t.match(page, 'serve <code>{&quot;m.server&quot;:&quot;matrix.example.com:443&quot;}</code> at ')
  t.match(page, '<summary><code>GET https://example.com/.well-known/matrix/client</code> <span>200, ')
  t.match(page, 'no response: refused, ')
  t.match(page, 'Made by matrix-well-known 1.2.3.')
  t.notMatch(page, /<script|javascript:| on\w+=| style=/)
})

t.test('a page without problems has no findings, and a part that was left out is not there', async t => {
  const world = await startHealthyWorld(t)
  const page = renderHtml(await checkWorld(world), '1.2.3')
  t.notMatch(page, 'Findings')
  t.match(page, '<dt>Homeserver</dt><dd><bdi>Test 1.2.3</bdi></dd>')
  t.notMatch(renderHtml(await checkWorld(world, { only: 'federation' }), '1.2.3'), 'How clients get there')
  t.notMatch(renderHtml(await checkWorld(world, { only: 'client' }), '1.2.3'), 'How other servers get there')
  const documents = await checkWorld(world, { only: 'documents' })
  t.notMatch(renderHtml(documents, '1.2.3'), /<h2 id="(?:path|readers)">/)
  t.notMatch(renderHtml({ ...documents, hosts: [], exchanges: [] }, '1.2.3'), /<h2 id="exchanges">|First certificate/)
})

t.test('where the drawing of a path cuts something, its list is open', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  const start = /<details( open)?><summary>As a list/g
  const listsOf = (found: readonly string[]): Array<string | undefined> => {
    const federation = report.paths.federation?.map(hop => ({ ...hop, found })) ?? null
    return [...renderHtml({ ...report, paths: { ...report.paths, federation } }, '1.2.3').matchAll(start)]
      .map(([, open]) => open)
  }
  t.strictSame(listsOf(['x'.repeat(120), 'y'.repeat(120)]), [undefined, undefined])
  t.strictSame(listsOf(['x'.repeat(121)]), [' open', undefined])
  t.strictSame(listsOf(['x'.repeat(1_000)]), [' open', undefined])
  t.strictSame(listsOf(['1', '2', '3', '4', '5', '6']), [undefined, undefined])
  t.strictSame(listsOf(['1', '2', '3', '4', '5', '6', '7']), [' open', undefined])
})

t.test('says what was cut from an exchange', async t => {
  const headers = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`X-${i}`, 'x']))
  const long = { ...healthyDocuments.client, 'com.example': 'x'.repeat(3_000) }
  const report = await checkWorld(await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/client': wellKnown(long, { headers }),
      'GET /.well-known/matrix/support': html('one\ttwo\r\n<b>three</b>'),
      'GET /.well-known/matrix/policy_server': redirect('/elsewhere')
    }
  }))
  const page = renderHtml({ ...report, exchangesLeftOut: 7 }, '1.2.3')
  t.match(page, /<p>\d+ further headers are left out\.<\/p>/)
  t.match(page, /<p>The beginning of 3,\d\d\d bytes:<\/p>/)
  t.match(page, 'one\ttwo\n&lt;b&gt;three&lt;/b&gt;')
  t.match(page, '<p>No body.</p>')
  t.match(page, '<p>7 further requests are left out.</p>')
  const single = { ...report, exchanges: report.exchanges.slice(0, 1) }
  t.match(renderHtml(single, '1.2.3'), 'Show 1 request and the responses')
})

t.test('whatever a peer sends is text', async t => {
  const report = await checkWorld(await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/client': undefined } }))
  for (const start of hostileTexts.keys()) {
    const page = renderHtml(makeHostile(report, start), '1.2.3')
    const found = [...page.replace(/<style>.*<\/style>/s, '').matchAll(/<\/?([^\s>/]*)/g)].map(([, name]) => name)
    t.strictSame([...new Set(found)].filter(name => !tags.includes(String(name)) && name !== '!doctype'), [])
    t.notMatch(page, /[^\P{C}\n\t]/u, 'nothing invisible')
    t.equal(page.match(/ (?:href|src|xlink:href)="(?!#|data:,"|https:\/\/spec\.matrix\.org\/)/g), null)
  }
})

t.test('the policy allows the style of the page and nothing else', async t => {
  const directives = /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; img-src data:; base-uri 'none'; form-action/
  t.match(contentSecurityPolicy, directives)
  t.end()
})
