import type { RequestListener } from 'node:http'
import { test } from 'tap'
import type { StepNumber } from '../../../src/check/gather/discovery.ts'
import { respondWith, html, matrixError, redirect, wellKnown } from '../../support/responses.ts'
import { endlessBody, resetInBody } from '../../support/bad-bodies.ts'
import { sharedAuthority } from '../../support/certificates.ts'
import { checkWorld, idsOf } from '../../support/check-world.ts'
import type { DnsRecords } from '../../support/dns-server.ts'
import { startHealthyWorld } from '../../support/healthy-world.ts'
import { buildHomeserver } from '../../support/homeserver.ts'
import { expectServers, serverOutcomesOf } from '../../support/outcomes.ts'
import type { ServerOutcomes } from '../../support/outcomes.ts'
import { route } from '../../support/route.ts'
import { startWorld } from '../../support/world.ts'
import type { FailingHost, Hosts, HttpsHost, World } from '../../support/world.ts'

interface Case {
  readonly title: string
  readonly serverName?: string
  /** `m.server` at example.com, where the document is served at all. */
  readonly delegation?: string
  readonly records?: DnsRecords
  /** Where the homeserver is, and the names of its certificate. */
  readonly homeserver: Readonly<Record<string, readonly string[]>>
  readonly step: StepNumber
  /** All steps that were tried, those that led on in brackets. */
  readonly path: string
  readonly hostHeader: string
  readonly tlsName: string
  /** The name of TLS that arrives: none for an address. */
  readonly servername?: string
  /** In the order in which others try them. */
  readonly addresses: ReadonlyArray<readonly [host: string, port: number, address: string]>
  /** Findings besides; there are none that are not listed. */
  readonly findings?: readonly string[]
  /** What servers achieve, if it doesn't work for all. */
  readonly outcomes?: ServerOutcomes
}

function srv (
  target: string,
  port: number,
  priority = 10,
  weight = 5
): { priority: number; weight: number; port: number; target: string } {
  return { priority, weight, port, target }
}

