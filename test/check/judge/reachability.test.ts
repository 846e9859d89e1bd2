import type { RequestListener } from 'node:http'
import { createSecureServer } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { test } from 'tap'
import { addressFindings, describeConnectionFailure, judgeConnection } from '../../../src/check/judge/reachability.ts'
import type { Failure } from '../../../src/check/network/peer.ts'
import { formatAddress, describeFinding } from '../../../src/check/report/finding-text.ts'
import { cutBody, endlessBody, noResponse, noBody, resetInBody, slowDrip } from '../../support/bad-bodies.ts'
import { sharedAuthority } from '../../support/certificates.ts'
import { checkWorld } from '../../support/check-world.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'
import { listen } from '../../support/listen.ts'
import type { FailingHost, HttpsHost } from '../../support/world.ts'

function https (handler: RequestListener, options: Partial<HttpsHost> = {}): HttpsHost {
  return { certificate: ['DNS:matrix.example.com'], handler, ...options }
}

/** Bytes in place of a response. */
function bytes (content: string): RequestListener {
  return ({ socket }) => {
    socket.write(content)
  }
}

const subject = 'matrix.example.com:443 at 45.0.0.3'

/** What the homeserver does, and how the finding about it ends. */
const faults: Readonly<Record<
  string,
  readonly [host: HttpsHost | FailingHost | undefined, reason: RegExp, fix: RegExp]
