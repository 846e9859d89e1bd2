import t from 'tap'
import type { CheckOptions } from '../../../../src/check/check.ts'
import { buildTlsHop } from '../../../../src/check/report/paths/connection-hops.ts'
import type { Hop, HopState } from '../../../../src/check/report/paths/hop.ts'
import type { Report } from '../../../../src/check/report/report.ts'
import { respondWith, html, json, matrixError, redirect, wellKnown, withoutCors } from '../../../support/responses.ts'
import { byteOrderMark, noResponse } from '../../../support/bad-bodies.ts'
import { checkWorld } from '../../../support/check-world.ts'
import type { DnsRecords } from '../../../support/dns-server.ts'
import { forbidDotPaths } from '../../../support/guards.ts'
import { healthyDocuments, startHealthyWorld } from '../../../support/healthy-world.ts'
import type { Changes } from '../../../support/healthy-world.ts'
import { buildHomeserver } from '../../../support/homeserver.ts'
import type { HomeserverOptions } from '../../../support/homeserver.ts'

const homeserver = buildHomeserver({ serverName: 'example.com' })
const bothNames = { certificate: ['DNS:example.com', 'DNS:matrix.example.com'], handler: homeserver }
const unserved = matrixError(404, 'M_UNRECOGNIZED')
const withoutServer = { 'GET /.well-known/matrix/server': undefined }
const withoutDocuments = { ...withoutServer, 'GET /.well-known/matrix/client': undefined }

function srv (target: string, port: number): DnsRecords[string] {
  return { SRV: [{ priority: 0, weight: 0, port, target }] }
}

function baseUrl (url: string): NonNullable<Changes['site']> {
  return { 'GET /.well-known/matrix/client': wellKnown({ 'm.homeserver': { base_url: url } }) }
}

const marks: Readonly<Record<HopState, string>> = { works: '+', warning: '!', fails: 'x', unchecked: '?', skipped: '-' }

function summarize (hops: readonly Hop[] | null): string {
  return hops?.map(({ state }) => marks[state]).join('') ?? ''
}

type Options = CheckOptions & { readonly serverName?: string }

/**
 * Of servers: server name, well-known, delegated name, SRV records, addresses, TLS, homeserver. Of clients: server
 * name, well-known, base URL, addresses, TLS, homeserver, login, calls.
 */
