import type { RequestListener } from 'node:http'
import t from 'tap'
import type { Test } from 'tap'
import { gather } from '../../../src/check/gather/gather.ts'
import type { Facts } from '../../../src/check/gather/gather.ts'
import { judgeFacts } from '../../../src/check/judge/judge.ts'
import { openNetwork } from '../../../src/check/network/network.ts'
import { followReaders, readerIds } from '../../../src/check/readers/readers.ts'
import { html, json, matrixError, preflight, redirect, text, wellKnown, withoutCors } from '../../support/responses.ts'
import { noResponse, resetInBody } from '../../support/bad-bodies.ts'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import { buildHomeserver } from '../../support/homeserver.ts'
import { route } from '../../support/route.ts'
import { expectSummary, failingReaders, summarize } from '../../support/summary.ts'
import type { Found } from '../../support/summary.ts'

const { client } = healthyDocuments
const path = 'GET /.well-known/matrix/client'
const versionsPath = 'GET /_matrix/client/versions'
const identityPath = 'GET /_matrix/identity/v2'
const transportsPath = 'GET /_matrix/client/v1/rtc/transports'
const homeserver = client['m.homeserver']
const foci = client['org.matrix.msc4143.rtc_foci']

const serve = (document: unknown, more: Changes = {}): Changes => ({ ...more, site: { [path]: wellKnown(document) } })
const logInAt = (url: unknown, more: Changes = {}): Changes => serve({ 'm.homeserver': { base_url: url } }, more)
const identifyAt = (url: unknown, more: Changes = {}): Changes =>
  serve({ ...client, 'm.identity_server': { base_url: url } }, more)
const responding = (routes: NonNullable<NonNullable<Changes['homeserver']>['routes']>): Changes => ({
  homeserver: { routes }
})
const at = (certificate: readonly string[]): NonNullable<NonNullable<Changes['hosts']>[string]> => ({
  certificate,
  handler: buildHomeserver({ serverName: 'example.com' })
})

const fails = { clients: 'fails' } as const
/** All log in without an identity server. */
const badIdentity = { warnings: ['client.identity-server'] } as const
const invalid = { ...fails, failures: ['document.invalid'] } as const
const notFound = { ...fails, failures: ['discovery.no-address'], warnings: ['document.invalid'] } as const

type Case = [changes: Changes, verdict: string, found: Found, first?: Record<string, unknown>]

