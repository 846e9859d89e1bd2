import t from 'tap'
import { renderTap } from '../../../src/check/report/tap.ts'
import { html } from '../../support/responses.ts'
import { checkWorld } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'
import { parseTap } from '../../support/tap-points.ts'
import type { TapPoint } from '../../support/tap-points.ts'

t.test('a healthy report passes', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  t.match(parseTap(renderTap(report, false)), {
    ok: true,
    points: [
      { ok: true, name: 'other servers reach example.com' },
      { ok: true, name: 'clients can log in at example.com' }
    ]
  })
  t.match(parseTap(renderTap(await checkWorld(await startHealthyWorld(t), { only: 'documents' }), false)), {
    ok: true,
    points: [{ ok: true, name: 'no problems found at example.com' }]
  })
})

t.test('a failure fails, with what, why and the fix', async t => {
  const { ok, points } = parseTap(
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
  t.match(parseTap(renderTap({ ...report, verdict }, false)), {
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
  const find = (strict: boolean): TapPoint | undefined =>
    parseTap(renderTap(report, strict)).points.find(({ name }) => name.startsWith('client.identity-server'))
  t.match(find(false), { ok: false, todo: 'warning' })
  t.notOk(find(true)?.todo)
  t.ok(parseTap(renderTap(report, false)).ok)
  t.notOk(parseTap(renderTap(report, true)).ok)
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
  const { points } = parseTap(renderTap({ ...report, findings }, false))
  t.equal(points.length, 3)
  t.equal(points[2]?.diag?.['what'], 'a\n  ...\nnot ok 7\u001b[2J')
})
