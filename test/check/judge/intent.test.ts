import t from 'tap'
import { loadConfig } from '../../../src/config/config.ts'
import type { Environment } from '../../../src/config/environment.ts'
import { matrixError, preflight, wellKnown } from '../../support/responses.ts'
import { noResponse } from '../../support/bad-bodies.ts'
import { checkWorld } from '../../support/check-world.ts'
import { forbidDotPaths } from '../../support/guards.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import { route } from '../../support/route.ts'
import type { Routes } from '../../support/route.ts'
import { expectSummary, summarize } from '../../support/summary.ts'
import type { Summary } from '../../support/summary.ts'

const { server, client, support, policy_server: policyServer } = healthyDocuments
const clientPath = 'GET /.well-known/matrix/client'
const serverPath = 'GET /.well-known/matrix/server'
const supportPath = 'GET /.well-known/matrix/support'
const policyServerPath = 'GET /.well-known/matrix/policy_server'

/** The settings of the healthy world. */
const settings: Environment = {
  SERVER_NAME: 'example.com',
  M_SERVER: 'matrix.example.com:443',
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com',
  M_IDENTITY_SERVER_BASE_URL: 'https://matrix.example.com',
  LIVEKIT_SERVICE_URL: 'https://matrix.example.com/livekit/jwt',
  SUPPORT_PAGE: support.support_page,
  SUPPORT_CONTACTS: JSON.stringify(support.contacts),
  POLICY_SERVER_ED25519: policyServer.public_keys.ed25519
}
const { SUPPORT_PAGE: page, SUPPORT_CONTACTS: contacts, ...withoutSupport } = settings
const stale = { ...client, 'm.homeserver': { base_url: 'https://matrix.example.com/' } }
const serveStale = (headers: Record<string, string> = {}): Changes => ({
  site: { [clientPath]: wellKnown(stale, { headers }) }
})
const caching = (value: string | undefined): Changes => ({
  site: { [clientPath]: wellKnown(client, { headers: { 'Cache-Control': value } }) }
})

/** Another address, which serves all documents but `/policy_server`, and these. */
const withSecondAddress = (documents: Routes = {}): Changes => ({
  records: { 'example.com': { A: ['45.0.0.2', '45.0.0.4'] } },
  hosts: {
    '45.0.0.4:443': {
      certificate: ['DNS:example.com'],
      handler: route({
        [serverPath]: wellKnown(server),
        [clientPath]: wellKnown(client),
        [supportPath]: wellKnown(support),
        'OPTIONS *': preflight(),
        ...documents
      })
    }
  }
})

t.test('the published documents match the settings', async t => {
  const reordered = Object.fromEntries(Object.entries(client).toReversed())
  const cases: Record<string, Changes> = {
    'byte for byte': {},
    'with keys in another order': { site: { [clientPath]: wellKnown(reordered) } },
    'with Cache-Control put otherwise': caching('max-age=3600, public, stale-while-revalidate=60'),
    'from two addresses': withSecondAddress({ [policyServerPath]: wellKnown(policyServer) })
  }
  for (const [title, changes] of Object.entries(cases)) {
    await t.test(title, async t => {
      const report = await checkWorld(await startHealthyWorld(t, changes), { intent: loadConfig(settings).site })
      t.strictSame(summarize(report), expectSummary({}))
    })
  }
})