t.test('the verdict is that of a real client', async t => {
  const cases: Record<string, Case> = {
    healthy: [{}, 'SUCCESS', {}],
    'no document': [
      { site: { [path]: undefined } },
      'IGNORE',
      { clients: 'asks', failures: ['client.not-found'] },
      { what: 'https://example.com returns status 404.', fix: /M_HOMESERVER_BASE_URL/ }
    ],
    'a redirect to no document': [
      { site: { [path]: redirect('/nowhere') } },
      'IGNORE',
      { clients: 'asks', failures: ['client.not-found'] }
    ],
    'status 500': [
      { site: { [path]: matrixError(500, 'M_UNKNOWN') } },
      'FAIL_PROMPT',
      { ...fails, failures: ['document.status'] }
    ],
    'status 403': [
      { site: { [path]: html('no', { status: 403 }) } },
      'FAIL_PROMPT',
      { ...fails, failures: ['document.forbidden'] }
    ],
    'an empty body': [{ site: { [path]: text('') } }, 'FAIL_PROMPT', { ...fails, failures: ['document.json'] }],
    'bad JSON': [
      { site: { [path]: text('{"m.homeserver":') } },
      'FAIL_PROMPT',
      { ...fails, failures: ['document.json'] }
    ],
    'half a body': [
      { site: { [path]: resetInBody() } },
      'FAIL_PROMPT',
      { ...fails, failures: ['document.broken-off'] }
    ],
    'no response': [
      { site: { [path]: noResponse() } },
      'FAIL_PROMPT',
      { ...fails, failures: ['document.unreachable'] }
    ],
    'no host': [
      { hosts: { '45.0.0.2:443': undefined, '45.0.0.2:8448': at(['DNS:example.com']) } },
      'FAIL_PROMPT',
      {
        ...fails,
        failures: ['document.unreachable'],
        notices: ['discovery.default-port']
      }
    ],
    'a wrong certificate': [
      {
        hosts: {
          '45.0.0.2:443': {
            certificate: ['DNS:www.example.com'],
            handler: route({ [path]: wellKnown(client), 'OPTIONS *': preflight() })
          },
          '45.0.0.2:8448': at(['DNS:example.com'])
        }
      },
      'FAIL_PROMPT',
      { ...fails, failures: ['certificate.name'], notices: ['discovery.default-port'] }
    ],
    'a redirect in a circle': [
      { site: { [path]: redirect('/.well-known/matrix/client') } },
      'FAIL_PROMPT',
      { ...fails, failures: ['document.redirect-broken'] }
    ],
    'no m.homeserver': [serve({}), 'FAIL_PROMPT', invalid, { what: '"m.homeserver" is missing; add it.' }],
    'm.homeserver of another kind': [serve({ 'm.homeserver': 'https://matrix.example.com' }), 'FAIL_PROMPT', invalid],
    'no base_url': [serve({ 'm.homeserver': {} }), 'FAIL_PROMPT', invalid],
    'a base_url that is no URL': [
      logInAt('matrix.example.com'),
      'FAIL_ERROR',
      { ...invalid, failing: ['element-web', 'element-x', 'mautrix-python', 'nio'] }
    ],
    'an ftp: URL in base_url': [logInAt('ftp://matrix.example.com'), 'FAIL_ERROR', invalid],
    'an http: URL with a query in base_url': [
      logInAt('http://matrix.example.com/?a'),
      'FAIL_ERROR',
      { ...fails, failures: ['client.base-url-http'], warnings: ['document.invalid'] }
    ],
    'an http: URL with an underscore in base_url': [
      logInAt('http://my_matrix.example.com:8080'),
      'FAIL_ERROR',
      { ...fails, failures: ['client.base-url-http'], warnings: ['document.invalid'] }
    ],
    'an underscore in base_url': [logInAt('https://my_matrix.example.com'), 'FAIL_ERROR', notFound],
    'an array for m.homeserver': [
      serve({ 'm.homeserver': ['https://matrix.example.com'] }),
      'FAIL_PROMPT',
      {
        clients: 'web-fails',
        failures: ['document.invalid'],
        failing: ['element-web', 'mautrix-go', 'mautrix-python', 'nio']
      }
    ],
    'a base_url that is no string': [logInAt(5), 'FAIL_ERROR', invalid],
    'an identity server without base_url': [
      serve({ ...client, 'm.identity_server': {} }),
      'FAIL_PROMPT',
      { clients: 'partly', failures: ['document.invalid'], failing: ['element-x', 'nio'] }
    ],
    'null for the identity server': [
      serve({ ...client, 'm.identity_server': null }),
      'SUCCESS',
      { clients: 'web-fails', failures: ['document.invalid'], failing: ['element-web', 'nio'] }
    ],
    'no versions': [
      responding({ [versionsPath]: matrixError(404, 'M_UNRECOGNIZED') }),
      'FAIL_ERROR',
      { ...fails, failures: ['client.versions'] },
      { subject: 'matrix.example.com:443 at 45.0.0.3', what: '/_matrix/client/versions returns status 404.' }
    ],
    'a web page for versions': [
      responding({ [versionsPath]: html('Welcome') }),
      'FAIL_ERROR',
      { ...fails, failures: ['client.versions'] },
      { what: /status 200, but without a list of versions/ }
    ],
    'versions that are no strings': [
      responding({ [versionsPath]: json({ versions: [1] }) }),
      'FAIL_ERROR',
      { ...fails, failures: ['client.versions'] }
    ],
    'a homeserver that hangs up': [
      { hosts: { '45.0.0.3:443': 'resetting' } },
      'FAIL_ERROR',
      {
        ...fails,
        federation: 'fails',
        failures: ['federation.unreachable']
      }
    ],
    'an identity server that hangs': [
      responding({ [identityPath]: noResponse() }),
      'FAIL_ERROR',
      badIdentity,
      {
        subject: 'https://matrix.example.com',
        what: 'There is no response from /_matrix/identity/v2 at https://matrix.example.com. ' +
          'Timed out while waiting for the response.'
      }
    ],
    'an identity server that returns 404': [
      responding({ [identityPath]: undefined }),
      'FAIL_ERROR',
      badIdentity,
      { what: '/_matrix/identity/v2 at https://matrix.example.com returns status 404.', fix: /leave out that key/ }
    ],
    'an identity server without CORS': [
      responding({ [identityPath]: json({}, { headers: withoutCors }) }),
      'SUCCESS',
      badIdentity,
      { what: /has no CORS headers/ }
    ]
  }
  await run(t, cases)
})

