import { test } from 'tap'
import { respondWith, html, json, matrixError, wellKnown } from '../../support/responses.ts'
import { deeplyNested, noResponse } from '../../support/bad-bodies.ts'
import { checkWorld, idsOf } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import { buildHomeserver } from '../../support/homeserver.ts'
import { serverOutcomesOf } from '../../support/outcomes.ts'
import { route } from '../../support/route.ts'
import type { FailingHost, HttpsHost } from '../../support/world.ts'

const allSometimes = { synapse: 'sometimes', dendrite: 'sometimes', tuwunel: 'sometimes', specification: 'sometimes' }
const path = 'GET /_matrix/federation/v1/version'

const versions: Readonly<Record<
  string,
  readonly [response: ReturnType<typeof json> | undefined, what: string, fix?: RegExp]
>> = {
  missing: [undefined, 'status 404', /^The homeserver responds, .* add "federation" to the listener/],
  'an error': [matrixError(502, 'M_UNKNOWN'), 'status 502', /^Check that the homeserver is running/],
  'a web page': [html('hello'), 'status 200, but without the name and version of a server'],
  empty: [respondWith(''), 'status 200, but without the name and version of a server'],
  'not an object': [json([]), 'status 200, but without the name and version of a server'],
  'without a server': [json({}), 'status 200, but without the name and version of a server'],
  'with a list for the server': [
    json({ server: ['Synapse', '1'] }),
    'status 200, but without the name and version of a server'
  ],
  'without a version': [
    json({ server: { name: 'Synapse' } }),
    'status 200, but without the name and version of a server'
  ],
  'with a number for the version': [
    json({ server: { name: 'Synapse', version: 1 } }),
    'status 200, but without the name and version of a server'
  ],
  'nested too deeply': [
    deeplyNested({ server: { name: 'Synapse', version: '1' } }, 20_000),
    'status 200, but without the name and version of a server'
  ]
}

for (const [title, [handler, what, fix = /^Pass \/_matrix on to the homeserver/]] of Object.entries(versions)) {
  test(`a version that is ${title}`, async t => {
    const world = await startHealthyWorld(t, { homeserver: { routes: { [path]: handler } } })
    const report = await checkWorld(world, { only: 'federation' })
    t.match(report.findings, [
      {
        id: 'federation.version',
        severity: 'notice',
        subject: 'matrix.example.com:443 at 45.0.0.3',
        what: `/_matrix/federation/v1/version returns ${what}.`,
        fix
      }
    ])
    t.strictSame(idsOf(report), ['federation.version'])
    t.equal(report.verdict.federation, 'works', 'the keys are enough')
  })
}

test('reports which software it is', async t => {
  const world = await startHealthyWorld(t)
  t.match((await checkWorld(world)).federation?.addresses, [
    { responds: true, software: 'Test 1.2.3', failure: null }
  ])
})

test('a version that never comes', async t => {
  const world = await startHealthyWorld(t, { homeserver: { routes: { [path]: noResponse() } } })
  const report = await checkWorld(world, { only: 'federation', timeout: 2 })
  t.strictSame(idsOf(report), ['address.timeout'])
  t.equal(report.verdict.federation, 'works')
})

const homeserver: HttpsHost = {
  certificate: ['DNS:matrix.example.com'],
  handler: buildHomeserver({ serverName: 'example.com' })
}

type Second = readonly [host: HttpsHost | FailingHost | undefined, findings: readonly string[], federation: string]

/** What the second of two addresses of the homeserver does, and what is found. */
const seconds: Readonly<Record<string, Second>> = {
  'responds too': [homeserver, [], 'works'],
  refuses: [undefined, ['address.refused'], 'works'],
  hangs: ['hanging', ['address.timeout'], 'sometimes'],
  drops: ['dropping', ['address.timeout'], 'works'],
  'is unroutable': ['unroutable', ['address.unroutable'], 'works'],
  'does not use TLS': ['plain', ['address.tls'], 'sometimes'],
  'has another certificate': [{ ...homeserver, certificate: ['DNS:localhost'] }, ['certificate.name'], 'sometimes'],
  'is another homeserver': [
    { ...homeserver, handler: buildHomeserver({ serverName: 'example.org' }) },
    ['keys.server-name'],
    'sometimes'
  ],
  'is a web site': [
    { ...homeserver, handler: route({ '*': html('hello') }) },
    ['keys.missing'],
    'sometimes'
  ]
}

for (const [title, [host, findings, federation]] of Object.entries(seconds)) {
  for (const [family, second] of [
    ['IPv4', '45.0.0.4'],
    ['IPv6', '2a00:db8::3']
  ] as const) {
    test(`one address responds, and the second, an ${family} address, ${title}`, async t => {
      const world = await startHealthyWorld(t, {
        records: {
          'matrix.example.com':
            family === 'IPv4' ? { A: ['45.0.0.3', second] } : { A: ['45.0.0.3'], AAAA: [second] }
        },
        hosts: { '45.0.0.3:443': homeserver, [family === 'IPv4' ? `${second}:443` : `[${second}]:443`]: host }
      })
      const report = await checkWorld(world, { only: 'federation', timeout: 2 })
      t.strictSame(idsOf(report), findings)
      t.match(
        report.findings,
        findings.map(() => ({ subject: `matrix.example.com:443 at ${second}` })),
        'names the address'
      )
      t.equal(report.verdict.federation, federation)
      t.equal(report.federation?.addresses.length, 2)
    })
  }
}

