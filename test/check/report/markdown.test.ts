import { HtmlRenderer, Parser } from 'commonmark'
import t from 'tap'
import { renderMarkdown } from '../../../src/check/report/markdown.ts'
import { wellKnown, withoutCors } from '../../support/responses.ts'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import { hostileTexts, makeHostile } from '../../support/hostile-report.ts'

/** As Element Web renders it, which also keeps HTML. */
function toHtml (markdown: string): string {
  return new HtmlRenderer().render(new Parser().parse(markdown))
}

t.test('a good report is a few lines', async t => {
  const report = { ...await checkWorld(await startHealthyWorld(t)), checkedAt: '2026-11-26T12:34:56.000Z' }
  t.equal(renderMarkdown(report, '1.2.3'), [
    '**`example.com`** Federation works. Clients can log in. No problems found.',
    '',
    '_`Test 1.2.3` · Matrix up to `v1.16` · checked 2026-11-26 12:34 UTC with matrix-well-known 1.2.3_',
    ''
  ].join('\n'))
})

t.test('the readers that fail, and the findings with their fixes', async t => {
  const report = await checkWorld(await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'matrix.example.com' }),
      'GET /.well-known/matrix/client': wellKnown(healthyDocuments.client, { headers: withoutCors })
    },
    records: { 'matrix.example.com': { A: ['45.0.0.3', '45.0.0.7', '45.0.0.8', '45.0.0.9'] } }
  }))
  const markdown = renderMarkdown(report, '1.2.3')
  t.match(markdown, [
    '- ❌ Synapse, Dendrite, tuwunel/continuwuity/Conduit: ' +
      'the homeserver is unreachable for other servers at every address',
    '- ❌ Element Web: `/client` has no CORS headers'
  ].join('\n'))
  t.match(markdown, [
    '❌ `cors.missing` `/.well-known/matrix/client`  ',
    'There is no Access-Control-Allow-Origin header.  ',
    '**Fix:** Let the sidecar respond'
  ].join('\n'))
  t.match(markdown, /`matrix\.example\.com:443 at 45\.0\.0\.[789]`/)
  t.ok(markdown.length < 4_000)
})

t.test('a part that was left out is not there, and what nothing explains has no reason', async t => {
  const world = await startHealthyWorld(t)
  t.match(renderMarkdown(await checkWorld(world, { only: 'federation' }), '1.2.3'), /\n_`Test 1\.2\.3` · checked /)
  const clients = await checkWorld(world, { only: 'client' })
  t.match(renderMarkdown(clients, '1.2.3'), /\n_Matrix up to `v1\.16` · checked /)
  const nio = { name: 'matrix-nio', outcome: 'unknown', finding: null, reason: null } as const
  const unknown = { ...clients, verdict: { ...clients.verdict, readers: { nio } } }
  t.match(renderMarkdown(unknown, '1.2.3'), '\n- ❔ not checked: matrix-nio\n')
})

t.test('what is too much for a chat is only named', async t => {
  const report = await checkWorld(await startHealthyWorld(t), { dns: '127.0.0.1:1' })
  const [finding] = report.findings
  if (finding === undefined) throw new Error('no finding')
  const findings = Array.from({ length: 9 }, (_, i) => ({ ...finding, what: `Finding ${i}.` }))
  const subjects = Array.from({ length: 5 }, (_, i) => ({ ...finding, subject: `host-${i}.example` }))
  const markdown = renderMarkdown({ ...report, findings: [...subjects, ...findings] }, '1.2.3')
  t.match(markdown, '`host-0.example`, `host-1.example`, `host-2.example`, 2 more  \n')
  t.match(markdown, 'Finding 4.')
  t.notMatch(markdown, 'Finding 5.')
  t.match(markdown, `\n\nAlso: \`${finding.id}\`\n`)
})

t.test('nothing from a peer is a mention, a link, an image, HTML or a block', async t => {
  const report = await checkWorld(await startHealthyWorld(t, { homeserver: { versions: [] } }))
  for (const start of hostileTexts.keys()) {
    const markdown = renderMarkdown(makeHostile(report, start), '1.2.3')
    t.notMatch(markdown, /@|[^\P{C}\n]/u)
    const html = toHtml(markdown)
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)[^>]*>/g)].map(([, name]) => name))
    t.strictSame([...tags].filter(name => !['p', 'strong', 'em', 'code', 'br', 'ul', 'li'].includes(String(name))), [])
    // Clients turn names and URLs into links, but not in code.
    const words = html.replaceAll(/<code>.*?<\/code>/gs, '').replaceAll(/<[^>]*>/g, '')
    t.notMatch(words, /\w\.\w(?<!1\.2\.3|1\.2)|:\/\/|www\.|[#!]\w/)
    t.ok(markdown.length < 20_000)
  }
})
