import t from 'tap'
import { Parser } from 'tap-parser'
import { renderTap } from '../../../src/check/report/tap.ts'
import { html } from '../../support/answers.ts'
import { checkWorld } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'

interface Point {
  ok: boolean
  name: string
  todo?: string | boolean
  diag?: Record<string, string>
}

function parse (tap: string): { ok: boolean, points: Point[] } {
  const points: Point[] = []
  const parser = new Parser()
  parser.on('assert', point => points.push(point as Point))
  parser.end(tap)
  return { ok: parser.ok, points }
}

t.test('a healthy report passes', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  t.match(parse(renderTap(report, false)), {
    ok: true,
    points: [
      { ok: true, name: 'other servers reach example.com' },
      { ok: true, name: 'clients can log in at example.com' }
    ]
  })
  t.match(parse(renderTap(await checkWorld(await startHealthyWorld(t), { only: 'documents' }), false)), {
    ok: true,
    points: [{ ok: true, name: 'no problems found at example.com' }]
  })
})

t.test('a failure fails, with what, why and the fix', async t => {
  const { ok, points } = parse(
    renderTap(
      await checkWorld(await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/client': html('<html>') } })),
      false
    )
  )
  t.notOk(ok)
  t.match(
    points.find(({ name }) => name.startsWith('document.html')),
    {
      ok: false,
      name: 'document.html: /.well-known/matrix/client',
      diag: {
        severity: 'failure',
        what: 'The response is a web page.',
        fix: /pass \/\.well-known\/matrix\/ on to the sidecar/
      }
    }
  )
})

t.test('what works sometimes or could not be checked does not pass, and says so', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  const verdict = { ...report.verdict, federation: 'unknown', clients: 'sometimes' } as const
  t.match(parse(renderTap({ ...report, verdict }, false)), {
    ok: false,
    points: [
      { ok: false, name: 'other servers reach example.com', diag: { verdict: 'unknown' } },
      { ok: false, name: 'clients can log in at example.com', diag: { verdict: 'sometimes' } }
    ]
  })
})

t.test('a warning is a TODO; with strict it fails', async t => {
  const report = await checkWorld(
    await startHealthyWorld(t, { homeserver: { routes: { 'GET /_matrix/identity/v2': undefined } } })
  )
  const find = (strict: boolean): Point | undefined =>
    parse(renderTap(report, strict)).points.find(({ name }) => name.startsWith('client.identity-server'))
  t.match(find(false), { ok: false, todo: 'warning' })
  t.notOk(find(true)?.todo)
  t.ok(parse(renderTap(report, false)).ok)
  t.notOk(parse(renderTap(report, true)).ok)
})

t.test('text from a peer adds no test point', async t => {
  const report = await checkWorld(
    await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/client': undefined } })
  )
  const findings = report.findings.map(finding => ({
    ...finding,
    subject: 'x # SKIP\nok 9 - y',
    what: 'a\n  ...\nnot ok 7\u001b[2J'
  }))
  const { points } = parse(renderTap({ ...report, findings }, false))
  t.equal(points.length, 3)
  t.equal(points[2]?.diag?.['what'], 'a\n  ...\nnot ok 7\u001b[2J')
})