>> = {
  'refuses connections': [
    undefined,
    /Connections are refused: no server listens there\.$/,
    /^Configure the homeserver, or the proxy/
  ],
  'drops connections': ['dropping', /Timed out while connecting\.$/, /firewall/],
  'is unroutable': ['unroutable', /There is no route to it from here \(connect ENETUNREACH/, /outside this network/],
  'hangs in TLS': ['hanging', /Timed out during the TLS handshake\.$/, /hanging/],
  'resets connections': ['resetting', /The connection was closed during the TLS handshake/, /log of that server/],
  'uses plain HTTP': ['plain', /This isn't TLS; probably plain HTTP\.$/, /Enable TLS on this port/],
  'supports only TLS 1.1': [
    https(noResponse(), { maxVersion: 'TLSv1.1' }),
    /It supports neither TLS 1\.2 nor TLS 1\.3\.$/,
    /Enable TLS 1\.2 and TLS 1\.3/
  ],
  'never responds': [https(noResponse()), /Timed out while waiting for the response\.$/, /hanging/],
  'hangs up': [
    https(({ socket }) => socket.end()),
    /The connection was closed while waiting for the response/,
    /log of that server/
  ],
  'responds with other bytes': [
    https(bytes('SSH-2.0-OpenSSH_9.2\r\n')),
    /The response isn't HTTP: .*HPE_INVALID_CONSTANT/,
    /which service listens on this port/
  ],
  'responds with headers of 40 kB': [
    https(bytes(`HTTP/1.1 200 OK\r\nServer: ${'a'.repeat(40_000)}\r\n\r\n`)),
    /The headers of the response are larger than 32,768 bytes\.$/,
    /headers/
  ]
}

for (const [title, [host, reason, fix]] of Object.entries(faults)) {
  test(`finds a homeserver that ${title}`, async t => {
    const world = await startHealthyWorld(t, { hosts: { '45.0.0.3:443': host } })
    const report = await checkWorld(world, { timeout: 2 })
    const { findings, verdict } = report
    const outcome = host === 'unroutable' ? 'unknown' : 'fails'
    const severity = host === 'unroutable' ? 'warning' : 'failure'
    t.match(verdict, { federation: outcome, clients: outcome })
    const unreachable = findings.filter(({ id }) => id.endsWith('.unreachable'))
    t.match(unreachable, [
      { id: 'federation.unreachable', subject: 'matrix.example.com:443', severity, what: reason, fix }
    ])
    t.equal(unreachable.length, 1, 'for servers and clients')
    t.match(unreachable[0]?.what, host === 'unroutable'
      ? /^Other servers connect to matrix\.example\.com:443, which isn't reachable from here\. /
      : /^Other servers connect to matrix\.example\.com:443 and get no response\. /)
    t.strictSame(findings.filter(({ id }) => id.startsWith('address.')), [], "the reason isn't a finding of its own")
    t.match(report.federation?.addresses, [
      { host: 'matrix.example.com', port: 443, address: '45.0.0.3', responds: false, software: null }
    ])
  })
}

/** How the homeserver responds, and how the sentences about that end. */
const halves: Readonly<Record<string, readonly [handler: RequestListener, what: RegExp]>> = {
  'resets the connection in the middle of a response': [
    resetInBody(),
    /status 200, but the response breaks off after 12 bytes/
  ],
  'cuts a response': [cutBody(), /status 200, but the response breaks off after 12 bytes/],
  'never finishes a response': [slowDrip(), /status 200, but the response isn't complete in time/],
  'sends only the head of a response': [noBody(), /status 200, but the response isn't complete in time/],
  'sends an endless response': [endlessBody(), /status 200, but the response is longer than 131,072 bytes/]
}

for (const [title, [handler, what]] of Object.entries(halves)) {
  test(`finds a homeserver that ${title}`, async t => {
    const world = await startHealthyWorld(t, { hosts: { '45.0.0.3:443': https(handler) } })
    const { findings, verdict } = await checkWorld(world, { timeout: 2, only: 'federation' })
    t.match(findings, [
      { id: 'keys.missing', subject, what }
    ])
    t.equal(findings.length, 1)
    t.equal(verdict.federation, 'fails')
  })
}

test('says what is wrong with one address', t => {
  const cases: ReadonlyArray<readonly [failure: Failure, id: string]> = [
    [{ kind: 'refused', phase: 'connect', message: '' }, 'address.refused'],
    [{ kind: 'timeout', phase: 'connect', message: '' }, 'address.timeout'],
    [{ kind: 'unroutable', phase: 'connect', message: 'connect ENETUNREACH' }, 'address.unroutable'],
    [{ kind: 'not-public', phase: 'connect', message: '' }, 'address.not-public'],
    [{ kind: 'reset', phase: 'tls', message: '' }, 'address.reset'],
    [{ kind: 'tls', phase: 'tls', message: 'wrong version number' }, 'address.tls'],
    [{ kind: 'not-http', phase: 'response', message: 'HPE_INVALID_CONSTANT' }, 'address.http'],
    [{ kind: 'other', phase: 'connect', message: 'EMFILE' }, 'address.reset']
  ]
  const request = { method: 'GET', target: '/', headers: {} } as const
  const at = { request, url: '', address: '45.0.0.3', port: 443, tls: undefined, response: undefined, milliseconds: 0 }
  const about = { host: 'matrix.example.com', port: 443, address: '45.0.0.3' }
  for (const [failure, id] of cases) {
    const findings = judgeConnection({ ...at, failure }, { area: 'clients', about }, new Date()).map(describeFinding)
    t.match(findings, [{ id, subject, what: describeConnectionFailure(failure) }])
  }
  t.end()
})

test('reports the message of Node for a failure that has no kind of its own', t => {
  const exchange = {
    request: { method: 'GET', target: '/', headers: {} },
    url: '',
    address: '45.0.0.2',
    port: 443,
    tls: undefined,
    response: undefined,
    milliseconds: 0,
    failure: { kind: 'other', phase: 'connect', message: 'too many open files (EMFILE)' }
  } as const
  t.match(
    judgeConnection(exchange, { area: 'clients', about: { host: 'example.com', port: 443 } }, new Date()).map(
      describeFinding
    ),
    [{ id: 'address.reset', what: 'The connection failed while connecting: too many open files (EMFILE).' }]
  )
  t.end()
})

test('an error in TLS that is about neither the version nor plain HTTP', t => {
  const failure = { kind: 'tls', phase: 'tls', message: 'unrecognized name' } as const
  const request = { method: 'GET', target: '/', headers: {} } as const
  const at = { request, url: '', address: '45.0.0.2', port: 443, tls: undefined, response: undefined, milliseconds: 0 }
  const about = { host: 'example.com', port: 443 }
  const found = judgeConnection({ ...at, failure }, { area: 'clients', about }, new Date()).map(describeFinding)
  t.match(found, [{ id: 'address.tls', what: 'TLS fails: unrecognized name.', fix: /no certificate for this name/ }])
  t.end()
})

test('a connection that is cut during the handshake', t => {
  const { fix } = addressFindings['address.reset']
  t.match(fix({ phase: 'tls', message: undefined }), /no certificate for this name\. Also check whether something/)
  t.match(fix({ phase: 'response', message: undefined }), /^Read the log of that server, and check whether something/)
  t.end()
})

test('says that HTTP/1.1 is missing', async t => {
  const { certificate: cert, key } = sharedAuthority().issue({ names: ['DNS:example.com'] })
  const { port } = await listen(t, createSecureServer({ cert, key }), '127.0.0.1')
  const world = await startHealthyWorld(t)
  const report = await checkWorld(world, {
    only: 'federation',
    connect: (address, at) => address === '45.0.0.2' ? connectTcp(port, '127.0.0.1') : world.connect(address, at)
  })
  t.match(report.findings, [
    { id: 'document.unreachable', what: /It speaks only HTTP\/2/, fix: 'Enable HTTP/1.1 there, next to HTTP/2.' }
  ])
})

test('does not repeat an address', t => {
  t.equal(formatAddress('example.com', 443, '45.0.0.2'), 'example.com:443 at 45.0.0.2')
  t.equal(formatAddress('45.0.0.2', 443, '45.0.0.2'), '45.0.0.2:443')
  t.equal(formatAddress('[2a00:db8::2]', 443, '2a00:db8::2'), '[2a00:db8::2]:443')
  t.end()
})
