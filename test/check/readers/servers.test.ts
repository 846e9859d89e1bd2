import type { RequestListener } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import t from 'tap'
import { renderHeadline } from '../../../src/check/report/headline.ts'
import { respondWith, html, json, matrixError, redirect, wellKnown } from '../../support/responses.ts'
import { checkWorld } from '../../support/check-world.ts'
import { blockUserAgents } from '../../support/guards.ts'
import { describeHealthyWorld, healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import { buildHomeserver } from '../../support/homeserver.ts'
import { expectServers, serverOutcomesOf } from '../../support/outcomes.ts'
import type { ServerOutcomes } from '../../support/outcomes.ts'
import { route } from '../../support/route.ts'
import type { HttpsHost } from '../../support/world.ts'

const serverPath = 'GET /.well-known/matrix/server'
const homeserver = (certificate: HttpsHost['certificate'], serverName = 'example.com'): HttpsHost =>
  ({ certificate, handler: buildHomeserver({ serverName }) })

/** A homeserver at example.com:8448, where servers go that find no delegation. */
const fallback = { '45.0.0.2:8448': homeserver(['DNS:example.com']) }
const delegateTo = (name: string): Changes =>
  ({ site: { [serverPath]: wellKnown({ 'm.server': name }) }, hosts: fallback })
const undelegated = (
  records: NonNullable<Changes['records']>,
  hosts: NonNullable<Changes['hosts']> = fallback
): Changes =>
  ({ site: { [serverPath]: undefined }, records, hosts })
const srv = (
  target: string,
  port: number,
  priority = 10
): Record<'priority' | 'weight' | 'port', number> & { target: string } =>
  ({ priority, weight: 0, port, target })
const invalidName = expectServers({ synapse: 'fails', dendrite: 'fails' })
const srvFails = expectServers({ synapse: 'fails', tuwunel: 'fails' })
const all = (outcome: string): ServerOutcomes =>
  ({ synapse: outcome, dendrite: outcome, tuwunel: outcome, specification: outcome })
const sized = (size: number): Changes => {
  const start = JSON.stringify(healthyDocuments.server)
  return { site: { [serverPath]: respondWith(start + ' '.repeat(size - start.length)) } }
}
/** A proxy that decodes the path of a request. */
const decodePaths = (handler: RequestListener): RequestListener => (request, response) => {
  request.url = request.url?.replaceAll('%2F', '/').replaceAll('%24', '$')
  handler(request, response)
}
const withEvents = (handler: RequestListener): RequestListener => route({
  'GET /_matrix/federation/v1/event/$ab': matrixError(401, 'M_UNAUTHORIZED'),
  '*': handler
})
const stale = route({ '*': html('It works!') })
const { '45.0.0.2:443': site, '45.0.0.3:443': matrix } = describeHealthyWorld().hosts
const targetHosts = {
  good: homeserver(['DNS:example.com']),
  'wrong certificate': homeserver(['DNS:old.example.com']),
  'web site': { certificate: ['DNS:example.com'], handler: stale },
  silent: 'dropping',
  refusing: undefined,
  private: homeserver(['DNS:example.com']),
  nonexistent: undefined,
  'not looked up': undefined
} as const
/** SRV records with these targets and priorities. */
const srvTargets = (...targets: Array<readonly [kind: keyof typeof targetHosts, priority: number]>): Changes => {
  const all = targets.map(([kind, priority], i) => {
    const name = `target${i}.example.com`
    const address = kind === 'private' ? `192.168.1.${i}` : `45.0.1.${i}`
    return { name, address, kind, record: srv(name, 8450, priority) }
  })
  return undelegated({
    '_matrix-fed._tcp.example.com': { SRV: all.map(({ record }) => record) },
    ...Object.fromEntries(all.filter(({ kind }) => kind !== 'nonexistent').map(({ name, address, kind }) =>
      [name, kind === 'not looked up' ? { code: 'SILENT' } : { A: [address] }]))
  }, Object.fromEntries(all.map(({ address, kind }) => [`${address}:8450`, targetHosts[kind]])))
}
const documentsAt = (url: string): NonNullable<Changes['site']> => ({
  [serverPath]: redirect(`${url}/.well-known/matrix/server`),
  'GET /.well-known/matrix/client': redirect(`${url}/.well-known/matrix/client`)
})

/** A set-up, what servers achieve with it, and the finding that decides it for those that don't succeed. */
type Case = readonly [changes: Changes, outcomes: ServerOutcomes, id?: string, text?: RegExp]

const cases: Readonly<Record<string, Case>> = {
  'm.server with a scheme': [delegateTo('https://matrix.example.com'), invalidName, 'document.invalid'],
  'm.server with a slash at its end': [delegateTo('matrix.example.com:443/'), invalidName, 'document.invalid'],
  'm.server with a space at its end': [delegateTo('matrix.example.com '), invalidName, 'document.invalid'],
  'm.server with a port that is too high': [delegateTo('matrix.example.com:65979'), invalidName, 'document.invalid'],
  'm.server with an underscore': [delegateTo('my_matrix.example.com'), invalidName, 'document.invalid'],
  'm.server with a colon but no port': [delegateTo('matrix.example.com:'), invalidName, 'document.invalid'],

  'SERVFAIL for SRV': [undelegated({ '_matrix-fed._tcp.example.com': { SRV: 'SERVFAIL' } }), srvFails, 'discovery.dns'],
  'REFUSED for SRV': [undelegated({ '_matrix-fed._tcp.example.com': { SRV: 'REFUSED' } }), srvFails, 'discovery.dns'],
  'no response for SRV': [
    undelegated({ '_matrix-fed._tcp.example.com': { SRV: 'SILENT' } }), srvFails, 'discovery.dns'
  ],
  'SERVFAIL for SRV of a delegated name without a port': [
    {
      site: { [serverPath]: wellKnown({ 'm.server': 'matrix.example.com' }) },
      records: { '_matrix-fed._tcp.matrix.example.com': { SRV: 'SERVFAIL' } },
      hosts: { '45.0.0.3:8448': homeserver(['DNS:matrix.example.com']) }
    },
    srvFails,
    'discovery.dns'
  ],
  'SERVFAIL for SRV of the deprecated name': [
    undelegated({ '_matrix._tcp.example.com': { SRV: 'SERVFAIL' } }), srvFails, 'discovery.dns'
  ],
  'SERVFAIL for SRV of the deprecated name, which no server asks for': [
    undelegated({
      '_matrix-fed._tcp.example.com': { SRV: [srv('matrix.example.com', 8450)] },
      '_matrix._tcp.example.com': { SRV: 'SERVFAIL' }
    }, { '45.0.0.3:8450': homeserver(['DNS:example.com']) }),
    expectServers()
  ],
  'SERVFAIL for SRV, and a record of the deprecated name': [
    undelegated({
      '_matrix-fed._tcp.example.com': { SRV: 'SERVFAIL' },
      '_matrix._tcp.example.com': { SRV: [srv('matrix.example.com', 8450)] }
    }, { '45.0.0.3:8450': homeserver(['DNS:example.com']) }),
    { ...srvFails, dendrite: 'unknown' },
    'discovery.dns'
  ],

  'a private address': [
    {
      records: { 'matrix.example.com': { A: ['192.168.1.3'] } },
      hosts: { '192.168.1.3:443': homeserver(['DNS:matrix.example.com']) }
    },
    all('fails'),
    'address.private',
    /It works only from here/
  ],
  'loopback and link-local addresses': [
    {
      records: { 'matrix.example.com': { A: ['127.0.0.1'], AAAA: ['fe80::3'] } },
      hosts: {
        '127.0.0.1:443': homeserver(['DNS:matrix.example.com']),
        '[fe80::3]:443': homeserver(['DNS:matrix.example.com'])
      }
    },
    all('fails'),
    'address.private'
  ],
  'a private address of the host of the document': [
    {
      records: { 'example.com': { A: ['192.168.1.2'] } },
      hosts: { '192.168.1.2:443': site }
    },
    all('fails'),
    'address.private',
    /^example\.com has only a private address/
  ],
  'a private address of the host of the document, which SRV makes up for': [
    {
      records: {
        'example.com': { A: ['192.168.1.2'] },
        '_matrix-fed._tcp.example.com': { SRV: [srv('matrix.example.com', 8450)] }
      },
      hosts: { '192.168.1.2:443': site, '45.0.0.3:8450': homeserver(['DNS:example.com']) }
    },
    expectServers()
  ],
  'a private and a public address of the host of the document': [
    {
      records: { 'example.com': { A: ['192.168.1.2', '45.0.0.2'] } },
      hosts: { '192.168.1.2:443': { certificate: ['DNS:example.com'], handler: stale } }
    },
    expectServers()
  ],
  'a private and a public address': [
    {
      records: { 'matrix.example.com': { A: ['192.168.1.3', '45.0.0.3'] } },
      hosts: { '192.168.1.3:443': homeserver(['DNS:matrix.example.com']) }
    },
    expectServers()
  ],

  'a document of 12,287 bytes': [sized(12_287), expectServers()],
  'a document of 51,199 bytes': [sized(51_199), expectServers({ tuwunel: 'fails' }), 'document.large'],
  'a document of 51,200 bytes': [
    sized(51_200), expectServers({ synapse: 'fails', tuwunel: 'fails' }), 'document.too-large'
  ],
  '403 for the User-Agent of Synapse': [{ guard: blockUserAgents }, all('fails'), 'document.user-agent'],
  'status 204': [{ site: { [serverPath]: respondWith('', { status: 204 }) } }, all('fails'), 'document.status'],
  'status 201 and something else than a delegation': [
    { site: { [serverPath]: json({ 'm.homeserver': {} }, { status: 201 }) } }, all('fails'), 'document.status'
  ],
  'a redirect over a connection that is not trusted': [
    {
      site: documentsAt('https://www.example.com'),
      records: { 'www.example.com': { A: ['45.0.0.9'] } },
      hosts: { '45.0.0.9:443': { certificate: ['DNS:example.com'], handler: stale } }
    },
    all('fails'),
    'certificate.name'
  ],
  'plain JSON labelled gzip': [
    { site: { [serverPath]: wellKnown(healthyDocuments.server, { headers: { 'Content-Encoding': 'gzip' } }) } },
    { ...all('fails'), synapse: 'works' },
    'document.content-encoding'
  ],
  "gzip that wasn't asked for": [
    {
      site: {
        [serverPath]: respondWith(
          gzipSync(JSON.stringify(healthyDocuments.server)), { headers: { 'Content-Encoding': 'gzip' } }
        )
      }
    },
    expectServers({ synapse: 'fails' }),
    'document.content-encoding'
  ],
  "Brotli that wasn't asked for": [
    {
      site: {
        [serverPath]: respondWith(
          brotliCompressSync(JSON.stringify(healthyDocuments.server)), { headers: { 'Content-Encoding': 'br' } }
        )
      }
    },
    expectServers({ synapse: 'fails', dendrite: 'fails' }),
    'document.content-encoding'
  ],

  'no version': [{ homeserver: { routes: { 'GET /_matrix/federation/v1/version': undefined } } }, expectServers()],
  'a proxy that decodes paths': [
    {
      hosts: {
        '45.0.0.3:443': {
          certificate: ['DNS:matrix.example.com'],
          handler: decodePaths(withEvents(buildHomeserver({ serverName: 'example.com' })))
        }
      }
    },
    all('fails'),
    'federation.decoded-path',
    /"Invalid signature"/
  ],

  'two addresses, one of which is another web site': [
    {
      records: { 'matrix.example.com': { A: ['45.0.0.4', '45.0.0.3'] } },
      hosts: { '45.0.0.4:443': { certificate: ['DNS:matrix.example.com'], handler: stale } }
    },
    all('sometimes'),
    'keys.missing'
  ],
  'two addresses, one of which refuses': [
    { records: { 'matrix.example.com': { A: ['45.0.0.4', '45.0.0.3'] } } }, expectServers()
  ],
  'an apex that drops port 443 while port 8448 is open': [
    { hosts: { ...fallback, '45.0.0.2:443': 'dropping' } },
    { ...all('sometimes'), specification: 'works' },
    'document.unreachable'
  ],
  'two SRV targets, the first of which is silent': [
    undelegated({
      '_matrix-fed._tcp.example.com': { SRV: [srv('old.example.com', 8450, 1), srv('matrix.example.com', 8450)] },
      'old.example.com': { A: ['45.0.0.9'] }
    }, { '45.0.0.3:8450': homeserver(['DNS:example.com']), '45.0.0.9:8450': 'dropping' }),
    all('sometimes'),
    'address.timeout'
  ],
  'a silent SRV target behind another one': [
    srvTargets(['good', 1], ['silent', 2]), expectServers({ tuwunel: 'sometimes' }), 'address.timeout'
  ],
  'a silent SRV target beside another one': [
    srvTargets(['good', 1], ['silent', 1]), all('sometimes'), 'address.timeout'
  ],
  'an SRV target that refuses before another one': [
    srvTargets(['refusing', 1], ['good', 2]), expectServers({ tuwunel: 'sometimes' }), 'address.refused'
  ],
  'only SRV targets that refuse': [
    srvTargets(['refusing', 1], ['refusing', 2]), all('fails'), 'federation.unreachable'
  ],
  'an SRV target with a wrong certificate before another one': [
    srvTargets(['wrong certificate', 1], ['good', 2]),
    { synapse: 'fails', dendrite: 'works', tuwunel: 'sometimes', specification: 'fails' },
    'certificate.name'
  ],
  'an SRV target with a wrong certificate behind another one': [
    srvTargets(['good', 1], ['wrong certificate', 2]), expectServers({ tuwunel: 'sometimes' }), 'certificate.name'
  ],
  'an SRV target with a wrong certificate beside another one': [
    srvTargets(['good', 1], ['wrong certificate', 1]), { ...all('sometimes'), dendrite: 'works' }, 'certificate.name'
  ],
  'only SRV targets with wrong certificates': [
    srvTargets(['wrong certificate', 1], ['wrong certificate', 2]), all('fails'), 'certificate.name'
  ],
  'an SRV target that is another web site before another one': [
    srvTargets(['web site', 1], ['good', 2]), { ...all('fails'), tuwunel: 'sometimes' }, 'keys.missing'
  ],
  'an SRV target that is another web site behind two that refuse': [
    srvTargets(['refusing', 1], ['refusing', 1], ['web site', 2], ['good', 3]),
    { ...all('fails'), tuwunel: 'sometimes' },
    'address.refused'
  ],
  'an SRV target with a private address before another one': [
    srvTargets(['private', 1], ['good', 2]), expectServers({ tuwunel: 'sometimes' }), 'address.private'
  ],
  "an SRV target that doesn't exist before another one": [
    srvTargets(['nonexistent', 1], ['good', 2]), expectServers({ tuwunel: 'sometimes' }), 'discovery.no-address'
  ],
  "an SRV target about which DNS doesn't respond before another one": [
    srvTargets(['not looked up', 1], ['good', 2]), expectServers({ tuwunel: 'sometimes' }), 'discovery.dns'
  ],
  'an SRV target with two addresses, one of which has a wrong certificate': [
    undelegated({
      '_matrix-fed._tcp.example.com': { SRV: [srv('matrix.example.com', 8450)] },
      'matrix.example.com': { A: ['45.0.0.3', '45.0.0.4'] }
    }, { '45.0.0.3:8450': homeserver(['DNS:example.com']), '45.0.0.4:8450': homeserver(['DNS:old.example.com']) }),
    all('sometimes'),
    'certificate.name'
  ],

  'no response from DNS': [
    { records: { 'example.com': { code: 'SILENT' }, '_matrix-fed._tcp.example.com': { code: 'SILENT' } } },
    all('unknown'),
    'discovery.dns'
  ],
  'no route to the homeserver': [
    { hosts: { '45.0.0.3:443': 'unroutable' } }, all('unknown'), 'federation.unreachable', /isn't reachable from here/
  ],
  'no route to the host of the document': [
    { hosts: { '45.0.0.2:443': 'unroutable', ...fallback } },
    all('unknown'),
    'document.unreachable',
    /There is no response from .*\. There is no route to it from here/
  ]
}

const severities: Readonly<Record<string, string>> = { fails: 'failure', sometimes: 'warning', unknown: 'warning' }

for (const [title, [changes, outcomes, id, text = /./]] of Object.entries(cases)) {
  t.test(title, async t => {
    const report = await checkWorld(await startHealthyWorld(t, changes), { only: 'federation', timeout: 2 })
    t.strictSame(serverOutcomesOf(report), outcomes)
    const bad = Object.values(report.verdict.readers).filter(({ outcome }) => outcome !== 'works')
    t.strictSame(bad.map(({ finding }) => finding), bad.map(() => id))
    const [worst] = ['fails', 'sometimes', 'unknown'].filter(outcome => Object.values(outcomes).includes(outcome))
    const decisive = report.findings.find(finding => finding.id === id)
    t.equal(decisive?.severity, worst === undefined ? undefined : severities[worst])
    if (decisive !== undefined) t.match(`${decisive.what} ${decisive.why}`, text)
    t.equal(report.findings.some(({ severity }) => severity === 'failure'), worst === 'fails')
  })
}

t.test('clients reach a homeserver that turns servers away by their User-Agent', async t => {
  const report = await checkWorld(await startHealthyWorld(t, { guard: blockUserAgents }))
  t.match(report.verdict, { federation: 'fails', clients: 'works' })
})

t.test('a homeserver without a version works for servers, and that is a notice', async t => {
  const routes = { 'GET /_matrix/federation/v1/version': json({}) }
  const world = await startHealthyWorld(t, { homeserver: { routes } })
  const report = await checkWorld(world, { only: 'federation' })
  t.match(report, { verdict: { federation: 'works' }, findings: [{ id: 'federation.version', severity: 'notice' }] })
})

t.test('what is found where servers connect decides, not another address that refuses', async t => {
  const { verdict, findings } = await checkWorld(await startHealthyWorld(t, {
    records: { 'matrix.example.com': { A: ['45.0.0.9', '45.0.0.3'] } },
    homeserver: { keys: { serverName: 'other.example' } }
  }))
  t.match(verdict, { federation: 'fails', readers: { synapse: { finding: 'keys.server-name' } } })
  t.strictSame(findings.map(({ id, severity }) => [id, severity]), [
    ['keys.server-name', 'failure'], ['address.refused', 'warning']
  ])
})

t.test('says what could not be checked from here', async t => {
  const records = { 'example.com': { code: 'SILENT' }, '_matrix-fed._tcp.example.com': { code: 'SILENT' } } as const
  const cases: ReadonlyArray<readonly [changes: Changes, reason: string]> = [
    [{ records }, "DNS doesn't respond, or responds with an error"],
    [{ hosts: { '45.0.0.3:443': 'unroutable' } }, 'there is no route to the homeserver from this machine'],
    [{ hosts: { '45.0.0.2:443': 'unroutable' } }, 'there is no route to example.com from this machine'],
    [{ hosts: { '45.0.0.2': 'unroutable', '45.0.0.2:443': 'unroutable', '45.0.0.3:443': 'unroutable' } },
      'there is no route to example.com from this machine'],
    [
      {
        site: documentsAt('https://www.example.com'),
        records: { 'www.example.com': { A: ['45.0.0.9'] } },
        hosts: { '45.0.0.9:443': 'unroutable' }
      },
      'there is no route to www.example.com from this machine'
    ]
  ]
  for (const [changes, reason] of cases) {
    const { verdict } = await checkWorld(await startHealthyWorld(t, changes), { timeout: 2 })
    t.match(verdict, { federation: 'unknown', clients: 'unknown' })
    t.match(renderHeadline(verdict), new RegExp(`^Federation and login could not be checked: ${reason}\\. `))
  }
})

t.test("a server name that is a private address isn't explained with DNS", async t => {
  const { findings } = await checkWorld(await startHealthyWorld(t), { serverName: '192.168.1.2' })
  t.match(findings.find(({ id }) => id === 'address.private'), {
    what: '192.168.1.2 is a private address.',
    fix: 'Use a name, or a public address.'
  })
})

t.test("a server name so long that it has no SRV records isn't an error of DNS", async t => {
  const serverName = `${'a.'.repeat(120)}example.com`
  const { findings } = await checkWorld(await startHealthyWorld(t), { serverName })
  t.notOk(findings.some(({ id }) => id === 'discovery.dns'))
  t.match(findings.find(({ id }) => id === 'discovery.no-address'), { what: `${serverName} doesn't exist in DNS.` })
})

t.test('in a network of its own, federation works from here, not from outside', async t => {
  const privately = { 'example.com': { A: ['192.168.1.2'] }, 'matrix.example.com': { A: ['192.168.1.3'] } }
  const inside = await checkWorld(await startHealthyWorld(t, {
    records: privately, hosts: { '192.168.1.2:443': site, '192.168.1.3:443': matrix }
  }))
  t.match(inside.verdict, { federation: 'from-here', clients: 'works' })
  t.strictSame(inside.findings.map(({ id, severity, about: { host } }) => [id, severity, host]), [
    ['address.private', 'failure', 'example.com'],
    ['address.private', 'failure', 'matrix.example.com']
  ])
  t.equal(renderHeadline(inside.verdict),
    'Federation works from here, not from outside. Clients can log in. 2 failures.')
  const down = await checkWorld(await startHealthyWorld(t, {
    records: privately, hosts: { '192.168.1.2:443': site }
  }))
  t.match(down.verdict, { federation: 'fails', readers: { synapse: { finding: 'address.private' } } })
  const unreachable = down.findings.find(({ id }) => id === 'federation.unreachable')
  t.match(unreachable, { severity: 'failure', readers: ['synapse'] })
})