t.test('a response that differs from the settings is found, and who sends it', async t => {
  const cases: Record<
    string,
    [changes: Changes, settings: Environment, found: Partial<Summary>, first: Record<string, unknown>]
  > = {
    'a stale copy of a CDN': [
      serveStale({ Age: '1200', Server: 'cloudflare', 'cf-cache-status': 'HIT' }),
      settings,
      { failures: ['intent.differs'] },
      {
        subject: '/.well-known/matrix/client',
        what: '"m.homeserver" is {"base_url":"https://matrix.example.com/"}, ' +
          'but should be {"base_url":"https://matrix.example.com"}. The response is from a cache of "cloudflare".',
        fix: /Purge the cache/
      }
    ],
    'a stale copy of a proxy': [
      serveStale({ 'X-Cache': 'Hit from proxy' }),
      settings,
      { failures: ['intent.differs'] },
      { what: /\. The response is from a cache\.$/, fix: /Purge the cache/ }
    ],
    'a stale file': [
      serveStale({ 'Last-Modified': 'Tue, 21 Jul 2026 12:00:00 GMT', Server: 'nginx' }),
      settings,
      { failures: ['intent.differs'] },
      { what: /\. The response is from a file of "nginx"\.$/, fix: /Delete the file/ }
    ],
    'another sidecar': [
      serveStale({ 'X-Content-Type-Options': 'nosniff' }),
      settings,
      { failures: ['intent.differs'] },
      { what: /\. The response is from a sidecar \(this one or another\)\.$/, fix: /Restart the sidecar/ }
    ],
    'another server': [
      serveStale({ Server: 'Caddy' }),
      settings,
      { failures: ['intent.differs'] },
      { what: /\. The response is from another server \("Caddy"\)\.$/ }
    ],
    'a server without a Server header': [
      serveStale(),
      settings,
      { failures: ['intent.differs'] },
      { what: /\. The response is from another server\.$/ }
    ],
    'unexpected keys': [
      {},
      { ...settings, M_IDENTITY_SERVER_BASE_URL: '', LIVEKIT_SERVICE_URL: '' },
      { failures: ['intent.differs'] },
      { what: /^"m\.identity_server" is .*, but shouldn't be there \(and 1 more\)/ }
    ],
    'missing keys': [
      { site: { [supportPath]: wellKnown({ support_page: support.support_page }) } },
      settings,
      { failures: ['intent.differs'] },
      { subject: '/.well-known/matrix/support', what: /^"contacts" is missing, but should be \[/ }
    ],
    'another delegation': [
      {},
      { ...settings, M_SERVER: 'matrix.example.com' },
      { failures: ['intent.differs'] },
      {
        subject: '/.well-known/matrix/server',
        what: /^"m\.server" is "matrix\.example\.com:443", but should be "matrix\.example\.com"\./
      }
    ],

    'a lost /support': [
      { site: { [supportPath]: undefined } },
      settings,
      { failures: ['intent.missing'] },
      { subject: '/.well-known/matrix/support', what: /another server returns status 404/, fix: /on to the sidecar/ }
    ],
    'a lost /client': [
      { site: { [clientPath]: undefined } },
      settings,
      { clients: 'asks', failures: ['intent.missing'] },
      { subject: '/.well-known/matrix/client' }
    ],
    'a lost /server': [
      { site: { [serverPath]: undefined } },
      settings,
      { federation: 'fails', failures: ['intent.missing'] },
      {}
    ],
    'a /support that is forbidden as all dot-paths are': [
      { guard: forbidDotPaths },
      settings,
      {
        federation: 'fails',
        clients: 'fails',
        failures: ['document.forbidden', 'document.forbidden'],
        warnings: ['document.forbidden', 'document.forbidden']
      },
      {}
    ],
    'a document lost at one of two addresses': [
      withSecondAddress(),
      settings,
      { failures: ['intent.missing'], warnings: ['document.split-brain'] },
      {}
    ],

    'a document that is not configured': [
      {},
      withoutSupport,
      { warnings: ['intent.unexpected'] },
      { subject: '/.well-known/matrix/support', what: /^It isn't configured, but another server serves \{"contacts":/ }
    ],
    'a /server that is served anyway': [
      {},
      { ...settings, M_SERVER: '', SERVE_SERVER_WELLKNOWN: 'false' },
      { warnings: ['intent.unexpected'] },
      { subject: '/.well-known/matrix/server' }
    ],
    'no /client, as the settings say': [
      { site: { [clientPath]: undefined } },
      { ...settings, M_HOMESERVER_BASE_URL: '', M_IDENTITY_SERVER_BASE_URL: '', LIVEKIT_SERVICE_URL: '' },
      { clients: 'asks', failures: ['client.not-found'] },
      {}
    ],

    'a proxy that shortens max-age': [
      caching('public, max-age=600'),
      settings,
      { warnings: ['intent.headers'] },
      {
        subject: '/.well-known/matrix/client',
        what: 'Cache-Control is "public, max-age=600", but should be "public, max-age=3600".'
      }
    ],
    'a proxy that forbids caches': [caching('max-age=3600, private'), settings, { warnings: ['intent.headers'] }, {}],
    'a proxy that removes Cache-Control': [
      caching(undefined),
      settings,
      { warnings: ['intent.headers'] },
      { what: 'Cache-Control is missing, but should be "public, max-age=3600".' }
    ],
    'a setting that has not arrived': [
      {},
      { ...settings, CACHE_MAX_AGE: '600' },
      { warnings: ['intent.headers', 'intent.headers', 'intent.headers', 'intent.headers'] },
      {}
    ],
    'a sidecar that is down': [
      { site: { [clientPath]: matrixError(502, 'M_UNKNOWN') } },
      settings,
      { clients: 'fails', failures: ['document.status'] },
      {}
    ]
  }
  for (const [title, [changes, environment, found, first]] of Object.entries(cases)) {
    await t.test(title, async t => {
      const report = await checkWorld(await startHealthyWorld(t, changes), { intent: loadConfig(environment).site })
      t.strictSame(summarize(report), expectSummary(found))
      t.match(report.findings[0], first)
    })
  }
})

t.test('a sidecar that hangs has no finding about the settings', async t => {
  const world = await startHealthyWorld(t, { site: { [clientPath]: noResponse() } })
  const { verdict, findings } = await checkWorld(world, { intent: loadConfig(settings).site, timeout: 2 })
  t.equal(verdict.clients, 'fails')
  t.match(findings[0], { id: 'document.unreachable', about: { document: 'client' } })
  t.notOk(findings.some(({ id }) => id.startsWith('intent.')))
})

t.test('a document that is missing at one address names it', async t => {
  const world = await startHealthyWorld(t, {
    records: { 'example.com': { A: ['45.0.0.2', '45.0.0.4'] } },
    hosts: { '45.0.0.4:443': { certificate: ['DNS:example.com'], handler: route({}) } }
  })
  const { findings } = await checkWorld(world, { intent: loadConfig(settings).site, only: 'federation' })
  t.match(
    findings.find(({ id }) => id === 'intent.missing'),
    { subject: '/.well-known/matrix/server at 45.0.0.4' }
  )
})