const cases: readonly Case[] = [
  {
    title: 'step 1: an IPv4 address',
    serverName: '45.0.0.9',
    homeserver: { '45.0.0.9:8448': ['IP:45.0.0.9'] },
    step: '1',
    path: '[1]',
    hostHeader: '45.0.0.9',
    tlsName: '45.0.0.9',
    addresses: [['45.0.0.9', 8448, '45.0.0.9']]
  },
  {
    title: 'step 1: an IPv6 address',
    serverName: '[2a00:db8::9]',
    homeserver: { '[2a00:db8::9]:8448': ['IP:2a00:db8::9'] },
    step: '1',
    path: '[1]',
    hostHeader: '[2a00:db8::9]',
    tlsName: '2a00:db8::9',
    addresses: [['[2a00:db8::9]', 8448, '2a00:db8::9']]
  },
  {
    title: 'step 1: an IPv6 address with a port, written at length',
    serverName: '[2A00:DB8:0:0::9]:8449',
    homeserver: { '[2a00:db8::9]:8449': ['IP:2a00:db8::9'] },
    step: '1',
    path: '[1]',
    hostHeader: '[2A00:DB8:0:0::9]:8449',
    tlsName: '2A00:DB8:0:0::9',
    addresses: [['[2A00:DB8:0:0::9]', 8449, '2A00:DB8:0:0::9']]
  },
  {
    title: 'step 2: a port, whatever the well-known and SRV say',
    serverName: 'example.com:8449',
    delegation: 'other.example.com:443',
    records: { '_matrix-fed._tcp.example.com': { SRV: [srv('other.example.com', 8450)] } },
    homeserver: { '45.0.0.2:8449': ['DNS:example.com'] },
    step: '2',
    path: '1 [2]',
    hostHeader: 'example.com:8449',
    tlsName: 'example.com',
    servername: 'example.com',
    addresses: [['example.com', 8449, '45.0.0.2']],
    findings: ['discovery.well-known-unread']
  },
  {
    title: 'step 3.1: delegation to an IPv4 address',
    delegation: '45.0.0.9',
    homeserver: { '45.0.0.9:8448': ['IP:45.0.0.9'] },
    step: '3.1',
    path: '1 2 [3] [3.1]',
    hostHeader: '45.0.0.9',
    tlsName: '45.0.0.9',
    addresses: [['45.0.0.9', 8448, '45.0.0.9']]
  },
  {
    title: 'step 3.1: delegation to an IPv6 address with a port',
    delegation: '[2a00:db8::9]:443',
    homeserver: { '[2a00:db8::9]:443': ['IP:2a00:db8::9'] },
    step: '3.1',
    path: '1 2 [3] [3.1]',
    hostHeader: '[2a00:db8::9]:443',
    tlsName: '2a00:db8::9',
    addresses: [['[2a00:db8::9]', 443, '2a00:db8::9']]
  },
  {
    title: 'step 3.2: delegation to a port, whatever SRV says',
    delegation: 'matrix.example.com:443',
    records: { '_matrix-fed._tcp.matrix.example.com': { SRV: [srv('other.example.com', 8450)] } },
    homeserver: { '45.0.0.3:443': ['DNS:matrix.example.com'] },
    step: '3.2',
    path: '1 2 [3] 3.1 [3.2]',
    hostHeader: 'matrix.example.com:443',
    tlsName: 'matrix.example.com',
    servername: 'matrix.example.com',
    addresses: [['matrix.example.com', 443, '45.0.0.3']]
  },
  {
    title: 'step 3.2: the well-known takes precedence over SRV, which is reported',
    delegation: 'matrix.example.com:443',
    records: {
      '_matrix-fed._tcp.example.com': { SRV: [srv('other.example.com', 8450)] },
      '_matrix._tcp.example.com': { SRV: [srv('other.example.com', 8450)] }
    },
    homeserver: { '45.0.0.3:443': ['DNS:matrix.example.com'] },
    step: '3.2',
    path: '1 2 [3] 3.1 [3.2]',
    hostHeader: 'matrix.example.com:443',
    tlsName: 'matrix.example.com',
    servername: 'matrix.example.com',
    addresses: [['matrix.example.com', 443, '45.0.0.3']],
    findings: ['discovery.srv-shadowed']
  },
  {
    title: 'step 3.3: SRV of the delegated name, in the order of priority and weight',
    delegation: 'matrix.example.com',
    records: {
      '_matrix-fed._tcp.matrix.example.com': {
        SRV: [
          srv('last.example.com', 8450, 20, 9),
          srv('second.example.com', 8450, 10, 1),
          srv('first.example.com', 8451, 10, 9)
        ]
      },
      '_matrix._tcp.matrix.example.com': { SRV: [srv('other.example.com', 8450)] },
      'first.example.com': { A: ['45.0.0.11'] },
      'second.example.com': { A: ['45.0.0.12'], AAAA: ['2a00:db8::12'] },
      'last.example.com': { A: ['45.0.0.13'] }
    },
    homeserver: Object.fromEntries(
      ['45.0.0.11:8451', '[2a00:db8::12]:8450', '45.0.0.12:8450', '45.0.0.13:8450'].map(at => [
        at,
        ['DNS:matrix.example.com']
      ])
    ),
    step: '3.3',
    path: '1 2 [3] 3.1 3.2 [3.3]',
    hostHeader: 'matrix.example.com',
    tlsName: 'matrix.example.com',
    servername: 'matrix.example.com',
    addresses: [
      ['first.example.com', 8451, '45.0.0.11'],
      ['second.example.com', 8450, '2a00:db8::12'],
      ['second.example.com', 8450, '45.0.0.12'],
      ['last.example.com', 8450, '45.0.0.13']
    ]
  },
  {
    title: 'step 3.3: SRV of the same name, to which the well-known delegates in capitals',
    delegation: 'EXAMPLE.com',
    records: { '_matrix-fed._tcp.example.com': { SRV: [srv('matrix.example.com', 8450)] } },
    homeserver: { '45.0.0.3:8450': ['DNS:example.com'] },
    step: '3.3',
    path: '1 2 [3] 3.1 3.2 [3.3]',
    hostHeader: 'EXAMPLE.com',
    tlsName: 'EXAMPLE.com',
    servername: 'EXAMPLE.com',
    addresses: [['matrix.example.com', 8450, '45.0.0.3']]
  },
  {
    title: 'step 3.4: SRV of the deprecated name',
    delegation: 'matrix.example.com',
    records: { '_matrix._tcp.matrix.example.com': { SRV: [srv('other.example.com', 8450)] } },
    homeserver: { '45.0.0.4:8450': ['DNS:matrix.example.com'] },
    step: '3.4',
    path: '1 2 [3] 3.1 3.2 3.3 [3.4]',
    hostHeader: 'matrix.example.com',
    tlsName: 'matrix.example.com',
    servername: 'matrix.example.com',
    addresses: [['other.example.com', 8450, '45.0.0.4']],
    findings: ['discovery.srv-deprecated']
  },
  {
    title: 'step 3.5: the default port of the delegated name; its well-known is not asked',
    delegation: 'matrix.example.com',
    homeserver: { '45.0.0.3:8448': ['DNS:matrix.example.com'] },
    step: '3.5',
    path: '1 2 [3] 3.1 3.2 3.3 3.4 [3.5]',
    hostHeader: 'matrix.example.com',
    tlsName: 'matrix.example.com',
    servername: 'matrix.example.com',
    addresses: [['matrix.example.com', 8448, '45.0.0.3']],
    findings: ['discovery.default-port']
  },
  {
    title: 'step 4: SRV, where there is no well-known',
    records: {
      '_matrix-fed._tcp.example.com': { SRV: [srv('matrix.example.com', 8450)] },
      '_matrix._tcp.example.com': { SRV: [srv('other.example.com', 8450)] }
    },
    homeserver: { '45.0.0.3:8450': ['DNS:example.com'] },
    step: '4',
    path: '1 2 3 [4]',
    hostHeader: 'example.com',
    tlsName: 'example.com',
    servername: 'example.com',
    addresses: [['matrix.example.com', 8450, '45.0.0.3']]
  },
  {
    title: 'step 4: SRV whose target is an alias',
    records: {
      '_matrix-fed._tcp.example.com': { SRV: [srv('alias.example.com', 8450)] },
      'alias.example.com': { CNAME: 'matrix.example.com' }
    },
    homeserver: { '45.0.0.3:8450': ['DNS:example.com'] },
    step: '4',
    path: '1 2 3 [4]',
    hostHeader: 'example.com',
    tlsName: 'example.com',
    servername: 'example.com',
    addresses: [['alias.example.com', 8450, '45.0.0.3']],
    findings: ['discovery.srv-cname']
  },
  {
    title: 'step 4: SRV with one target that has no address and one that is empty',
    records: {
      '_matrix-fed._tcp.example.com': {
        SRV: [srv('.', 0, 0), srv('nowhere.example.com', 8450, 1), srv('matrix.example.com', 8450)]
      }
    },
    homeserver: { '45.0.0.3:8450': ['DNS:example.com'] },
    step: '4',
    path: '1 2 3 [4]',
    hostHeader: 'example.com',
    tlsName: 'example.com',
    servername: 'example.com',
    addresses: [['matrix.example.com', 8450, '45.0.0.3']],
    outcomes: expectServers({ tuwunel: 'sometimes' }),
    findings: ['discovery.no-address']
  },
  {
    title: 'step 5: SRV of the deprecated name',
    records: { '_matrix._tcp.example.com': { SRV: [srv('matrix.example.com', 8450)] } },
    homeserver: { '45.0.0.3:8450': ['DNS:example.com'] },
    step: '5',
    path: '1 2 3 4 [5]',
    hostHeader: 'example.com',
    tlsName: 'example.com',
    servername: 'example.com',
    addresses: [['matrix.example.com', 8450, '45.0.0.3']],
    findings: ['discovery.srv-deprecated']
  },
  {
    title: 'step 6: the default port',
    homeserver: { '45.0.0.2:8448': ['DNS:example.com'] },
    step: '6',
    path: '1 2 3 4 5 [6]',
    hostHeader: 'example.com',
    tlsName: 'example.com',
    servername: 'example.com',
    addresses: [['example.com', 8448, '45.0.0.2']],
    findings: ['discovery.default-port']
  },
  {
    title: 'step 6: the default port, where DNS fails on SRV',
    records: { '_matrix-fed._tcp.example.com': { SRV: 'SERVFAIL' }, '_matrix._tcp.example.com': { SRV: 'SILENT' } },
    homeserver: { '45.0.0.2:8448': ['DNS:example.com'] },
    step: '6',
    path: '1 2 3 4 5 [6]',
    hostHeader: 'example.com',
    tlsName: 'example.com',
    servername: 'example.com',
    addresses: [['example.com', 8448, '45.0.0.2']],
    findings: ['discovery.dns'],
    outcomes: expectServers({ synapse: 'fails', tuwunel: 'fails' })
  }
]

