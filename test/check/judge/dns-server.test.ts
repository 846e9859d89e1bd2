import t from 'tap'
import type { CheckOptions } from '../../../src/check/check.ts'
import { dnsServerFindings } from '../../../src/check/judge/dns-server.ts'
import { renderHeadline } from '../../../src/check/report/headline.ts'
import { renderTap } from '../../../src/check/report/tap.ts'
import { renderText } from '../../../src/check/report/text.ts'
import { checkWorld, idsOf } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import type { DnsFailure } from '../../support/dns-server.ts'

const hosts = ['example.com', 'matrix.example.com']
const services = hosts.flatMap(host => [`_matrix-fed._tcp.${host}`, `_matrix._tcp.${host}`])

/** A DNS server that fails for all names of the domain, and for the root if that is its own fault. */
function failWith (code: DnsFailure, names: readonly string[] = [...hosts, ...services, '']): Changes {
  return { records: Object.fromEntries(names.map(name => [name, { code }])) }
}

const dnsServers: Readonly<Record<string, readonly [changes: Changes, options: CheckOptions, what: string]>> = {
  'does not listen': [{}, { dns: '127.0.0.1:1' }, "doesn't respond"],
  'never responds': [failWith('SILENT'), {}, "doesn't respond"],
  'refuses everything': [failWith('REFUSED'), {}, 'refuses to respond'],
  'can not look up anything': [failWith('SERVFAIL'), {}, "can't look up any name"]
}

for (const [title, [changes, options, what]] of Object.entries(dnsServers)) {
  t.test(`a DNS server of this machine that ${title} is the only finding`, async t => {
    const world = await startHealthyWorld(t, changes)
    const report = await checkWorld(world, { timeout: 1, ...options })
    const address = options.dns ?? world.dns.address
    t.match(report.findings, [{
      id: 'discovery.dns-server',
      severity: 'warning',
      subject: 'example.com',
      fix: /--dns/
    }])
    t.equal(report.findings.length, 1)
    t.ok(report.findings[0]?.what.startsWith(`This machine's DNS server, ${address}, ${what} (`))
    t.match(report.findings[0]?.what, /\); nothing could be checked from here\.$/)
    t.match(report.verdict, { federation: 'unknown', clients: 'unknown', failures: 0, warnings: 1, notices: 0 })
    const reason = `this machine's DNS server ${what}`
    const all = Object.values(report.verdict.readers)
    t.ok(all.every(reader => reader.outcome === 'unknown' && reader.reason === reason))
    t.equal(renderHeadline(report.verdict), `Federation and login could not be checked: ${reason}. 1 warning.`)

    const text = renderText(report, { colour: false, glyphs: false })
    t.notMatch(text, /Affects|8448|no homeserver|Other servers|Clients\n/, 'nothing about what is not known')
    const tap = renderTap(report, false)
    t.match(tap, 'not ok 1 - other servers reach example.com\n  ---\n  verdict: "unknown"\n')
    t.match(tap, 'not ok 2 - clients can log in at example.com\n  ---\n  verdict: "unknown"\n')
  })
}

t.test('of several DNS servers, the first is named', async t => {
  const { what, example } = dnsServerFindings['discovery.dns-server']
  const servers = ['192.0.2.53', '192.0.2.54']
  t.match(what({ ...example, servers }), /first DNS server, 192\.0\.2\.53, doesn't respond/)
})

t.test('a part of the check has the same finding', async t => {
  const world = await startHealthyWorld(t)
  for (const only of ['federation', 'client', 'documents'] as const) {
    const report = await checkWorld(world, { only, dns: '127.0.0.1:1' })
    t.strictSame(idsOf(report), ['discovery.dns-server'], only)
    t.equal(report.verdict.federation, only === 'federation' ? 'unknown' : 'unchecked')
    t.equal(report.verdict.clients, only === 'client' ? 'unknown' : 'unchecked')
    t.equal(report.verdict.failures, only === 'documents' ? 1 : 0, 'no verdict says so')
  }
})

t.test('name servers that fail for the domain only are found by others, too', async t => {
  for (const code of ['SERVFAIL', 'REFUSED', 'SILENT'] as const) {
    const world = await startHealthyWorld(t, failWith(code, [...hosts, ...services]))
    const options = { timeout: 1, deadline: 60 }
    const report = await checkWorld(world, options)
    t.strictSame(idsOf(report), ['discovery.dns'], code)
    const outcome = code === 'SERVFAIL' ? 'fails' : 'unknown'
    t.match(report.verdict, { federation: outcome, clients: outcome })
    const documents = await checkWorld(world, { ...options, only: 'documents' })
    t.strictSame(idsOf(documents), ['discovery.dns'], code)
    t.equal(documents.verdict.failures, 1, code)
  }
})

t.test('addresses that are known without DNS are checked', async t => {
  const world = await startHealthyWorld(t)
  const resolve = [
    { host: 'example.com', port: 443, address: '45.0.0.2' },
    { host: 'matrix.example.com', port: 443, address: '45.0.0.3' }
  ]
  const all = await checkWorld(world, { dns: '127.0.0.1:1', resolve })
  t.match(all.verdict, { federation: 'works', clients: 'works' })
  t.match(all.findings, [{ id: 'discovery.dns-server', what: /; not everything could be checked from here\.$/ }])
  t.equal(all.findings.length, 1)

  const some = await checkWorld(world, { dns: '127.0.0.1:1', resolve: resolve.slice(0, 1) })
  t.match(some.verdict, { federation: 'unknown', clients: 'unknown' })
  t.strictSame(idsOf(some), ['discovery.dns-server'])

  const undelegated = await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/server': undefined } })
  const bySrv = await checkWorld(undelegated, { only: 'federation', dns: '127.0.0.1:1', resolve: resolve.slice(0, 1) })
  t.equal(bySrv.verdict.federation, 'unknown')
  t.strictSame(idsOf(bySrv), ['discovery.dns-server'])
})

t.test('without time for an answer, nothing is said about the DNS server', async t => {
  const report = await checkWorld(await startHealthyWorld(t, failWith('SILENT')), { timeout: 60, deadline: 1 })
  t.ok(idsOf(report).includes('check.time'))
  t.notOk(idsOf(report).includes('discovery.dns-server'))
})
