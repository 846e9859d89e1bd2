import type { RequestListener } from 'node:http'
import { test } from 'tap'
import { judgeConnection, nameAddress } from '../../../src/check/judge/reachability.ts'
import { cutBody, endlessBody, noAnswer, noBody, resetInBody, slowDrip } from '../../support/bad-bodies.ts'
import { checkWorld } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'
import type { FailingHost, HttpsHost } from '../../support/world.ts'

function https (handler: RequestListener, options: Partial<HttpsHost> = {}): HttpsHost {
  return { certificate: ['DNS:matrix.example.com'], handler, ...options }
}

/** Bytes in the place of an answer. */
function bytes (content: string): RequestListener {
  return ({ socket }) => { socket.write(content) }
}

const subject = 'matrix.example.com:443 at 127.0.0.3'

/** What the homeserver is, and the finding that tells its address's fault. */
const faults: Readonly<Record<string, readonly [host: HttpsHost | FailingHost | undefined, finding: { id: string, severity: string, what: string | RegExp, change: RegExp }]>> = {
  'refuses connections': [undefined, { id: 'address.refused', severity: 'warning', what: 'Connections are refused: nothing listens there.', change: /^Start the server/ }],
  'drops connections': ['dropping', { id: 'address.timeout', severity: 'warning', what: 'Nothing came in time, before the connection was made.', change: /firewall/ }],
  'is nowhere': ['unroutable', { id: 'address.unroutable', severity: 'notice', what: /^From here there is no way to it \(connect ENETUNREACH/, change: /another machine|a machine that has one/ }],
  'hangs in TLS': ['hanging', { id: 'address.timeout', severity: 'warning', what: 'Nothing came in time, before TLS was agreed on.', change: /hangs/ }],
  'resets connections': ['resetting', { id: 'address.reset', severity: 'warning', what: /^The connection was closed before TLS was agreed on/, change: /log of the server/ }],
  'speaks plain HTTP': ['plain', { id: 'address.tls', severity: 'failure', what: 'It speaks no TLS; plain HTTP, probably.', change: /speak TLS on this port/ }],
  'speaks TLS 1.1 alone': [https(noAnswer(), { maxVersion: 'TLSv1.1' }), { id: 'address.tls', severity: 'failure', what: 'It speaks neither TLS 1.2 nor TLS 1.3.', change: /Allow TLS 1\.2 and TLS 1\.3/ }],
  'never answers': [https(noAnswer()), { id: 'address.timeout', severity: 'warning', what: 'Nothing came in time, before an answer came.', change: /hangs/ }],
  'hangs up': [https(({ socket }) => socket.end()), { id: 'address.reset', severity: 'warning', what: /^The connection was closed before an answer came/, change: /log of the server/ }],
  'answers with other bytes': [https(bytes('SSH-2.0-OpenSSH_9.2\r\n')), { id: 'address.http', severity: 'failure', what: /^The answer is not HTTP: .*HPE_INVALID_CONSTANT/, change: /what listens on this port/ }],
  'answers with headers of 40 kB': [https(bytes(`HTTP/1.1 200 OK\r\nServer: ${'a'.repeat(40_000)}\r\n\r\n`)), { id: 'address.http', severity: 'failure', what: 'The headers of the answer are larger than 32,768 bytes.', change: /headers/ }]
}

for (const [title, [host, finding]] of Object.entries(faults)) {
  test(`finds a homeserver that ${title}`, async t => {
    const world = await startHealthyWorld(t, { hosts: { '127.0.0.3:443': host } })
    const report = await checkWorld(world, { timeout: 2 })
    const { findings, verdict } = report
    t.match(findings.filter(({ id }) => id.startsWith('address.')), [{ subject, ...finding }], 'told once, in one line')
    t.match(verdict, { federation: 'fails', clients: 'fails' })
    t.match(findings.find(({ id }) => id === 'federation.unreachable'), { subject: 'matrix.example.com:443', what: 'Other servers connect to matrix.example.com:443 and get no answer.' })
    t.match(report.federation?.addresses, [{ host: 'matrix.example.com', port: 443, address: '127.0.0.3', answers: false, software: null }])
  })
}

/** How the homeserver answers, and how the sentences about its answers end. */
const halves: Readonly<Record<string, readonly [handler: RequestListener, what: RegExp]>> = {
  'resets the connection in the middle of an answer': [resetInBody(), /with status 200, but the answer breaks off after 12 bytes/],
  'cuts an answer': [cutBody(), /with status 200, but the answer breaks off after 12 bytes/],
  'never comes to the end of an answer': [slowDrip(), /with status 200, but the answer does not come to its end in time/],
  'sends the head of an answer alone': [noBody(), /with status 200, but the answer does not come to its end in time/],
  'sends an answer without an end': [endlessBody(), /with status 200, but the answer is longer than 131,072 bytes/]
}

for (const [title, [handler, what]] of Object.entries(halves)) {
  test(`finds a homeserver that ${title}`, async t => {
    const world = await startHealthyWorld(t, { hosts: { '127.0.0.3:443': https(handler) } })
    const { findings, verdict } = await checkWorld(world, { timeout: 2, only: 'federation' })
    t.match(findings, [{ id: 'federation.version', subject, what }, { id: 'keys.missing', subject, what }])
    t.equal(findings.length, 2)
    t.equal(verdict.federation, 'fails')
  })
}

test('tells what Node says of a failure that has no kind of its own', t => {
  const exchange = { url: '', address: '127.0.0.2', port: 443, tls: undefined, response: undefined, milliseconds: 0, failure: { kind: 'other', phase: 'connect', message: 'too many open files (EMFILE)' } } as const
  t.match(judgeConnection(exchange, { area: 'clients', subject: 'example.com:443' }, new Date()), [{ id: 'address.reset', what: 'Nothing came of it before the connection was made: too many open files (EMFILE).' }])
  t.end()
})

test('names an address once', t => {
  t.equal(nameAddress('example.com', 443, '127.0.0.2'), 'example.com:443 at 127.0.0.2')
  t.equal(nameAddress('127.0.0.2', 443, '127.0.0.2'), '127.0.0.2:443')
  t.equal(nameAddress('[2001:db8::2]', 443, '2001:db8::2'), '[2001:db8::2]:443')
  t.end()
})
