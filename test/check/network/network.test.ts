import { test } from 'tap'
import { checkWorld } from '../../support/check-world.ts'
import { describeHealthyWorld, startHealthyWorld } from '../../support/healthy-world.ts'
import { buildHomeserver } from '../../support/homeserver.ts'
import { startWorld } from '../../support/world.ts'
import type { HttpsHost } from '../../support/world.ts'

const { hosts } = describeHealthyWorld()
const homeserver = hosts['45.0.0.3:443'] as HttpsHost
const site = hosts['45.0.0.2:443'] as HttpsHost

const bothFamilies = {
  records: {
    'example.com': { A: ['45.0.0.2'], AAAA: ['2a00:db8::2'] },
    'matrix.example.com': { A: ['45.0.0.3'], AAAA: ['2a00:db8::3'] }
  },
  hosts: { '[2a00:db8::2]:443': site, '[2a00:db8::3]:443': homeserver }
}

for (const [family, addresses] of [
  [4, ['45.0.0.2', '45.0.0.3']],
  [6, ['2a00:db8::2', '2a00:db8::3']]
] as const) {
  test(`IPv${family} only`, async t => {
    const world = await startHealthyWorld(t, bothFamilies)
    const report = await checkWorld(world, { family })
    t.strictSame(report.findings, [])
    t.strictSame(
      report.hosts.map(({ address }) => address),
      [addresses[0]]
    )
    t.strictSame(
      report.federation?.addresses.map(({ address }) => address),
      [addresses[1]]
    )
    t.strictSame(
      new Set(world.requests.map(({ to }) => new URL(`tcp://${to}`).hostname.replace(/[[\]]/g, ''))),
      new Set(addresses)
    )
    t.notOk(world.dns.queries.some(query => query.startsWith(family === 4 ? 'AAAA ' : 'A ')))
  })
}

test('both families', async t => {
  const world = await startHealthyWorld(t, bothFamilies)
  const report = await checkWorld(world)
  t.strictSame(report.findings, [])
  t.strictSame(
    report.federation?.addresses.map(({ address }) => address),
    ['2a00:db8::3', '45.0.0.3']
  )
})

test('a name without an address of the selected family', async t => {
  const world = await startHealthyWorld(t)
  const report = await checkWorld(world, { family: 6, only: 'federation' })
  t.match(report.findings[0], {
    id: 'discovery.no-address',
    subject: 'example.com',
    what: 'example.com has no AAAA record in DNS.',
    fix: 'Add AAAA records.'
  })
})

test("names that aren't in DNS yet", async t => {
  const world = await startWorld(t, {
    records: {},
    hosts: { '45.0.0.7:8443': site, '45.0.0.7:9443': homeserver, '45.0.0.8:443': homeserver }
  })
  const resolve = [
    { host: 'Example.com', port: 443, address: '45.0.0.7', toPort: 8443 },
    { host: 'matrix.example.com', port: 443, address: '45.0.0.7', toPort: 9443 },
    { host: 'matrix.example.com', port: 443, address: '45.0.0.8' }
  ]
  const report = await checkWorld(world, { resolve })
  t.strictSame(report.findings, [])
  t.strictSame(
    report.federation?.addresses.map(({ port, address }) => [port, address]),
    [
      [443, '45.0.0.7'],
      [443, '45.0.0.8']
    ]
  )
  t.strictSame(
    new Set(world.requests.map(({ to, servername }) => `${servername} ${to}`)),
    new Set(['example.com 45.0.0.7:8443', 'matrix.example.com 45.0.0.7:9443', 'matrix.example.com 45.0.0.8:443'])
  )
})

test("names that aren't in DNS yet: not for other ports", async t => {
  const world = await startWorld(t, { records: {}, hosts: {} })
  const report = await checkWorld(world, {
    serverName: 'example.com:8449',
    resolve: [{ host: 'example.com', port: 8448, address: '45.0.0.7' }],
    only: 'federation'
  })
  t.match(report.findings, [{ id: 'discovery.no-address' }])
})

test("the target of an SRV record that isn't in DNS yet", async t => {
  const world = await startWorld(t, {
    records: {
      'example.com': { A: ['45.0.0.2'] },
      '_matrix-fed._tcp.example.com': { SRV: [{ priority: 1, weight: 1, port: 8448, target: 'new.example.com' }] }
    },
    hosts: {
      '45.0.0.7:9448': { certificate: ['DNS:example.com'], handler: buildHomeserver({ serverName: 'example.com' }) }
    }
  })
  const report = await checkWorld(world, {
    only: 'federation',
    resolve: [{ host: 'new.example.com', port: 8448, address: '45.0.0.7', toPort: 9448 }]
  })
  t.match(report.federation?.addresses, [{ host: 'new.example.com', port: 8448, address: '45.0.0.7', responds: true }])
  t.equal(report.verdict.federation, 'works')
})

test('asks eight addresses of a host that has more', async t => {
  const world = await startHealthyWorld(t, {
    records: { 'matrix.example.com': { A: Array.from({ length: 12 }, (_, i) => `45.0.1.${i + 1}`) } },
    hosts: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`45.0.1.${i + 1}:443`, homeserver]))
  })
  const report = await checkWorld(world, { only: 'federation' })
  t.match(report.findings, [
    {
      id: 'address.too-many',
      severity: 'notice',
      subject: 'matrix.example.com',
      what: 'matrix.example.com has 12 addresses; only 8 of them are checked.'
    }
  ])
  t.equal(report.federation?.addresses.length, 8)
})

test('reports what it waits for, and nothing at the end', async t => {
  const progress: string[][] = []
  await checkWorld(await startHealthyWorld(t), {
    only: 'federation',
    progress: waitingFor => progress.push([...waitingFor])
  })
  const all = new Set(progress.flat())
  for (const what of [
    'the address of example.com',
    'SRV _matrix-fed._tcp.example.com',
    'https://example.com/.well-known/matrix/server',
    'https://matrix.example.com:443/_matrix/key/v2/server'
  ]) { t.ok(all.has(what), what) }
  t.strictSame(progress.at(-1), [])
})

test('requires an address for the DNS server', async t => {
  await t.rejects(checkWorld(await startHealthyWorld(t), { dns: 'dns.example.com' }), TypeError)
})