const worlds: Array<[title: string, changes: Changes, servers: string, clients: string, options?: Options]> = [
  ['a healthy world', {}, '+++-+++', '++++++++'],
  ['only federation', {}, '+++-+++', '', { only: 'federation' }],
  ['only clients', {}, '', '++++++++', { only: 'client' }],
  ['only documents', {}, '', '', { only: 'documents' }],
  ['no such name', { records: { 'example.com': undefined } }, 'xx--x??', 'x???????'],
  ['no DNS', {}, '??-????', '????????', { dns: '127.0.0.1:1' }],
  ['the site refuses connections', { hosts: { '45.0.0.2:443': undefined } }, '+x--x??', '+x??????'],
  [
    'a certificate of the site for another name',
    { hosts: { '45.0.0.2:443': { certificate: ['DNS:a.example'], handler: html('') } } },
    '+x--x??', '+x??????'
  ],
  ['nothing is installed', { site: withoutDocuments }, '+x--x??', '+-??????'],
  [
    'no documents, and a homeserver on port 8448',
    { site: withoutDocuments, hosts: { '45.0.0.2:8448': bothNames } },
    '+---+++', '+x??????'
  ],
  ['a proxy forbids paths that begin with a dot', { guard: forbidDotPaths }, '+x--x??', '+x??????'],
  [
    'an SRV record',
    {
      site: withoutServer,
      records: { '_matrix-fed._tcp.example.com': srv('matrix.example.com', 443) },
      hosts: { '45.0.0.3:443': bothNames }
    },
    '+--++++', '++++++++'
  ],
  [
    'an SRV record of the deprecated name',
    {
      site: withoutServer,
      records: { '_matrix._tcp.example.com': srv('matrix.example.com', 443) },
      hosts: { '45.0.0.3:443': bothNames }
    },
    '+--!+++', '++++++++'
  ],
  [
    'an SRV record, and a certificate for its target, which is right for clients',
    { site: withoutServer, records: { '_matrix-fed._tcp.example.com': srv('matrix.example.com', 443) } },
    '+--++x+', '++++++++'
  ],
  [
    'an SRV record that says that there is no such service',
    { site: withoutServer, records: { '_matrix-fed._tcp.example.com': srv('.', 0) } },
    '+--x???', '++++++++'
  ],
  [
    'an SRV lookup that fails',
    { site: withoutServer, records: { '_matrix-fed._tcp.example.com': { SRV: 'SERVFAIL' } } },
    '+x-xx??', '++++++++'
  ],
  [
    'an SRV lookup without a response',
    { site: withoutServer, records: { '_matrix-fed._tcp.example.com': { SRV: 'SILENT' } } },
    '+x-xx??', '++++++++', { timeout: 1 }
  ],
  [
    'm.server without a port',
    { site: { 'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'matrix.example.com' }) } },
    '+++-x??', '++++++++'
  ],
  ["a homeserver that isn't in DNS", { records: { 'matrix.example.com': undefined } }, '+++-x??', '+++x????'],
  [
    'one of two addresses refuses connections',
    { records: { 'matrix.example.com': { A: ['45.0.0.3', '45.0.0.9'] } } },
    '+++-!++', '+++!++++'
  ],
  ['no route to the homeserver', { hosts: { '45.0.0.3:443': 'unroutable' } }, '+++-???', '+++?????'],
  ['a homeserver without TLS', { hosts: { '45.0.0.3:443': 'plain' } }, '+++-+x?', '++++x??!'],
  [
    'a homeserver that sends no keys',
    { homeserver: { routes: { 'GET /_matrix/key/v2/server': noResponse() } } },
    '+++-++x', '++++++++', { timeout: 1 }
  ],
  [
    'a homeserver that sends no versions',
    { homeserver: { routes: { 'GET /_matrix/client/versions': noResponse() } } },
    '+++-+++', '+++++x?+', { timeout: 1 }
  ],
  [
    'a homeserver that sends nothing',
    { hosts: { '45.0.0.3:443': { certificate: ['DNS:matrix.example.com'], handler: noResponse() } } },
    '+++-++x', '+++++x?!', { timeout: 1 }
  ],
  [
    'one of two addresses refuses connections, and the other has no keys',
    {
      records: { 'matrix.example.com': { A: ['45.0.0.3', '45.0.0.9'] } },
      homeserver: { routes: { 'GET /_matrix/key/v2/server': unserved } }
    },
    '+++-!+x', '+++!++++'
  ],
  [
    'a certificate of the homeserver for another name',
    { hosts: { '45.0.0.3:443': { certificate: ['DNS:a.example'], handler: homeserver } } },
    '+++-+x+', '++++x+++'
  ],
  [
    'a web site in place of the homeserver',
    { hosts: { '45.0.0.3:443': { certificate: ['DNS:matrix.example.com'], handler: html('') } } },
    '+++-++x', '+++++!x+'
  ],
  ['the homeserver of another name', { homeserver: { serverName: 'other.example' } }, '+++-++x', '++++++++'],
  [
    'a homeserver that lets no browser in',
    { homeserver: { routes: { 'OPTIONS *': respondWith('', { status: 405 }) } } },
    '+++-+++', '++++++x!'
  ],
  [
    'a homeserver without a way to log in',
    { homeserver: { routes: { 'GET /_matrix/client/v3/login': unserved } } },
    '+++-+++', '++++++x+'
  ],
  [
    'an SRV record whose target is an alias',
    {
      site: withoutServer,
      records: {
        '_matrix-fed._tcp.example.com': srv('alias.example.com', 443),
        'alias.example.com': { CNAME: 'matrix.example.com', A: ['45.0.0.3'] }
      },
      hosts: { '45.0.0.3:443': bothNames }
    },
    '+--!+++', '++++++++'
  ],
  [
    'OAuth, and a homeserver that supports no version',
    {
      homeserver: {
        versions: [],
        routes: {
          'GET /_matrix/client/v1/auth_metadata': json({
            issuer: 'https://auth.example.com/',
            authorization_endpoint: 'https://auth.example.com/authorize',
            token_endpoint: 'https://auth.example.com/token'
          })
        }
      }
    },
    '+++-+++', '+++++x++'
  ],
  [
    'calls and an identity server on a host of their own, with a certificate for another name',
    {
      records: { 'calls.example.com': { A: ['45.0.0.7'] }, 'id.example.com': { A: ['45.0.0.7'] } },
      site: {
        'GET /.well-known/matrix/client': wellKnown({
          'm.homeserver': { base_url: 'https://matrix.example.com' },
          'm.identity_server': { base_url: 'https://id.example.com' },
          'org.matrix.msc4143.rtc_foci': [{ type: 'livekit', livekit_service_url: 'https://calls.example.com' }]
        })
      },
      hosts: { '45.0.0.7:443': { certificate: ['DNS:a.example'], handler: homeserver } }
    },
    '+++-+++', '+++++++!'
  ],
  ['calls that fail', { homeserver: { routes: { 'GET /livekit/jwt/healthz': unserved } } }, '+++-+++', '+++++++!'],
  ['no calls', { site: baseUrl('https://matrix.example.com') }, '+++-+++', '+++++++-'],
  [
    'a base URL without TLS',
    { site: baseUrl('http://matrix.example.com'), hosts: { '45.0.0.3:80': { http: homeserver } } },
    '+++-+++', '++x+-++-'
  ],
  ["a base URL that isn't one", { site: baseUrl('nonsense') }, '+++-+++', '+x??????'],
  [
    'a byte order mark, which some clients accept',
    { site: { 'GET /.well-known/matrix/client': byteOrderMark(healthyDocuments.client) } },
    '+++-+++', '+x++++++'
  ],
  [
    'a document without CORS headers',
    { site: { 'GET /.well-known/matrix/client': wellKnown(healthyDocuments.client, { headers: withoutCors }) } },
    '+++-+++', '+x++++++'
  ],
  [
    'a redirect',
    {
      site: {
        'GET /.well-known/matrix/client': redirect('/elsewhere'),
        'GET /elsewhere': json(healthyDocuments.client)
      }
    },
    '+++-+++', '++++++++'
  ],
  [
    'one of two addresses serves a web site',
    {
      records: { 'example.com': { A: ['45.0.0.2', '45.0.0.8'] } },
      hosts: { '45.0.0.8:443': { certificate: ['DNS:example.com'], handler: html('<html>') } }
    },
    '+!+-+++', '+!++++++'
  ],
  ['the name of a host', {}, 'x---x??', 'x-??????', { serverName: 'matrix.example.com' }],
  [
    'a name with a port',
    {
      site: baseUrl('https://matrix.example.com'),
      homeserver: { serverName: 'example.com:8448' },
      hosts: {
        '45.0.0.2:8448': {
          certificate: ['DNS:example.com'], handler: buildHomeserver({ serverName: 'example.com:8448' })
        }
      }
    },
    '+---+++', '+++++++-', { serverName: 'example.com:8448' }
  ],
  ['an address', {}, '+---x??', '+x+++x++', { serverName: '45.0.0.2' }],
  [
    'a delegated address that is private',
    {
      site: { 'GET /.well-known/matrix/server': wellKnown({ 'm.server': '10.0.0.1:443' }) },
      hosts: { '10.0.0.1:443': { certificate: ['IP:10.0.0.1'], handler: homeserver } }
    },
    '+++-x++', '++++++++'
  ]
]

for (const [title, changes, servers, clients, options] of worlds) {
  t.test(title, async t => {
    const report = await checkWorld(await startHealthyWorld(t, changes), options)
    t.strictSame([summarize(report.paths.federation), summarize(report.paths.clients)], [servers, clients])
    t.equal(report.verdict.federation === 'fails' && !servers.includes('x'), false, 'what fails fails somewhere')
    t.equal(report.verdict.clients === 'fails' && !clients.includes('x'), false, 'what fails fails somewhere')
    t.equal(report.verdict.federation === 'works' && servers.includes('x'), false, 'what works fails nowhere')
    t.equal(report.verdict.clients === 'works' && clients.includes('x'), false, 'what works fails nowhere')
  })
}

type Homeserver = Partial<HomeserverOptions>

/** What no finding explains behind a certificate that nothing trusts. */
const distrusted: Array<[title: string, changes: Homeserver, servers: string, clients: string]> = [
  ['a healthy homeserver', {}, '+++-+x+', '++++x+++'],
  ['a web page instead of keys', { routes: { 'GET /_matrix/key/v2/server': html('') } }, '+++-+xx', '++++x+++'],
  ['the keys of another name', { keys: { serverName: 'other.example' } }, '+++-+xx', '++++x+++'],
  ['expired keys', { keys: { validFor: -3_600_000 } }, '+++-+xx', '++++x+++'],
  ['keys with a wrong signature', { keys: { signature: 'bad' } }, '+++-+xx', '++++x+++'],
  [
    'a homeserver without federation',
    {
      routes: { 'GET /_matrix/federation/v1/version': unserved, 'GET /_matrix/federation/v1/event/%24ab': unserved }
    },
    '+++-+xx', '++++x+++'
  ],
  [
    'decoded paths',
    { routes: { 'GET /_matrix/federation/v1/event/%24a%2Fb': unserved } },
    '+++-+xx', '++++x+++'
  ],
  ['only old versions', { versions: ['r0.5.0'] }, '+++-+x+', '++++x!++'],
  [
    'versions that browsers block',
    { routes: { 'GET /_matrix/client/versions': json({ versions: ['v1.11'] }, { headers: withoutCors }) } },
    '+++-+x+', '++++x!++'
  ],
  [
    'login flows that browsers block',
    {
      routes: {
        'GET /_matrix/client/v3/login': json({ flows: [{ type: 'm.login.password' }] }, { headers: withoutCors })
      }
    },
    '+++-+x+', '++++x+!+'
  ],
  ['a rejected preflight', { routes: { 'OPTIONS *': unserved } }, '+++-+x+', '++++x+!+'],
  [
    'OAuth that is only for the local machine',
    { routes: { 'GET /_matrix/client/v1/auth_metadata': json({ issuer: 'http://[::]:8080/' }) } },
    '+++-+x+', '++++x+!+'
  ],
  ['no way to log in', { routes: { 'GET /_matrix/client/v3/login': unserved } }, '+++-+x+', '++++x+x+']
]

t.test('a wrong certificate hides nothing that is behind it', async t => {
  for (const [title, changes, servers, clients] of distrusted) {
    const handler = buildHomeserver({ serverName: 'example.com', ...changes })
    const world = await startHealthyWorld(t, { hosts: { '45.0.0.3:443': { certificate: ['DNS:a.example'], handler } } })
    const { paths } = await checkWorld(world)
    t.strictSame([summarize(paths.federation), summarize(paths.clients)], [servers, clients], title)
  }
})

function foundAt (hops: Report['paths']['clients'], name: Hop['hop']): readonly string[] | undefined {
  return hops?.find(({ hop }) => hop === name)?.found
}

t.test('says what was found at each hop', async t => {
  const { paths: { federation, clients } } = await checkWorld(await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/client': redirect('/elsewhere'), 'GET /elsewhere': json(healthyDocuments.client) },
    hosts: { '45.0.0.3:443': bothNames }
  }))
  t.strictSame(foundAt(federation, 'server-name'), ['example.com', '45.0.0.2'])
  t.strictSame(foundAt(federation, 'delegated-name'), ['matrix.example.com:443'])
  t.strictSame(foundAt(federation, 'srv'), ['the name has a port'])
  t.strictSame(foundAt(federation, 'addresses'), ['matrix.example.com:443', '45.0.0.3'])
  t.match(foundAt(federation, 'tls'), [/^certificate for example\.com, matrix\.example\.com, expires in \d+ days$/])
  t.strictSame(foundAt(federation, 'homeserver'), ['Test 1.2.3'])
  t.strictSame(foundAt(clients, 'well-known'), [
    '/.well-known/matrix/client', 'redirected to https://example.com/elsewhere, status 200'
  ])
  t.strictSame(foundAt(clients, 'login'), ['login flows'])
})