t.test('Element X logs in at the server name itself if it can not read the document', async t => {
  const apex = buildHomeserver({ serverName: 'example.com' })
  const serve = (client: RequestListener): Changes => ({
    guard: () => (request, response) =>
      (request.url === '/.well-known/matrix/client' ? client : apex)(request, response)
  })
  const cases: ReadonlyArray<readonly [client: RequestListener, web: string, other: string]> = [
    [matrixError(404, 'M_NOT_FOUND'), 'asks', 'works'],
    [html('<html>'), 'fails', 'works'],
    [matrixError(502, 'M_UNKNOWN'), 'fails', 'works'],
    [wellKnown({ 'm.homeserver': {} }), 'fails', 'works'],
    [wellKnown({}, { headers: { 'Content-Encoding': 'gzip' } }), 'fails', 'works'],
    // It has read this document, so it looks nowhere else.
    [wellKnown({ 'm.homeserver': { base_url: 'matrix.example.com' } }), 'fails', 'fails']
  ]
  for (const [client, web, other] of cases) {
    const { verdict } = await checkWorld(await startHealthyWorld(t, serve(client)), { only: 'client' })
    t.match(verdict.readers, { 'element-web': { outcome: web }, 'element-x': { outcome: other } })
  }
  const { verdict } = await checkWorld(await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/client': undefined,
      'GET /_matrix/client/versions': json({ versions: ['v1.11'] })
    }
  }), { only: 'client' })
  t.match(verdict.readers, { 'element-x': { outcome: 'fails', finding: 'client.not-found' } }, 'no way to log in')
})

