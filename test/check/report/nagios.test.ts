import t from 'tap'
import { rateForNagios, renderNagios, renderNagiosProblem } from '../../../src/check/report/nagios.ts'
import type { NagiosState } from '../../../src/check/report/nagios.ts'
import type { Report } from '../../../src/check/report/report.ts'
import { wellKnown, withoutCors } from '../../support/responses.ts'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import { hostileTexts, makeHostile } from '../../support/hostile-report.ts'
import type { Scope } from '../../support/listen.ts'

async function check (t: Scope, changes: Changes = {}): Promise<Report> {
  return await checkWorld(await startHealthyWorld(t, changes))
}

/** The same report, as if the certificates ended so many days after the check, and lived so long. */
function withExpiry (report: Report, daysLeft: number, lifetime = 90): Report {
  const validTo = new Date('2026-12-01').toISOString()
  const validFrom = new Date(Date.parse(validTo) - lifetime * 86_400_000).toISOString()
  return {
    ...report,
    hosts: report.hosts.map(host => ({
      ...host, tls: host.tls === null ? null : { ...host.tls, daysLeft, validFrom, validTo }
    }))
  }
}

t.test('one line, with performance data', async t => {
  const report = { ...withExpiry(await check(t), 42), milliseconds: 1_234 }
  t.equal(
    renderNagios(report, false),
    'MATRIX OK - example.com: Federation works. Clients can log in. No problems found. | ' +
      'expiry_days=42;14:;7: time=1.234s;;;0 failures=0;;0;0 warnings=0;0;;0\n'
  )
  t.equal(rateForNagios(report, false), 'OK')
})

t.test('what fails is critical, and named', async t => {
  const site = { 'GET /.well-known/matrix/client': wellKnown(healthyDocuments.client, { headers: withoutCors }) }
  const report = await check(t, { site })
  t.match(
    renderNagios(report, false),
    /^MATRIX CRITICAL - example\.com: Federation works\. .* 1 failure\. \(cors\.missing\) \| .*failures=1;;0;0 /
  )
  t.equal(rateForNagios(report, false), 'CRITICAL')
})

t.test('warnings are warnings, or critical if they count as failures', async t => {
  const report = await check(t, { homeserver: { routes: { 'GET /livekit/jwt/healthz': undefined } } })
  t.match(renderNagios(report, false), /^MATRIX WARNING - .* warnings=1;0;;0\n$/)
  t.equal(rateForNagios(report, false), 'WARNING')
  t.match(renderNagios(report, true), /^MATRIX CRITICAL - .* warnings=1;;0;0\n$/)
  t.equal(rateForNagios(report, true), 'CRITICAL')
})

t.test('what could not be checked is unknown', async t => {
  const report = await checkWorld(await startHealthyWorld(t), { dns: '127.0.0.1:1' })
  t.match(renderNagios(report, false), /^MATRIX UNKNOWN - example\.com: Federation and login could not be checked/)
  t.notMatch(renderNagios(report, false), 'expiry_days')
  t.equal(rateForNagios(report, false), 'UNKNOWN')
})

t.test('a certificate near its end counts as much as it is near, and as it is long', async t => {
  const report = await check(t)
  const cases: Array<[daysLeft: number, lifetime: number, state: NagiosState, data: string]> = [
    [14, 90, 'OK', 'expiry_days=14;14:;7:'],
    [13, 90, 'WARNING', 'expiry_days=13;14:;7:'],
    [7, 90, 'WARNING', 'expiry_days=7;14:;7:'],
    [6, 90, 'CRITICAL', 'expiry_days=6;14:;7:'],
    [-1, 90, 'CRITICAL', 'expiry_days=-1;14:;7:'],
    [13, 398, 'WARNING', 'expiry_days=13;14:;7:'],
    // Such certificates are renewed every few days.
    [3, 6, 'OK', 'expiry_days=3;1:;0:'],
    [0, 6, 'WARNING', 'expiry_days=0;1:;0:']
  ]
  for (const [daysLeft, lifetime, state, data] of cases) {
    const changed = withExpiry(report, daysLeft, lifetime)
    t.equal(rateForNagios(changed, false), state, data)
    t.match(renderNagios(changed, false), data)
  }
  t.equal(rateForNagios(withExpiry(report, 13), true), 'CRITICAL', 'strict')
})

t.test('the findings are named, up to a few', async t => {
  const report = await check(t)
  const [finding] = (await checkWorld(await startHealthyWorld(t), { dns: '127.0.0.1:1' })).findings
  const ids = [
    'cors.missing', 'cors.doubled', 'cors.redirect', 'cors.preflight', 'document.bom', 'document.html'
  ] as const
  const findings = finding === undefined ? [] : ids.map(id => ({ ...finding, id, severity: 'warning' } as const))
  t.match(
    renderNagios({ ...report, findings }, false),
    '(cors.missing, cors.doubled, cors.redirect, cors.preflight, document.bom, ...)'
  )
})

t.test('nothing breaks the line', async t => {
  const report = await check(t)
  for (const start of hostileTexts.keys()) {
    const line = renderNagios(makeHostile(report, start), false)
    t.match(line, /^MATRIX OK - [ -{}~]* \| expiry_days=[ -{}~]*\n$/)
    t.notMatch(line, /[<>&`$\\]/)
    t.ok(line.length < 1_300)
  }
  t.equal(renderNagiosProblem('a|b\nMATRIX OK'), 'MATRIX UNKNOWN - a?b?MATRIX OK\n')
})