t.test('says what is wrong at each hop', async t => {
  const { paths: { federation, clients } } = await checkWorld(await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/server': html('') },
    hosts: { '45.0.0.2:8448': { certificate: ['DNS:a.example'], handler: html('') } },
    homeserver: {
      versions: [],
      routes: {
        'GET /_matrix/client/v3/login': json({}, { headers: withoutCors }),
        'GET /_matrix/client/v1/auth_metadata': json({ issuer: 'http://[::]:8080/' })
      }
    }
  }))
  t.strictSame(foundAt(federation, 'well-known'), ['/.well-known/matrix/server', 'status 200, not a JSON object'])
  t.strictSame(foundAt(federation, 'homeserver'), ['status 200 for its keys', 'no valid keys'])
  t.strictSame(foundAt(clients, 'homeserver'), ['Matrix up to no version'])
  t.strictSame(foundAt(clients, 'login'), ['OAuth 2.0', 'blocked by browsers'])
  const silent = await checkWorld(await startHealthyWorld(t, {
    hosts: { '45.0.0.3:443': { certificate: ['DNS:matrix.example.com'], handler: noResponse() } }
  }), { timeout: 1 })
  t.strictSame(foundAt(silent.paths.federation, 'homeserver'), ['no response: timeout'])
  t.strictSame(foundAt(silent.paths.clients, 'homeserver'), ['no response: timeout'])
})

