import t from 'tap'
import { redactReport } from '../../../src/check/report/redact.ts'
import { renderHtml } from '../../../src/check/report/html/html.ts'
import { renderJson } from '../../../src/check/report/json.ts'
import { renderMarkdown } from '../../../src/check/report/markdown.ts'
import { renderText } from '../../../src/check/report/text.ts'
import { wellKnown } from '../../support/answers.ts'
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
    ['std::fmt 1.2.3 12:34:56 Chrome/142.0.0.0 192.0.2.300 example.com:443', ''],
    ['the certificate 2026-11-26T12:34:56.000Z', '']
  ]
  for (const [text, redacted] of cases) {
    t.equal(redactReport({ ...report, serverName: text, paths: { federation: null, clients: null } }).serverName,
      redacted === '' ? text : redacted)
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
