import t from 'tap'
import { redactReport, startRedaction } from '../../../src/check/report/redact.ts'
import { renderHtml } from '../../../src/check/report/html/html.ts'
import { renderJson } from '../../../src/check/report/json.ts'
import { renderMarkdown } from '../../../src/check/report/markdown.ts'
import { renderText } from '../../../src/check/report/text.ts'
import { wellKnown } from '../../support/responses.ts'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'

t.test('addresses are replaced by numbers, wherever they are', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  const cases: Array<[text: string, redacted: string]> = [
    ['45.0.0.2', '[address 1]'],
    ['at 45.0.0.2.', 'at [address 1].'],
    ['45.0.0.2:8448, 45.0.0.3', '[address 1]:8448, [address 2]'],
    ['https://45.0.0.2/a', 'https://[address 1]/a'],
    ['[45.0.0.2] ([45.0.0.2', '[address 1] ([[address 1]'],
    ['[2001:db8::1]:443', '[address 1]:443'],
    ['2001:db8::1: refused, 2001:DB8::1', '[address 1]: refused, [address 1]'],
    ['::ffff:192.0.2.1 fe80::1%eth0 2001:db8::', '[address 1] [address 2]%eth0 [address 3]'],
    ['admin@example.com, Admin@example.com', '[email 1], [email 1]'],
    ['@admin:example.com', '@admin:example.com'],
    ['ip:2001:db8::1 ip:45.0.0.2 host:443:45.0.0.2', 'ip:[address 1] ip:[address 2] host:443:[address 2]'],
    ['_45.0.0.2 IP Address:45.0.0.2, 45.0.0.2.nip.io', '_[address 1] IP Address:[address 1], [address 1].nip.io'],
    ['?a=%2045.0.0.2&b=45.0.0.2%2045.0.0.3', '?a=%20[address 1]&b=[address 1]%20[address 2]'],
    ['2001:db8:1:2:3:4:5:6:443, [::1]: ::ffff:45.0.0.2:443', '[address 1]:443, [address 2]: [address 3]:443'],
    ['AT 2001:DB8::1:443 - Local (:::0)', 'AT [address 1] - Local (:::0)'],
    ["o'brien@example.com root@localhost a%40b.example", '[email 1] [email 2] [email 3]'],
    ['a@b.example admin@[45.0.0.2]', '[email 1] [email 2]'],
    ['12:34:56:78:9a:bc:de:f0:aa 1.2.3.4.5 www.1.2.3.4444 10.0.0.0 [::]:443', ''],
    ['std::fmt 1.2.3 12:34:56 Chrome/142.0.0.0 192.0.2.300 example.com:443', ''],
    ['the certificate 2026-11-26T12:34:56.000Z', '']
  ]
  for (const [text, redacted] of cases) {
    t.equal(redactReport({ ...report, serverName: text, paths: { federation: null, clients: null } }).serverName,
      redacted === '' ? text : redacted)
  }
})

t.test('an address has one number in all reports of a run', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  const redact = startRedaction()
  const names = ['45.0.0.2', '45.0.0.3', '45.0.0.2'].map(serverName => {
    return redact({ ...report, serverName, paths: { federation: null, clients: null } }).serverName
  })
  t.equal(names[0], '[address 1]')
  t.equal(names[2], names[0])
  t.not(names[1], names[0])
})

t.test('a text without end takes no time', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  for (const part of ['a', ':', '1', 'a:', '1.', '%', '@', 'a.', '::1:', '[', 'a@']) {
    const serverName = `${part.repeat(200_000)} 45.0.0.2`
    t.notMatch(redactReport({ ...report, serverName }).serverName, '45.0.0.2', part)
  }
})

t.test('no format has an address, and one can still be told from another', async t => {
  const report = await checkWorld(await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/client': wellKnown({ ...healthyDocuments.client, '45.0.0.9': '2a00:db8::5' }) },
    records: { 'matrix.example.com': { A: ['45.0.0.3', '45.0.0.4'], AAAA: ['2a00:db8::7'] } },
    hosts: { '45.0.0.3:443': { certificate: ['DNS:a.example'], handler: wellKnown({}) } }
  }))
  const redacted = redactReport(report)
  const outputs = [
    renderText(redacted, { colour: false, glyphs: true, columns: 120 }),
    renderJson(redacted),
    renderHtml(redacted, '1.2.3'),
    renderMarkdown(redacted, '1.2.3')
  ]
  for (const output of outputs) {
    t.notMatch(output, /45\.0\.0|2a00:db8|admin@example/)
    t.match(output, /\[address 2\]/)
  }
  t.match(renderJson(redacted), '"email_address": "[email ')
  t.match(redacted.findings.find(({ id }) => id === 'certificate.name'), { evidence: { presented: ['a.example'] } })
  const [finding] = report.findings
  if (finding === undefined) throw new Error('no finding')
  const dated = redactReport({ ...report, findings: [{ ...finding, evidence: { validTo: new Date(0), at: null } }] })
  t.strictSame(dated.findings[0]?.evidence, { validTo: '1970-01-01T00:00:00.000Z', at: null })
})
