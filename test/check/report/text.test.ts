import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import type { CheckOptions } from '../../../src/check/check.ts'
import { readerIds, readers } from '../../../src/check/readers/readers.ts'
import type { ReaderId } from '../../../src/check/readers/readers.ts'
import { renderHeadline } from '../../../src/check/report/headline.ts'
import { linkText } from '../../../src/check/report/hyperlinks.ts'
import { renderText } from '../../../src/check/report/text.ts'
import type { TextOptions } from '../../../src/check/report/text.ts'
import type { Report } from '../../../src/check/report/report.ts'
import type { ReaderVerdict, Verdict } from '../../../src/check/report/verdict.ts'
import { html, json, redirect, wellKnown, withoutCors } from '../../support/responses.ts'
import { byteOrderMark } from '../../support/bad-bodies.ts'
import { checkWorld } from '../../support/check-world.ts'
import { forbidDotPaths } from '../../support/guards.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'

const everything: TextOptions = { colour: true, glyphs: true }
const plain: TextOptions = { colour: false, glyphs: false }
const verbose: TextOptions = { colour: false, glyphs: true, verbose: true }

type Outcome = ReaderVerdict['outcome']
type Outcomes = Partial<Record<ReaderId, Outcome | [outcome: Outcome, reason: string]>>

/** A verdict in which all readers work but these. */
function describeVerdict (
  { federation = 'works', clients = 'works', failures = 0, warnings = 0, notices = 0 }: Partial<Verdict>,
  outcomes: Outcomes = {}
): Verdict {
  const verdicts = readerIds.map(id => {
    const [outcome, reason = null] = [outcomes[id] ?? 'works'].flat() as [Outcome, string?]
    return [id, { name: readers[id].name, outcome, finding: null, reason }] as const
  })
  return { federation, clients, readers: Object.fromEntries(verdicts), failures, warnings, notices }
}

t.test('the headline says what works, and names the exceptions', async t => {
  const all = (kind: 'server' | 'client', outcome: [Outcome, string]): Outcomes =>
    Object.fromEntries(readerIds.filter(id => readers[id].kind === kind).map(id => [id, outcome]))
  const cases: [verdict: Verdict, text: string][] = [
    [describeVerdict({}), 'Federation works. Clients can log in. No problems found.'],
    [describeVerdict({ warnings: 2 }), 'Federation works. Clients can log in. 2 warnings.'],
    [
      describeVerdict(
        { federation: 'fails', clients: 'fails', failures: 2, warnings: 1, notices: 1 },
        { ...all('server', ['fails', 'x']), ...all('client', ['fails', 'y']) }
      ),
      "Federation doesn't work. Clients can't log in. 2 failures, 1 warning, 1 notice."
    ],
    [
      describeVerdict(
        { clients: 'web-fails', failures: 1 },
        { 'element-web': ['fails', '/client has no CORS headers'] }
      ),
      "Federation works. Element Web can't log in: /client has no CORS headers. Element X can. 1 failure."
    ],
    [
      describeVerdict({ clients: 'partly', failures: 1 }, { 'element-x': ['fails', '/client has a duplicate key'] }),
      "Federation works. Element Web can log in. Element X can't: /client has a duplicate key. 1 failure."
    ],
    [
      describeVerdict({ failures: 1 }, { nio: ['fails', '/client is odd'] }),
      "Federation works. Clients can log in. matrix-nio can't: /client is odd. 1 failure."
    ],
    [
      describeVerdict(
        { clients: 'asks', failures: 1 },
        { ...all('client', ['fails', 'there is no document']), 'element-web': ['asks', 'there is no document'] }
      ),
      "Federation works. Element Web asks for the homeserver's address. " +
        "Element X can't log in: there is no document. 1 failure."
    ],
    [
      describeVerdict(
        { federation: 'partly', failures: 1 },
        { synapse: ['fails', '/server is large'], dendrite: ['fails', '/server is large'] }
      ),
      'Federation works with tuwunel/continuwuity/Conduit. ' +
        "Synapse and Dendrite can't reach the homeserver: /server is large. Clients can log in. 1 failure."
    ],
    [describeVerdict({ federation: 'unchecked', clients: 'unchecked' }), 'No problems found.']
  ]
  for (const [verdict, text] of cases) t.equal(renderHeadline(verdict), text)
})

t.test('readers that behave alike share a line', async t => {
  const report = await checkWorld(
    await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/client': byteOrderMark(healthyDocuments.client) } })
  )
  t.match(renderText(report, { ...plain, glyphs: true }), [
    "Federation works. Element Web can log in. Element X can't: /client begins with a",
    'byte order mark. 1 failure.',
    '',
    'Readers',
    '  ✓ Synapse, Dendrite, tuwunel/continuwuity/Conduit',
    '  ✓ Element Web',
    '  ✗ Element X, mautrix-go, mautrix-python, matrix-nio: /client begins with a',
    '    byte order mark',
    ''
  ].join('\n'))
  t.match(
    renderText(report, plain),
    /^ {2}Affects Element X, mautrix-go, mautrix-python, matrix-nio\.$/m
  )
})