test('says in one finding why no address responds', async t => {
  const start = 'Other servers connect to matrix.example.com:443 and get no response from any of its 2 addresses. '
  const cases = [
    [undefined, 'Connections are refused: no server listens there.', /listen on port 443 of matrix\.example\.com/],
    [
      'hanging',
      '2a00:db8::3: Connections are refused: no server listens there. 45.0.0.4: Timed out during the TLS handshake.',
      /^Check whether the service there is hanging/
    ]
  ] as const
  for (const [host, reason, fix] of cases) {
    const world = await startHealthyWorld(t, {
      records: { 'matrix.example.com': { A: ['45.0.0.4'], AAAA: ['2a00:db8::3'] } },
      hosts: { '45.0.0.4:443': host }
    })
    const { findings } = await checkWorld(world, { only: 'federation', timeout: 2 })
    t.match(findings, [{ id: 'federation.unreachable', what: `${start}${reason}`, fix }])
    t.equal(findings.length, 1)
  }
})

test("says which target of SRV records doesn't respond for which reason", async t => {
  const srv = (target: string, priority: number): Record<'priority' | 'weight' | 'port', number> & { target: string } =>
    ({ priority, weight: 0, port: 8450, target })
  const world = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/server': undefined },
    records: {
      '_matrix-fed._tcp.example.com': { SRV: [srv('a.example.com', 1), srv('b.example.com', 2)] },
      'a.example.com': { A: ['45.0.0.8'] },
      'b.example.com': { A: ['45.0.0.9'] }
    },
    hosts: { '45.0.0.9:8450': 'plain' }
  })
  const { findings } = await checkWorld(world, { only: 'federation' })
  t.match(findings, [{
    id: 'federation.unreachable',
    what: /a\.example\.com:8450 at 45\.0\.0\.8: Connections are refused.* b\.example\.com:8450 at [\d.]+: This isn't/,
    fix: /^Enable TLS on this port/
  }])
  t.equal(findings.length, 1)
})

test('says where clients find the homeserver if servers are sent elsewhere', async t => {
  const delegated = { 'm.server': 'old.example.com:443' }
  const world = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/server': wellKnown(delegated) },
    records: { 'old.example.com': { A: ['45.0.0.8'] } }
  })
  const { findings } = await checkWorld(world)
  t.match(findings.find(({ id }) => id === 'federation.unreachable'), {
    fix: 'The homeserver responds at matrix.example.com:443: set M_SERVER=matrix.example.com:443, or serve ' +
      '{"m.server":"matrix.example.com:443"} at https://example.com/.well-known/matrix/server.'
  })
  const other = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/server': wellKnown(delegated) },
    records: { 'old.example.com': { A: ['45.0.0.8'] } },
    homeserver: { serverName: 'other.example.com' }
  })
  const report = await checkWorld(other)
  t.notMatch(report.findings.find(({ id }) => id === 'federation.unreachable')?.fix, 'matrix.example.com')
})

test('suggests a document if nothing responds on port 8448', async t => {
  const world = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/server': undefined },
    hosts: { '45.0.0.3:443': undefined }
  })
  const report = await checkWorld(world, { only: 'federation' })
  t.match(report.findings[0], {
    id: 'federation.unreachable',
    subject: 'example.com:8448',
    fix: 'Set M_SERVER to the host and port of the homeserver, such as M_SERVER=matrix.example.com:443, and route ' +
      '/.well-known/matrix/ on example.com to the sidecar; or open port 8448.'
  })
})

test('suggests a document for the delegated name if nothing responds on its port 8448', async t => {
  const world = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'matrix.example.com' }) }
  })
  const report = await checkWorld(world, { only: 'federation' })
  t.match(report.findings[0], {
    id: 'federation.unreachable',
    fix: /serve {"m\.server":"matrix\.example\.com:443"} at https:\/\/example\.com\/\.well-known\/matrix\/server/
  })
})

test('finds addresses that delegate to different places', async t => {
  const world = await startHealthyWorld(t, {
    records: { 'example.com': { A: ['45.0.0.2'], AAAA: ['2a00:db8::2'] } },
    hosts: {
      '[2a00:db8::2]:443': {
        certificate: ['DNS:example.com'],
        handler: route({ 'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'old.example.com:443' }) })
      }
    }
  })
  const report = await checkWorld(world, { only: 'federation' })
  t.match(
    report.findings.find(({ id }) => id === 'document.split-brain'),
    {
      severity: 'warning',
      subject: '/.well-known/matrix/server',
      what:
        '2a00:db8::2 serves {"m.server":"old.example.com:443"}; ' +
        '45.0.0.2 serves {"m.server":"matrix.example.com:443"}.'
    }
  )
  t.strictSame(serverOutcomesOf(report), allSometimes)
})

test('finds an address that serves the document while another refuses', async t => {
  const world = await startHealthyWorld(t, {
    records: { 'example.com': { A: ['45.0.0.2'], AAAA: ['2a00:db8::2'] } }
  })
  const report = await checkWorld(world)
  t.match(report.findings, [
    { id: 'address.refused', severity: 'warning', subject: 'example.com:443 at 2a00:db8::2' }
  ])
  t.equal(report.findings.length, 1)
  t.match(report, {
    verdict: { federation: 'works', clients: 'works' },
    documents: [
      { address: '2a00:db8::2', status: null, content: null },
      { address: '45.0.0.2', content: healthyDocuments.server }
    ]
  })
})