t.test('base URLs are followed as they are written', async t => {
  const id = { records: { 'id.example.com': { A: ['45.0.0.9'] } } }
  const cases: Record<string, Case> = {
    'a trailing slash': [logInAt('https://matrix.example.com/'), 'SUCCESS', {}],
    'a port': [
      logInAt('https://matrix.example.com:8448', { hosts: { '45.0.0.3:8448': at(['DNS:matrix.example.com']) } }),
      'SUCCESS',
      {}
    ],
    'a port without a service': [
      logInAt('https://matrix.example.com:444'),
      'FAIL_ERROR',
      { ...fails, failures: ['client.unreachable'] },
      {
        subject: 'matrix.example.com:444',
        what: 'The base_url of the homeserver is https://matrix.example.com:444, but there is no response from it.'
      }
    ],
    'an IPv6 address': [
      logInAt('https://[2a00:db8::9]', { hosts: { '[2a00:db8::9]:443': at(['IP:2a00:db8::9']) } }),
      'SUCCESS',
      {}
    ],
    'an IPv6 address and a port': [
      logInAt('https://[2a00:db8::9]:8448/', { hosts: { '[2a00:db8::9]:8448': at(['IP:2a00:db8::9']) } }),
      'SUCCESS',
      {}
    ],
    capitals: [logInAt('https://Matrix.Example.com'), 'SUCCESS', {}],
    'http://': [
      logInAt('http://matrix.example.com'),
      'FAIL_ERROR',
      { ...fails, failures: ['client.base-url-http'] },
      { what: 'The base_url of m.homeserver is http://matrix.example.com.', fix: /https:\/\// }
    ],
    'http:// for the identity server': [
      identifyAt('http://matrix.example.com'),
      'FAIL_ERROR',
      { warnings: ['client.base-url-http'] },
      { what: 'The base_url of m.identity_server is http://matrix.example.com.' }
    ],
    'the apex, which passes nothing on': [
      logInAt('https://example.com'),
      'FAIL_ERROR',
      { ...fails, failures: ['client.versions'], warnings: ['client.base-url-apex'] }
    ],
    "a host that isn't there": [
      logInAt('https://gone.example.com'),
      'FAIL_ERROR',
      { ...fails, failures: ['discovery.no-address'] },
      {
        what: "The base_url of the homeserver is https://gone.example.com. gone.example.com doesn't exist in DNS."
      }
    ],
    'a certificate for another name': [
      logInAt('https://other.example.com', { records: { 'other.example.com': { A: ['45.0.0.3'] } } }),
      'FAIL_ERROR',
      { ...fails, failures: ['certificate.name'] },
      { area: 'clients' }
    ],
    'an identity server of its own': [
      identifyAt('https://id.example.com', { ...id, hosts: { '45.0.0.9:443': at(['DNS:id.example.com']) } }),
      'SUCCESS',
      {}
    ],
    'an identity server at its second address': [
      identifyAt('https://id.example.com', {
        records: { 'id.example.com': { A: ['45.0.0.8', '45.0.0.9'] } },
        hosts: { '45.0.0.9:443': at(['DNS:id.example.com']) }
      }),
      'SUCCESS',
      {}
    ],
    'an identity server that refuses': [
      identifyAt('https://id.example.com', id),
      'FAIL_ERROR',
      badIdentity,
      { what: /^There is no response from .*\. Connections are refused/ }
    ],
    'an identity server with a certificate for another name': [
      identifyAt('https://id.example.com', { ...id, hosts: { '45.0.0.9:443': at(['DNS:matrix.example.com']) } }),
      'FAIL_ERROR',
      { warnings: ['certificate.name', 'client.identity-server'] },
      { subject: 'https://id.example.com', what: /^The certificate of the identity server/ }
    ],
    "an identity server that isn't in DNS": [
      identifyAt('https://id.example.com'),
      'FAIL_ERROR',
      badIdentity,
      { what: 'The identity server is https://id.example.com, but id.example.com has no address in DNS.' }
    ]
  }
  await run(t, cases)
})

t.test('the homeserver gets the requests that clients send', async t => {
  const drift = (document: object): Changes => responding({ [path]: json(document) })
  const unstable = '/_matrix/client/unstable/org.matrix.msc4143/rtc/transports'
  const cases: Record<string, Case> = {
    'versions without CORS': [
      responding({ [versionsPath]: json({ versions: ['v1.11'] }, { headers: withoutCors }) }),
      'SUCCESS',
      { clients: 'web-fails', failures: ['cors.missing'] },
      { subject: /versions$/ }
    ],
    'a preflight that is refused': [
      responding({ 'OPTIONS *': matrixError(405, 'M_UNRECOGNIZED') }),
      'SUCCESS',
      { clients: 'web-fails', failures: ['cors.preflight'], warnings: ['call.preflight'], failing: ['element-web'] },
      { what: 'OPTIONS returns status 405, so browsers send no request.' }
    ],
    'a preflight that lets no PUT pass': [
      responding({ 'OPTIONS *': json({}, { headers: { 'Access-Control-Allow-Methods': 'GET, POST' } }) }),
      'SUCCESS',
      { clients: 'web-fails', failures: ['cors.preflight'] }
    ],
    'a preflight without JSON': [
      responding({ 'OPTIONS *': json({}, { headers: { 'Access-Control-Allow-Headers': 'Authorization' } }) }),
      'SUCCESS',
      { clients: 'web-fails', failures: ['cors.preflight'], warnings: ['call.preflight'] }
    ],
    'a preflight that lets everything pass': [
      responding({
        'OPTIONS *': json(
          {},
          { headers: { 'Access-Control-Allow-Headers': '*, Authorization', 'Access-Control-Allow-Methods': '*' } }
        )
      }),
      'SUCCESS',
      {}
    ],
    'a preflight without Authorization': [
      responding({ 'OPTIONS *': json({}, { headers: { 'Access-Control-Allow-Headers': '*' } }) }),
      'SUCCESS',
      { clients: 'web-fails', failures: ['cors.preflight'] }
    ],
    'old versions': [
      { homeserver: { versions: ['r0.5.0', 'r0.6.1'] } },
      'SUCCESS',
      { clients: 'web-fails', failures: ['client.versions-old'], failing: ['element-web'] },
      { what: 'The homeserver supports r0.5.0, r0.6.1.' }
    ],
    'no versions in the list': [
      { homeserver: { versions: [] } },
      'SUCCESS',
      { clients: 'web-fails', failures: ['client.versions-old'], failing: ['element-web', 'mautrix-python'] },
      { what: 'The homeserver supports no version.' }
    ],
    'no transports': [
      { homeserver: { rtcTransports: false } },
      'SUCCESS',
      { notices: ['client.rtc-transports'] },
      { what: /\/rtc\/transports returns status 404\.$/ }
    ],
    'transports only at the unstable path': [
      responding({ [transportsPath]: undefined, [`GET ${unstable}`]: matrixError(401, 'M_MISSING_TOKEN') }),
      'SUCCESS',
      {}
    ],
    'no transports, and no calls': [
      serve({ 'm.homeserver': homeserver }, { homeserver: { rtcTransports: false } }),
      'SUCCESS',
      {}
    ],
    'other transports under the stable name in /client': [
      serve({ 'm.homeserver': homeserver, 'm.rtc_foci': foci }, responding({
        [transportsPath]: json({ rtc_transports: [] })
      })),
      'SUCCESS',
      { warnings: ['client.rtc-differs', 'client.rtc-name'] }
    ],
    'services for calls only under the stable name': [
      serve({ 'm.homeserver': homeserver, 'm.rtc_foci': foci }),
      'SUCCESS',
      { warnings: ['client.rtc-name'] },
      { what: '/client has "m.rtc_foci", but no "org.matrix.msc4143.rtc_foci".' }
    ],
    'no services for calls, under the stable name': [
      serve({ 'm.homeserver': homeserver, 'm.rtc_foci': [] }),
      'SUCCESS',
      {}
    ],
    'other services for calls under each name': [
      serve({ 'm.homeserver': homeserver, 'm.rtc_foci': foci, 'org.matrix.msc4143.rtc_foci': [] }),
      'SUCCESS',
      { clients: 'partly', failures: ['document.duplicate-key'], failing: ['element-x'] },
      { fix: /^Move what is needed from "m\.rtc_foci" to "org\.matrix\.msc4143\.rtc_foci", and remove "m\.rtc_foci": / }
    ],
    'the same transports': [responding({ [transportsPath]: json({ rtc_transports: foci }) }), 'SUCCESS', {}],
    'other transports': [
      responding({
        [transportsPath]: json({
          rtc_transports: [{ type: 'livekit', livekit_service_url: 'https://rtc.example.com' }]
        })
      }),
      'SUCCESS',
      { warnings: ['client.rtc-differs'] },
      { what: '/client contains https://matrix.example.com/livekit/jwt, the homeserver https://rtc.example.com.' }
    ],
    'an empty list of transports': [
      responding({ [transportsPath]: json({ rtc_transports: [] }) }),
      'SUCCESS',
      { warnings: ['client.rtc-differs'] },
      { what: /the homeserver none\.$/ }
    ],
    'a page instead of transports': [responding({ [transportsPath]: html('Welcome') }), 'SUCCESS', {}],
    'transports that never come': [responding({ [transportsPath]: noResponse() }), 'SUCCESS', {}],

    'the same /client there, keys in another order': [
      drift(Object.fromEntries(Object.entries(client).toReversed())),
      'SUCCESS',
      {}
    ],
    'the same base URL there, with a slash': [
      drift({ ...client, 'm.homeserver': { base_url: 'https://matrix.example.com/' } }),
      'SUCCESS',
      {}
    ],
    'a key only there': [
      serve({ 'm.homeserver': homeserver }, drift({ 'm.homeserver': homeserver, 'org.matrix.msc4143.rtc_foci': foci })),
      'SUCCESS',
      { warnings: ['client.drift'] },
      {
        what: 'matrix.example.com serves a different /client: "org.matrix.msc4143.rtc_foci" only there.',
        evidence: { keys: ['org.matrix.msc4143.rtc_foci'] }
      }
    ],
    'keys only here': [
      drift({ 'm.homeserver': homeserver }),
      'SUCCESS',
      { notices: ['client.drift'] },
      { what: /only here, .* only here/ }
    ],
    'another value there': [
      drift({ ...client, 'm.homeserver': { base_url: 'https://other.example.com' } }),
      'SUCCESS',
      { warnings: ['client.drift'] },
      { what: /"m\.homeserver" differs/ }
    ],
    'an invalid value there': [
      drift({ ...client, 'm.identity_server': 5 }),
      'SUCCESS',
      { warnings: ['client.drift'] }
    ],
    'obsolete keys there, as Synapse with MAS serves them': [
      drift({ ...client, 'org.matrix.msc2965.authentication': { issuer: 'https://auth.example.com/' } }),
      'SUCCESS',
      {}
    ],
    'something else there': [responding({ [path]: json({ hello: 'world' }) }), 'SUCCESS', {}],
    'a document only there': [
      { site: { [path]: undefined }, ...drift(client) },
      'IGNORE',
      { clients: 'asks', failures: ['client.not-found'] },
      { what: /but https:\/\/matrix\.example\.com serves the document/, fix: /Serve the same on example\.com/ }
    ]
  }
  await run(t, cases)
})

async function run (t: Test, cases: Record<string, Case>): Promise<void> {
  for (const [title, [changes, verdict, found, first = {}]] of Object.entries(cases)) {
    await t.test(title, async t => {
      const report = await checkWorld(await startHealthyWorld(t, changes), { timeout: 2 })
      const { failing, ...summary } = found
      t.strictSame([report.clients?.verdict, summarize(report)], [verdict, expectSummary(summary)])
      if (failing !== undefined) t.strictSame(failingReaders(report), failing)
      if (report.findings.length > 0) t.match(report.findings[0], first)
    })
  }
}

t.test('users can log in, and calls work', async t => {
  const loginPath = 'GET /_matrix/client/v3/login'
  const metadataPath = 'GET /_matrix/client/v1/auth_metadata'
  const metadata = (base: string): object =>
    ({ issuer: base, authorization_endpoint: `${base}authorize`, token_endpoint: `${base}token` })
  const healthPath = 'GET /livekit/jwt/healthz'
  const serveCalls = (url: string): Changes => serve({
    ...client, 'org.matrix.msc4143.rtc_foci': [{ type: 'livekit', livekit_service_url: url }]
  }, responding({ [transportsPath]: matrixError(401, 'M_MISSING_TOKEN') }))
  const cases: Record<string, Case> = {
    'no way to log in': [
      responding({ [loginPath]: undefined }),
      'SUCCESS',
      { ...fails, failures: ['client.login'] },
      { what: /login returns status 404/ }
    ],
    'an empty list of flows': [
      responding({ [loginPath]: json({ flows: [] }) }),
      'SUCCESS',
      { ...fails, failures: ['client.login'] }
    ],
    'OAuth without a list of flows': [
      responding({ [loginPath]: undefined, [metadataPath]: json(metadata('https://account.example.com/')) }),
      'SUCCESS',
      { failures: ['client.login-flows'], failing: ['mautrix-go', 'mautrix-python', 'nio'] }
    ],
    'OAuth at an internal address': [
      responding({ [metadataPath]: json(metadata('http://[::]:8080/')) }),
      'SUCCESS',
      { ...fails, failures: ['client.auth-metadata'], failing: ['element-web', 'element-x'] },
      { what: /"issuer" in .* is "http:\/\/\[::\]:8080\/"/ }
    ],
    'flows without CORS': [
      responding({ [loginPath]: json({ flows: [{ type: 'm.login.password' }] }, { headers: withoutCors }) }),
      'SUCCESS',
      { clients: 'web-fails', failures: ['cors.missing'] },
      { subject: /login$/ }
    ],
    'a homeserver with another server name': [
      logInAt('https://matrix.example.org', {
        records: { 'matrix.example.org': { A: ['45.0.0.7'] } },
        hosts: {
          '45.0.0.7:443': {
            certificate: ['DNS:matrix.example.org'],
            handler: buildHomeserver({ serverName: 'example.org' })
          }
        }
      }),
      'SUCCESS',
      { failures: ['client.other-server'] },
      { what: /identifies itself as "example\.org", not "example\.com"\.$/ }
    ],
    'slashes after the base URL': [
      logInAt('https://matrix.example.com//'),
      'SUCCESS',
      {
        clients: 'web-fails',
        failures: ['client.base-url-slashes'],
        failing: ['element-web', 'mautrix-go', 'mautrix-python']
      },
      { what: 'The base_url is https://matrix.example.com//.' }
    ],
    'a service for calls that is down': [
      responding({ [healthPath]: matrixError(502, 'M_UNKNOWN') }),
      'SUCCESS',
      { warnings: ['call.unreachable'] },
      { what: 'https://matrix.example.com/livekit/jwt/healthz returns status 502.' }
    ],
    'a service for calls that refuses browsers': [
      responding({ 'OPTIONS /livekit/jwt/sfu/get': matrixError(405, 'M_UNRECOGNIZED') }),
      'SUCCESS',
      { warnings: ['call.preflight'] }
    ],
    'a service for calls that was withdrawn': [
      serveCalls('https://livekit-jwt.call.matrix.org'),
      'SUCCESS',
      { warnings: ['call.withdrawn'] }
    ]
  }
  await run(t, cases)
})

t.test('Element Web waits for 5 seconds, the others longer', async t => {
  const world = await startHealthyWorld(t)
  const network = openNetwork({ dns: world.dns.address, connect: world.connect, ca: [world.ca], timeout: 6 })
  t.teardown(() => network.close())
  const facts = await gather('example.com', network, 'client')
  const [inspection] = facts.inspections.get('client') ?? []
  const found = facts.client?.facts
  if (inspection === undefined || facts.client === undefined || found === undefined) throw new Error('no facts')

  const judge = (slow: Facts): unknown => {
    const now = network.now()
    const outcomes = followReaders(slow, now)
    const findings = judgeFacts(slow, outcomes, undefined, now).map(({ id, severity }) => [id, severity])
    return [readerIds.filter(id => outcomes.get(id)?.outcome === 'fails'), findings]
  }
  const delayDocument = (milliseconds: number): Facts => {
    const [hop] = inspection.fetch.hops
    const slow = { ...inspection, fetch: { ...inspection.fetch, hops: [{ ...hop, milliseconds }] as const } }
    return { ...facts, inspections: new Map([['client', [slow]]]) }
  }
  const others = { document: inspection.fetch, others: [], atServerName: undefined, elsewhere: undefined }
  const delayVersions = (milliseconds: number): Facts => {
    const addresses = found.homeserver.addresses.map(address =>
      ({ ...address, versions: { ...address.versions, milliseconds } }))
    const slow = { ...found, homeserver: { ...found.homeserver, addresses } }
    return { ...facts, client: { ...others, facts: slow } }
  }
  t.strictSame(judge(delayDocument(4500)), [[], [['document.slow', 'warning']]])
  t.strictSame(judge(delayDocument(6500)), [['element-web'], [['document.slow', 'failure']]])
  t.strictSame(judge(delayVersions(4500)), [[], [['client.slow', 'warning']]])
  t.strictSame(judge(delayVersions(6500)), [['element-web'], [['client.slow', 'failure']]])
})

t.test('without federation, the homeserver is searched below the server name', async t => {
  const world = await startHealthyWorld(t, {
    site: { [path]: undefined },
    homeserver: { routes: { [path]: json(client) } }
  })
  const report = await checkWorld(world, { only: 'client' })
  t.match(report.findings, [{ id: 'client.not-found', what: /matrix\.example\.com serves the document/ }])
})

t.test('a base_url without a route from here is to be checked from elsewhere', async t => {
  const world = await startHealthyWorld(t, logInAt('https://clients.example.com', {
    records: { 'clients.example.com': { A: ['45.0.0.9'] } },
    hosts: { '45.0.0.9:443': 'unroutable' }
  }))
  const { findings } = await checkWorld(world)
  t.match(findings.find(({ id }) => id === 'client.unreachable')?.fix, /^Check from /)
})

t.test('a request without a response says nothing about CORS', async t => {
  const world = await startHealthyWorld(t, responding({ 'GET /_matrix/client/v3/account/whoami': noResponse }))
  const { findings } = await checkWorld(world, { timeout: 1 })
  t.strictSame(findings.filter(({ id }) => id.startsWith('cors.')), [])
})

t.test('one of two addresses delegates to a name without a service', async t => {
  const world = await startHealthyWorld(t, {
    records: {
      'example.com': { A: ['45.0.0.2', '45.0.0.8'] },
      '_matrix-fed._tcp.other.example.com': { SRV: [{ priority: 0, weight: 0, port: 0, target: '.' }] }
    },
    hosts: {
      '45.0.0.8:443': {
        certificate: ['DNS:example.com'],
        handler: route({ 'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'other.example.com' }) })
      }
    }
  })
  t.equal((await checkWorld(world)).verdict.federation, 'sometimes')
})