t.test('a reader that works sometimes, or could not be checked, has no mark of success', async t => {
  const report = await checkWorld(await startHealthyWorld(t))
  const outcomes: Outcomes = { synapse: 'unknown', dendrite: ['sometimes', 'it is slow'] }
  const text = renderText({ ...report, verdict: describeVerdict({ federation: 'partly' }, outcomes) }, plain)
  t.match(text, /^ {2}! Synapse: could not be checked$/m)
  t.match(text, /^ {2}! Dendrite: works sometimes: it is slow$/m)
})

t.test('on a terminal with few rows, the verdict is repeated at the end', async t => {
  const report = await checkWorld(
    await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/client': wellKnown({}) } })
  )
  t.match(renderText(report, { ...plain, rows: 24 }), /\n\nFederation works\. Clients can't log in\. 1 failure\.\n$/)
  t.notMatch(renderText(report, { ...plain, rows: 240 }), /failure\.\n$/)
})

t.test('prints the steps, the addresses and the certificates', async t => {
  const world = await startHealthyWorld(t, {
    hosts: { '45.0.0.4:443': 'hanging' },
    records: { 'matrix.example.com': { A: ['45.0.0.3', '45.0.0.9'] } }
  })
  const text = renderText(await checkWorld(world), { ...plain, glyphs: true, verbose: true })
  t.match(
    text,
    [
      'Other servers',
      '  1   skipped: example.com is not an IP address',
      '  2   skipped: example.com has no port',
      '  3   /.well-known/matrix/server → matrix.example.com:443',
      '  3.1 skipped: matrix.example.com is not an IP address',
      '  3.2 matrix.example.com:443 has a port',
      '  → Host matrix.example.com:443, certificate for matrix.example.com',
      '    ✓ matrix.example.com:443 at 45.0.0.3'
    ].join('\n')
  )
  t.match(text, /\n {6}homeserver Test 1\.2\.3, TLSv1\.3, certificate from Test CA, expires in\s+\d+\s+days\n/)
  t.match(text, '\n    ✗ matrix.example.com:443 at 45.0.0.9\n      refused\n')
  t.match(text, '\n  client        200, 234 bytes, cached for ')
})

t.test('says how long a certificate is valid, and which address has a fault', async t => {
  const world = await startHealthyWorld(t)
  const report = await checkWorld(world)
  const [host] = report.hosts
  const [document] = report.documents
  if (host?.tls === undefined || host.tls === null || document === undefined) throw new Error('no host')
  const print = (daysLeft: number): string =>
    renderText({ ...report, hosts: [{ ...host, tls: { ...host.tls, daysLeft } } as typeof host] }, plain)
  t.match(print(1), /expires in 1 day\n/)
  t.match(print(2), /expires in 2 days\n/)
  t.match(print(-1), /, expired\n/)

  const documents = [document, { ...document, address: '192.0.2.9', status: 500 }]
  const [finding] = (await checkWorld(world, { serverName: 'nothing.example.com' })).findings
  if (finding === undefined) throw new Error('no finding')
  const about = { document: document.name, address: '192.0.2.9' }
  const text = renderText({ ...report, documents, findings: [{ ...finding, severity: 'failure', about }] }, plain)
  t.match(text, /500, .*see below, at 192\.0\.2\.9\n/)
  t.notMatch(text, /200, .*see below/)
})

t.test('describes certificates, redirects and differing addresses', async t => {
  const print = async (changes: Changes, options: CheckOptions & { serverName?: string } = {}): Promise<string> =>
    renderText(await checkWorld(await startHealthyWorld(t, changes), options), verbose)
  t.match(
    await print({
      hosts: {
        '45.0.0.3:443': { certificate: ['DNS:a.example', 'DNS:b.example', 'DNS:c.example'], handler: html('') }
      }
    }),
    '\n      TLSv1.3, untrusted certificate for a.example and b.example,'
  )
  t.match(
    await print({
      site: {
        'GET /.well-known/matrix/client': redirect('/elsewhere'),
        'GET /elsewhere': json(healthyDocuments.client)
      }
    }),
    '\n  client        200, 234 bytes, no max-age, redirected to\n                https://example.com/elsewhere\n'
  )
  t.match(
    await print({ site: { 'GET /.well-known/matrix/client': wellKnown({}) } }),
    '\n  /.well-known/matrix/client → no homeserver\n' +
      "  by the specification, clients report an error and ask for the homeserver's\n  address (FAIL_PROMPT)\n"
  )
  t.match(
    await print({
      records: { 'example.com': { A: ['45.0.0.2'], AAAA: ['2a00:db8::9'] } },
      hosts: { '[2a00:db8::9]:443': { certificate: ['DNS:example.com'], handler: html('<html>') } }
    }),
    /\n {2}client {8}200, [^\n]*at 2a00:db8::9\n {2}client {8}200, [^\n]*at\s+45\.0\.0\.2\n/
  )
  t.notMatch(await print({ records: { 'example.com': undefined } }), 'Documents at')
  t.match(
    await print(
      { hosts: { '45.0.0.2:8448': { certificate: ['IP:45.0.0.2'], handler: html('') } } },
      { only: 'federation', serverName: '45.0.0.2' }
    ),
    '\n    ✓ 45.0.0.2:8448\n'
  )
})

t.test('each part has its own heading', async t => {
  const world = await startHealthyWorld(t)
  const headings = async (only: 'federation' | 'client' | 'documents'): Promise<string[]> =>
    [...renderText(await checkWorld(world, { only }), plain).matchAll(/^[A-Z][A-Za-z .]+$/gm)]
      .map(([line]) => line)
      .slice(1)
  t.strictSame(await headings('federation'), ['Readers', 'Other servers', 'Documents at example.com'])
  t.strictSame(await headings('client'), ['Readers', 'Clients', 'Documents at example.com'])
  t.strictSame(await headings('documents'), ['Documents at example.com'])
})

t.test('a finding has what, why, the fix and a reference', async t => {
  const world = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/client': wellKnown(healthyDocuments.client, { headers: withoutCors }) }
  })
  t.match(
    renderText(await checkWorld(world), { ...plain, glyphs: true }),
    [
      'Findings',
      '✗ cors.missing: /.well-known/matrix/client',
      '  There is no Access-Control-Allow-Origin header.',
      '  Browsers block Element Web and other web clients from reading it.',
      '  Affects Element Web.',
      '  → Let the sidecar respond, which sends CORS headers itself, or add',
      '    "Access-Control-Allow-Origin: *" exactly once, on every status (in nginx,',
      '    with "always").',
      '  Client-Server API › Web Browser Clients',
      ''
    ].join('\n')
  )
})