t.test('says which certificates are not for any name, and which are over', t => {
  const now = new Date('2026-01-01')
  const describe = (names: readonly string[], validTo: Date): readonly string[] => buildTlsHop([{
    request: { method: 'GET', target: '/', headers: {} },
    url: 'https://example.com/',
    address: '45.0.0.2',
    port: 443,
    tls: {
      protocol: 'TLSv1.3',
      chain: [{ subject: '', issuer: 'Test CA', validFrom: now, validTo }],
      names,
      expectedName: 'example.com',
      nameMatches: true,
      chainFault: undefined
    },
    response: undefined,
    failure: undefined,
    milliseconds: 1
  }], now).found
  t.strictSame(describe([], now), ['certificate for no name, expires in 0 days'])
  t.strictSame(describe(['a.example'], new Date('2026-01-02')), ['certificate for a.example, expires in 1 day'])
  t.strictSame(describe(['a.example', 'b.example', 'c.example'], new Date('2025-01-01')), [
    'certificate for a.example, b.example, expired'
  ])
  t.end()
})

t.test('of many addresses, some are listed and the others counted', async t => {
  const addresses = Array.from({ length: 12 }, (_, i) => `45.0.1.${i}`)
  const { paths } = await checkWorld(await startHealthyWorld(t, { records: { 'example.com': { A: addresses } } }))
  t.strictSame(foundAt(paths.clients, 'server-name'), ['example.com', ...addresses.slice(0, 7), 'and 5 more'])
})