/** example.com without any document but `/server`, and with a homeserver somewhere. */
function describeWorld ({ serverName = 'example.com', delegation, records, homeserver }: Case): {
  records: DnsRecords
  hosts: Hosts
} {
  return {
    records: {
      'example.com': { A: ['45.0.0.2'] },
      'matrix.example.com': { A: ['45.0.0.3'] },
      'other.example.com': { A: ['45.0.0.4'] },
      ...records
    },
    hosts: {
      '45.0.0.2:443': {
        certificate: ['DNS:example.com'],
        handler: route(
          delegation === undefined ? {} : { 'GET /.well-known/matrix/server': wellKnown({ 'm.server': delegation }) }
        )
      },
      // Servers ignore the delegation of a delegated name.
      '45.0.0.3:443': {
        certificate: ['DNS:matrix.example.com'],
        handler: route({ 'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'other.example.com:1' }) })
      },
      ...Object.fromEntries(
        Object.entries(homeserver).map(([at, certificate]) => [
          at,
          { certificate, handler: buildHomeserver({ serverName }) }
        ])
      )
    }
  }
}

function requestsToHomeserver ({ requests }: World): Array<Record<string, unknown>> {
  return requests
    .filter(({ url }) => url === '/_matrix/key/v2/server')
    .map(({ to, host, servername, userAgent }) => ({
      to,
      host,
      servername,
      asServer: userAgent?.startsWith('Synapse/')
    }))
}

for (const one of cases) {
  test(one.title, async t => {
    const { serverName = 'example.com', step, path, hostHeader, tlsName, addresses, findings = [] } = one
    const world = await startWorld(t, describeWorld(one))
    const report = await checkWorld(world, { serverName, only: 'federation', timeout: 2 })
    t.equal(report.federation?.steps.map(step => (step.taken ? `[${step.step}]` : step.step)).join(' '), path)
    t.strictSame(report.federation?.endpoint, { step, hostHeader, tlsName })
    t.strictSame(
      report.federation?.addresses.map(({ host, port, address }) => [host, port, address]),
      addresses
    )
    t.same(
      report.federation?.addresses.map(({ tls }) => tls?.trusted),
      addresses.map(() => true)
    )
    t.strictSame(serverOutcomesOf(report), one.outcomes ?? expectServers())
    t.strictSame(idsOf(report), findings)
    t.strictSame(
      requestsToHomeserver(world).toSorted((left, right) => String(left['to']).localeCompare(String(right['to']))),
      Object.keys(one.homeserver)
        .toSorted((left, right) => left.localeCompare(right))
        .map(to => ({ to, host: hostHeader, servername: one.servername, asServer: true })),
      'what arrives'
    )
  })
}

test('an SRV record with the target "."', async t => {
  const world = await startWorld(
    t,
    describeWorld({
      title: '',
      records: {
        '_matrix-fed._tcp.example.com': { SRV: [srv('.', 0)] },
        '_matrix._tcp.example.com': { SRV: [srv('matrix.example.com', 8450)] }
      },
      homeserver: {},
      step: '4',
      path: '',
      hostHeader: '',
      tlsName: '',
      addresses: []
    })
  )
  const report = await checkWorld(world, { only: 'federation' })
  t.equal(report.federation?.endpoint, null)
  t.match(report.findings, [
    {
      id: 'discovery.srv-refused',
      severity: 'failure',
      subject: '_matrix-fed._tcp.example.com',
      what: 'The target of the SRV record _matrix-fed._tcp.example.com is ".": there is no such service.'
    }
  ])
  t.strictSame(idsOf(report), ['discovery.srv-refused'])
  t.equal(report.verdict.federation, 'fails')
})

test('a hundred SRV records', async t => {
  const records = Array.from({ length: 100 }, (_, i) => srv(`host${i}.example.com`, 8450, i))
  const world = await startWorld(t, {
    records: { 'example.com': { A: ['45.0.0.2'] }, '_matrix-fed._tcp.example.com': { SRV: records } },
    hosts: {}
  })
  const report = await checkWorld(world, { only: 'federation' })
  t.match(
    report.findings.find(({ id }) => id === 'address.too-many'),
    { subject: 'step 4', what: 'There are 100 SRV records; only the targets of the first 8 are checked.' }
  )
  t.match(report.federation?.steps.at(-1), {
    step: '4',
    what: /^SRV _matrix-fed\._tcp\.example\.com → host0\.example\.com:8450 .* and 92 more$/
  })
  t.equal(world.dns.queries.filter(query => query.startsWith('A host')).length, 8)
})

const expired: HttpsHost['certificate'] = sharedAuthority().issue({
  names: ['DNS:example.com'],
  validTo: new Date(Date.now() - 86_400_000)
})
const serverPath = '/.well-known/matrix/server'

/** A response of example.com, and why it counts as no well-known. */
const fallThrough: Readonly<Record<string, readonly [
  host: HttpsHost | FailingHost | undefined,
  what: string,
  outcomes?: ServerOutcomes
]>> = {
  'is not there': [site(matrixError(404, 'M_NOT_FOUND')), 'status 404'],
  'is forbidden': [site(html('no', { status: 403 })), 'status 403'],
  'is a web page': [site(html('hello')), 'not a JSON object'],
  'is empty': [site(respondWith('')), 'not a JSON object'],
  'is no object': [site(wellKnown(['m.server'])), 'not a JSON object'],
  'has no m.server': [site(wellKnown({})), 'no valid m.server'],
  'has a number for m.server': [site(wellKnown({ 'm.server': 1 })), 'no valid m.server'],
  'has a URL for m.server': [
    site(wellKnown({ 'm.server': 'https://matrix.example.com' })),
    'no valid m.server',
    expectServers({ synapse: 'fails', dendrite: 'fails' })
  ],
  'is longer than readers read': [
    site(wellKnown({ 'm.server': 'matrix.example.com', pad: 'a'.repeat(51_200) })),
    'longer than 51,199 bytes',
    // It limits no document, and there is nothing at matrix.example.com:8448.
    expectServers({ specification: 'fails' })
  ],
  'has no end': [site(endlessBody()), 'longer than 51,199 bytes'],
  'breaks off': [site(resetInBody()), 'the response is cut off'],
  'goes in a circle': [site(redirect(serverPath)), 'its redirects lead nowhere'],
  'comes with a certificate that has expired': [
    { ...site(wellKnown({ 'm.server': 'matrix.example.com' })), certificate: expired },
    "its certificate isn't valid"
  ],
  'comes with a certificate for another name': [
    { ...site(wellKnown({ 'm.server': 'matrix.example.com' })), certificate: ['DNS:www.example.com'] },
    "its certificate isn't valid"
  ],
  'is refused': [undefined, 'no response (refused)'],
  'times out': [
    'hanging',
    'no response (timeout)',
    // They find the homeserver only after they have waited.
    expectServers({ synapse: 'sometimes', dendrite: 'sometimes', tuwunel: 'sometimes' })
  ]
}

function site (handler: RequestListener): HttpsHost {
  return { certificate: ['DNS:example.com'], handler: route({ [`GET ${serverPath}`]: handler }) }
}

for (const [title, [host, what, outcomes = expectServers()]] of Object.entries(fallThrough)) {
  test(`no well-known: one that ${title}`, async t => {
    const world = await startHealthyWorld(t, {
      hosts: {
        '45.0.0.2:443': host,
        '45.0.0.2:8448': { certificate: ['DNS:example.com'], handler: buildHomeserver({ serverName: 'example.com' }) }
      }
    })
    const report = await checkWorld(world, { only: 'federation', timeout: 2 })
    t.match(report.federation?.steps[2], { step: '3', taken: false, what: `${serverPath}: ${what}` })
    t.equal(report.federation?.endpoint?.step, '6')
    t.strictSame(serverOutcomesOf(report), outcomes, 'servers find the homeserver without it')
    const { specification, ...realServers } = outcomes
    const fails = Object.values(realServers).includes('fails')
    t.equal(report.findings.some(({ severity }) => severity === 'failure'), fails)
  })
}

test('no well-known: each reason once if addresses differ', async t => {
  const world = await startWorld(t, {
    records: { 'example.com': { A: ['45.0.0.2', '45.0.0.3', '45.0.0.4'] } },
    hosts: { '45.0.0.3:443': site(html('hello')) }
  })
  const report = await checkWorld(world, { only: 'federation' })
  t.equal(report.federation?.steps[2]?.what, `${serverPath}: no response (refused); not a JSON object`)
})

test('no well-known: the host has no address', async t => {
  const world = await startWorld(t, { records: {}, hosts: {} })
  const report = await checkWorld(world, { only: 'federation' })
  t.equal(report.federation?.steps[2]?.what, `${serverPath}: the host has no address`)
  t.match(report.findings[0], { id: 'discovery.no-address', what: "example.com doesn't exist in DNS." })
})