t.test('a reference is a link in terminals that support it, which takes no room', async t => {
  const report = await checkWorld(
    await startHealthyWorld(t, { site: { 'GET /.well-known/matrix/client': wellKnown({}) } })
  )
  const text = renderText(report, { ...plain, hyperlinks: true })
  const url = 'https://spec.matrix.org/latest/client-server-api/#well-known-uris'
  t.match(text, `\n  ${linkText('Client-Server API > Well-known URIs', url)}\n`)
  t.equal(linkText('x', url), `\u001b]8;;${url}\u001b\\x\u001b]8;;\u001b\\`)
  t.equal(stripVTControlCharacters(text), renderText(report, plain))
  t.match(
    renderText(report, { ...everything, hyperlinks: true }),
    `\n  ${linkText('\u001b[2mClient-Server API › Well-known URIs\u001b[22m', url)}\n`
  )
})

t.test('a fault in several places is printed once', async t => {
  const text = renderText(await checkWorld(await startHealthyWorld(t, { guard: forbidDotPaths })), plain)
  t.equal(text.match(/^x document\.forbidden/gm)?.length, 1)
  t.match(text, /x document\.forbidden: \/\.well-known\/matrix\/server, \/\.well-known\/matrix\/client$/m)
})

t.test('fits 80 columns, and escapes control characters of peers', async t => {
  const evil = 'evil\u001b]0;title\u0007\u001b[2J\u202e\r\nx'
  const long = 'é'.repeat(600)
  const documents = [
    wellKnown({ 'm.server': `${long}.example:443` }),
    wellKnown({ 'm.server': evil }),
    html(`<html>${evil}</html>`)
  ]
  for (const document of documents) {
    const report = await checkWorld(
      await startHealthyWorld(t, {
        site: {
          'GET /.well-known/matrix/server': document,
          'GET /.well-known/matrix/client': wellKnown({ 'm.homeserver': { base_url: `https://${evil}` }, [evil]: 1 })
        }
      })
    )
    const hostile: Report = {
      ...report,
      findings: report.findings.map(finding => ({
        ...finding,
        what: `${finding.what} ${evil} ${long}`,
        subject: `${evil} ${long}`
      }))
    }
    for (const options of [plain, everything, { colour: false, glyphs: true }]) {
      const text = renderText(hostile, options)
      const uncoloured = stripVTControlCharacters(text)
      t.strictSame(
        uncoloured.split('\n').filter(line => [...line].length > 80),
        [],
        'in 80 columns'
      )
      t.notMatch(uncoloured, /[^\n\P{Cc}]|\p{Cf}/u, 'no control characters')
      if (!options.colour) t.equal(text, uncoloured, 'no colours')
      if (!options.glyphs) t.notMatch(uncoloured, /\P{ASCII}/u, 'ASCII')
    }
  }
})
