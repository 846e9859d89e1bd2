import type { RequestListener } from 'node:http'
import t from 'tap'
import {
  respondWith,
  html,
  json,
  matrixError,
  preflight,
  redirect,
  wellKnown,
  withoutCors
} from '../../support/responses.ts'
import { catchAllPage, noResponse, twoContentTypes } from '../../support/bad-bodies.ts'
import { sharedAuthority } from '../../support/certificates.ts'
import { checkWorld } from '../../support/check-world.ts'
import { blockUserAgents, botChallenge, corsWithoutAlways, forbidDotPaths } from '../../support/guards.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import { buildHomeserver } from '../../support/homeserver.ts'
import { route } from '../../support/route.ts'
import type { Routes } from '../../support/route.ts'
import { expectSummary, summarize } from '../../support/summary.ts'
import type { Summary } from '../../support/summary.ts'
import { startWorld } from '../../support/world.ts'
import type { HttpsHost } from '../../support/world.ts'

const { server, client, support, policy_server: policyServer } = healthyDocuments
const serverPath = 'GET /.well-known/matrix/server'
const clientPath = 'GET /.well-known/matrix/client'
const supportPath = 'GET /.well-known/matrix/support'
const policyServerPath = 'GET /.well-known/matrix/policy_server'

const documents: Routes = {
  [serverPath]: wellKnown(server),
  [clientPath]: wellKnown(client),
  [supportPath]: wellKnown(support),
  [policyServerPath]: wellKnown(policyServer),
  'OPTIONS *': preflight()
}

function site (routes: Routes = documents): HttpsHost {
  return { certificate: ['DNS:example.com'], handler: route(routes) }
}

function homeserver (certificate: HttpsHost['certificate']): HttpsHost {
  return { certificate, handler: buildHomeserver({ serverName: 'example.com' }) }
}

/** Only Synapse: HTML for unknown paths, and neither CORS nor Cache-Control on /server. */
const nothing = html('No Such Resource', { status: 404, headers: withoutCors })
const synapse = buildHomeserver({
  serverName: 'example.com',
  routes: {
    [serverPath]: json({ 'm.server': 'example.com:443' }, { headers: withoutCors }),
    [clientPath]: json({ 'm.homeserver': { base_url: 'https://example.com/' } }),
    '/.well-known/matrix/support': nothing,
    '/.well-known/matrix/policy_server': nothing,
    '/.well-known/matrix/no-such-document': nothing
  }
})

const flows = json({ flows: [{ type: 'm.login.password' }] })

/** This host at a second address of the site. */
const second = (host: HttpsHost): Changes => ({
  records: { 'example.com': { A: ['45.0.0.2'], AAAA: ['2a00:db8::2'] } },
  hosts: { '[2a00:db8::2]:443': host }
})

t.test('a setup that works gives neither a failure nor a warning', async t => {
  const cases: Record<string, [changes: Changes, notices?: readonly string[]]> = {
    'all documents, and a homeserver beside them': [{}],
    'two addresses of each': [
      {
        records: {
          'example.com': { A: ['45.0.0.2'], AAAA: ['2a00:db8::2'] },
          'matrix.example.com': { A: ['45.0.0.3'], AAAA: ['2a00:db8::3'] }
        },
        hosts: { '[2a00:db8::2]:443': site(), '[2a00:db8::3]:443': homeserver(['DNS:matrix.example.com']) }
      },
      []
    ],
    'two addresses that write keys in another order': [
      second(site({ ...documents, [clientPath]: wellKnown(Object.fromEntries(Object.entries(client).toReversed())) }))
    ],
    'only /server and /client': [{ site: { [supportPath]: undefined, [policyServerPath]: undefined } }],
    'only Synapse, with both documents': [
      { hosts: { '45.0.0.2:443': { certificate: ['DNS:example.com'], handler: synapse } } },
      ['cache.default', 'cors.missing-elsewhere', 'cors.not-found']
    ],
    'a web site that responds to every other path with its page': [
      { site: { [supportPath]: undefined, [policyServerPath]: undefined, '*': catchAllPage() } },
      ['document.catch-all']
    ],
    'a web site that forbids every other dot-path': [
      {
        site: {
          [supportPath]: undefined,
          [policyServerPath]: undefined,
          '*': html('403', { status: 403, headers: withoutCors })
        }
      }
    ],
    'a web site that redirects every other path to its page': [
      {
        site: { [supportPath]: undefined, [policyServerPath]: undefined, '*': redirect('/'), 'GET /': catchAllPage() }
      },
      ['document.catch-all']
    ],
    'port 8448, and a web site without Matrix documents': [
      {
        guard: () => (request, response) =>
          (request.url === '/.well-known/matrix/client' ? wellKnown(client) : catchAllPage())(request, response),
        hosts: { '45.0.0.2:8448': homeserver(['DNS:example.com']) }
      },
      ['discovery.default-port', 'document.html']
    ],
    'clients on the apex, servers elsewhere': [
      {
        site: {
          [clientPath]: wellKnown({ 'm.homeserver': { base_url: 'https://example.com' } }),
          'GET /_matrix/client/versions': json({ versions: ['v1.11'] }),
          'GET /_matrix/client/v3/login': flows
        }
      }
    ],
    'a homeserver below a path': [
      {
        site: { [clientPath]: wellKnown({ 'm.homeserver': { base_url: 'https://matrix.example.com/synapse' } }) },
        homeserver: {
          routes: {
            'GET /synapse/_matrix/client/versions': json({ versions: ['v1.11'] }),
            'GET /synapse/_matrix/client/v3/login': flows
          }
        }
      }
    ],
    'a homeserver whose own /client has fewer keys': [
      {
        homeserver: {
          routes: { [clientPath]: json({ 'm.homeserver': { base_url: 'https://matrix.example.com/' } }) }
        }
      },
      ['client.drift']
    ],
    'a homeserver with the same /client': [
      {
        homeserver: {
          routes: {
            [clientPath]: json({ ...client, 'm.homeserver': { base_url: 'https://matrix.example.com:443/' } })
          }
        }
      }
    ],
    'rtc transports at the unstable path only': [
      { homeserver: { routes: { 'GET /_matrix/client/v1/rtc/transports': matrixError(404, 'M_UNRECOGNIZED') } } }
    ],
    "OPTIONS refused, which clients don't send for a document": [
      { site: { 'OPTIONS *': matrixError(405, 'M_UNRECOGNIZED') } },
      ['cors.preflight-document']
    ],
    'a page that differs each time': [
      {
        site: {
          [supportPath]: undefined,
          [policyServerPath]: undefined,
          '*': (request, response) => html(String(Math.random()))(request, response)
        }
      },
      ['document.catch-all']
    ]
  }
  for (const [title, [changes, notices = []]] of Object.entries(cases)) {
    await t.test(title, async t => {
      const report = await checkWorld(await startHealthyWorld(t, changes))
      t.strictSame(summarize(report), expectSummary({ notices }))
      t.equal(report.clients?.verdict, 'SUCCESS')
    })
  }
})

t.test('checking only a part gives no finding either', async t => {
  const world = await startHealthyWorld(t)
  const unchecked = { federation: 'unchecked', clients: 'unchecked' } as const
  t.strictSame(summarize(await checkWorld(world, { only: 'federation' })), expectSummary({ clients: 'unchecked' }))
  t.strictSame(summarize(await checkWorld(world, { only: 'client' })), expectSummary({ federation: 'unchecked' }))
  t.strictSame(summarize(await checkWorld(world, { only: 'documents' })), expectSummary(unchecked))
})

t.test('a server name with a port works, whatever the site serves', async t => {
  const records = { 'example.com': { A: ['45.0.0.2'] } }
  const certificate = ['DNS:example.com']
  const world = await startWorld(t, {
    records,
    hosts: {
      '45.0.0.2:443': { certificate, handler: catchAllPage() },
      '45.0.0.2:8448': { certificate, handler: buildHomeserver({ serverName: 'example.com:8448' }) }
    }
  })
  t.strictSame(
    summarize(await checkWorld(world, { serverName: 'example.com:8448' })),
    expectSummary({ clients: 'web-fails', failures: ['document.html'] }),
    'only clients read it'
  )
  const other = await startWorld(t, {
    records,
    hosts: {
      '45.0.0.2:443': site(),
      '45.0.0.2:8448': { certificate, handler: buildHomeserver({ serverName: 'example.com:8448' }) }
    }
  })
  t.strictSame(
    summarize(await checkWorld(other, { only: 'federation', serverName: 'example.com:8448' })),
    expectSummary({ clients: 'unchecked', notices: ['discovery.well-known-unread'] })
  )
})

t.test("/server of a server name that is an address isn't needed", async t => {
  const at = (handler: RequestListener): HttpsHost => ({ certificate: ['IP:45.0.0.2'], handler })
  const world = await startWorld(t, {
    records: {},
    hosts: {
      '45.0.0.2:443': at(route(documents)),
      '45.0.0.2:8448': at(buildHomeserver({ serverName: '45.0.0.2' }))
    }
  })
  const report = await checkWorld(world, { only: 'federation', serverName: '45.0.0.2' })
  t.strictSame(summarize(report), expectSummary({ clients: 'unchecked', notices: ['discovery.well-known-unread'] }))
  t.match(report.findings, [{ what: /the server name is an IP address/ }])
  const alone = await startWorld(t, {
    records: {},
    hosts: { '45.0.0.2:8448': at(buildHomeserver({ serverName: '45.0.0.2' })) }
  })
  t.strictSame(
    summarize(await checkWorld(alone, { only: 'federation', serverName: '45.0.0.2' })),
    expectSummary({ clients: 'unchecked' }),
    'nothing has to listen on port 443'
  )
  t.strictSame(
    summarize(await checkWorld(alone, { serverName: '45.0.0.2' })),
    expectSummary({ clients: 'fails', failures: ['document.unreachable'] }),
    'except for clients'
  )
})

t.test("servers that find the homeserver without a well-known don't need its host", async t => {
  const onPort = { '45.0.0.2:8448': homeserver(['DNS:example.com']) }
  const cases: [hosts: NonNullable<Changes['hosts']>, warnings: readonly string[]][] = [
    [{ '45.0.0.2:443': undefined }, ['document.unreachable']],
    [{ '45.0.0.2:443': { ...site(), certificate: ['DNS:www.example.com'] } }, ['certificate.name']]
  ]
  for (const [hosts, warnings] of cases) {
    const report = await checkWorld(await startHealthyWorld(t, { hosts: { ...onPort, ...hosts } }), {
      only: 'federation'
    })
    t.strictSame(
      summarize(report),
      expectSummary({ clients: 'unchecked', warnings, notices: ['discovery.default-port'] })
    )
  }
})

const fails = { federation: 'fails' } as const
/** It depends on the address that a reader tries. */
const random = { federation: 'sometimes', clients: 'sometimes' } as const
const lost: Partial<Summary> = { federation: 'fails', clients: 'fails' }
const delegateTo = (name: unknown): Changes => ({ site: { [serverPath]: wellKnown({ 'm.server': name }) } })
const logInAt = (url: string): Changes => ({
  site: { [clientPath]: wellKnown({ ...client, 'm.homeserver': { base_url: url } }) }
})
const both = (handler: (document: object) => RequestListener): Changes => ({
  site: { [serverPath]: handler(server), [clientPath]: handler(client) }
})
const withHeaders = (headers: Record<string, string | string[] | undefined>): Changes =>
  both(document => wellKnown(document, { headers }))
const toWww = (headers: Record<string, undefined>): Changes => ({
  guard: () => (request, response) =>
    (request.method === 'OPTIONS'
      ? preflight()
      : redirect(`https://www.example.com${request.url}`, { status: 301, headers }))(request, response),
  records: { 'www.example.com': { A: ['45.0.0.4'] } },
  hosts: { '45.0.0.4:443': { certificate: ['DNS:www.example.com'], handler: route(documents) } }
})
const splits = ['document.split-brain', 'document.split-brain', 'document.split-brain', 'document.split-brain']
const day = 24 * 60 * 60 * 1000
const incomplete = (): HttpsHost['certificate'] => {
  const { key, withoutIntermediate } = sharedAuthority().issue({
    names: ['DNS:matrix.example.com'],
    by: 'intermediate'
  })
  return { key, certificate: withoutIntermediate, withoutIntermediate }
}
const blockBrowsers =
  (site: RequestListener): RequestListener =>
    (request, response) =>
      (request.headers['user-agent']?.startsWith('Mozilla/') === true
        ? html('403', { status: 403, headers: withoutCors })
        : site)(request, response)

t.test('each common mistake is found once, without findings that only follow from it', async t => {
  const unreachable = { ...fails, failures: ['federation.unreachable'] }
  const cases: Record<
    string,
    [changes: Changes, found: Partial<Summary>, subject?: RegExp, what?: RegExp, fix?: RegExp]
  > = {
    'https:// in m.server': [
      delegateTo('https://matrix.example.com'),
      { ...fails, failures: ['document.invalid'] },
      /\/server$/,
      /starts with "https:\/\/"; use matrix\.example\.com:443/
    ],
    'a path in m.server': [
      delegateTo('matrix.example.com/_matrix'),
      { ...fails, failures: ['document.invalid'] },
      /\/server$/,
      /ends in "\/_matrix"; use matrix\.example\.com/
    ],
    'a space in m.server': [
      delegateTo('matrix.example.com :443'),
      { ...fails, failures: ['document.invalid'] },
      /\/server$/,
      /contains white space; use matrix\.example\.com:443/
    ],
    'no port in m.server': [
      delegateTo('matrix.example.com'),
      unreachable,
      /^matrix\.example\.com:8448$/,
      /connect to matrix\.example\.com:8448 and get no response\. Connections are refused: no server listens there\.$/,
      /serve \{"m\.server":"matrix\.example\.com:443"\}/
    ],

    'no https:// in base_url': [
      logInAt('matrix.example.com'),
      { clients: 'fails', failures: ['document.invalid'] },
      /\/client$/,
      /has no "https:\/\/"; use https:\/\/matrix\.example\.com/
    ],
    'http:// in base_url': [
      logInAt('http://matrix.example.com'),
      { clients: 'fails', failures: ['client.base-url-http'] },
      /\/client$/
    ],
    'the apex in base_url': [
      {
        site: {
          [clientPath]: wellKnown({ ...client, 'm.homeserver': { base_url: 'https://example.com' } }),
          'GET /_matrix/client/versions': html('Not found', { status: 404 })
        }
      },
      { clients: 'fails', failures: ['client.versions'], warnings: ['client.base-url-apex'] },
      /^example\.com:443/,
      /status 404/,
      /, or set M_HOMESERVER_BASE_URL=https:\/\/matrix\.example\.com, where the homeserver responds\.$/
    ],
    'a path in base_url': [
      logInAt('https://matrix.example.com/hs'),
      { clients: 'fails', failures: ['client.versions'], warnings: ['client.base-url-path'] },
      /^matrix\.example\.com:443/,
      /status 404/,
      /^Pass \/_matrix on to the homeserver, or set M_HOMESERVER_BASE_URL=https:\/\/matrix\.example\.com, /
    ],
    'a path in base_url that clients append themselves': [
      logInAt('https://matrix.example.com/_matrix'),
      { clients: 'fails', failures: ['client.base-url-path'] },
      /\/client$/,
      /_matrix\.$/,
      /^Remove the path/
    ],

    'the documents only on the host of the homeserver': [
      {
        site: { [serverPath]: undefined, [clientPath]: undefined },
        homeserver: { routes: { [serverPath]: wellKnown(server), [clientPath]: wellKnown(client) } }
      },
      {
        ...fails,
        clients: 'asks',
        failures: ['discovery.not-delegated']
      },
      /^example\.com$/,
      /A homeserver for example\.com responds at matrix\.example\.com:443, but nothing leads other servers there/,
      /^Set M_SERVER=matrix\.example\.com:443 .* and route \/\.well-known\/matrix\/ on example\.com to the sidecar/
    ],
    '/client only on the host of the homeserver': [
      { site: { [clientPath]: undefined }, homeserver: { routes: { [clientPath]: wellKnown(client) } } },
      { clients: 'asks', failures: ['client.not-found'] },
      /\/client$/,
      /but https:\/\/matrix\.example\.com serves the document/
    ],
    'a stale /client, of a homeserver that is gone': [
      { ...logInAt('https://old.example.com'), homeserver: { routes: { [clientPath]: wellKnown(client) } } },
      { clients: 'fails', failures: ['discovery.no-address'], warnings: ['client.drift'] },
      /^old\.example\.com$/,
      /The base_url of the homeserver is https:\/\/old\.example\.com\. old\.example\.com doesn't exist/
    ],
    'a stale /client, of a homeserver that is down': [
      {
        ...logInAt('https://old.example.com'),
        records: { 'old.example.com': { A: ['45.0.0.9'] } },
        homeserver: { routes: { [clientPath]: wellKnown(client) } }
      },
      { clients: 'fails', failures: ['client.unreachable'], warnings: ['client.drift'] },
      /^old\.example\.com:443$/
    ],
    'a redirect to www without CORS': [
      toWww(withoutCors as Record<string, undefined>),
      {
        clients: 'web-fails',
        failures: ['cors.redirect'],
        notices: ['cors.not-found', 'document.redirect', 'document.redirect', 'document.redirect']
      },
      /\/client$/,
      /redirect from https:\/\/example\.com\/\.well-known\/matrix\/client has no CORS headers/
    ],
    'a redirect to www with CORS': [
      toWww({}),
      { notices: Array.from({ length: 4 }, () => 'document.redirect') },
      /\/server$/,
      /^It is redirected to https:\/\/www\.example\.com\.$/
    ],

    'CORS without "always", and no /client': [
      { guard: corsWithoutAlways, site: { [clientPath]: undefined } },
      { clients: 'fails', failures: ['client.not-found'] }
    ],
    'CORS without "always", and all documents': [
      { guard: corsWithoutAlways },
      { notices: ['cors.not-found'] },
      /^example\.com$/,
      /no-such-document/,
      /always/
    ],
    'two Content-Types': [
      both(twoContentTypes),
      { warnings: ['document.content-type-twice', 'document.content-type-twice'] },
      /\/server$/,
      /2 Content-Type headers: text\/plain and application\/json/
    ],
    'text/plain': [
      withHeaders({ 'Content-Type': 'text/plain' }),
      { warnings: ['document.content-type', 'document.content-type'] }
    ],
    'text/html': [
      withHeaders({ 'Content-Type': 'text/html; charset=utf-8' }),
      { warnings: ['document.content-type', 'document.content-type'] }
    ],
    'no Content-Type': [
      withHeaders({ 'Content-Type': undefined }),
      { warnings: ['document.content-type', 'document.content-type'] },
      /\/server$/,
      /no Content-Type/
    ],

    'a page in place of everything': [
      { guard: catchAllPage },
      {
        ...lost,
        failures: ['discovery.not-delegated', 'document.html', 'document.html']
      },
      /^example\.com$/
    ],
    'a page in place of /server': [
      { site: { [serverPath]: catchAllPage() } },
      { ...fails, failures: ['document.html'] },
      /\/server$/
    ],
    'a page in place of /client': [
      { site: { [clientPath]: catchAllPage() } },
      { clients: 'fails', failures: ['document.html'] },
      /\/client$/
    ],
    'a page in place of /support': [
      { site: { [supportPath]: catchAllPage() } },
      { notices: ['document.html'] },
      /\/support$/
    ],
    '403 on dot-paths': [
      { guard: forbidDotPaths },
      { ...lost, failures: ['document.forbidden', 'document.forbidden'] },
      /\/server$/,
      /403/,
      /paths that begin with a dot/
    ],
    'a bot challenge': [
      { guard: botChallenge },
      { ...lost, failures: ['document.bot-challenge', 'document.bot-challenge'] }
    ],
    'a bot challenge with status 200': [
      { guard: () => html('<title>Just a moment...</title>') },
      { ...lost, failures: ['document.bot-challenge', 'document.bot-challenge'], notices: ['document.catch-all'] }
    ],
    'a bot challenge of AWS': [
      { site: { [clientPath]: html('', { status: 202, headers: { 'x-amzn-waf-action': 'challenge' } }) } },
      { clients: 'fails', failures: ['document.bot-challenge'] }
    ],
    'servers are turned away by their User-Agent': [
      { guard: blockUserAgents },
      {
        ...fails,
        failures: ['document.user-agent'],
        notices: ['document.user-agent', 'document.user-agent', 'document.user-agent']
      },
      /\/server$/,
      /^A server gets status 403, a browser status 200/,
      /to every User-Agent/
    ],
    'browsers are turned away by their User-Agent': [
      { guard: blockBrowsers },
      {
        clients: 'fails',
        failures: ['document.user-agent'],
        notices: ['document.user-agent', 'document.user-agent']
      },
      /\/client$/,
      /^A browser gets status 403, another program status 200/
    ],

    "an IPv6 address that isn't served": [
      {
        records: {
          'example.com': { A: ['45.0.0.2'], AAAA: ['2a00:db8::2'] },
          'matrix.example.com': { A: ['45.0.0.3'], AAAA: ['2a00:db8::3'] }
        }
      },
      { warnings: ['address.refused', 'address.refused'] },
      /^(matrix\.)?example\.com:443 at 2a00:db8::[23]$/
    ],
    'an IPv6 address that drops': [
      {
        records: { 'example.com': { A: ['45.0.0.2'], AAAA: ['2a00:db8::2'] } },
        hosts: { '[2a00:db8::2]': 'dropping' }
      },
      { warnings: ['address.timeout'] },
      /^(matrix\.)?example\.com:443 at 2a00:db8::[23]$/
    ],
    'an IPv6 address with another web site': [
      second({ certificate: ['DNS:example.com'], handler: catchAllPage() }),
      { ...random, warnings: splits, notices: ['document.catch-all'] },
      /\/server$/,
      /^2a00:db8::2 serves a web page; 45\.0\.0\.2 serves the document\.$/
    ],
    'an IPv6 address with nothing': [
      second(site({ '*': nothing })),
      { ...random, warnings: ['cors.not-found', ...splits] },
      /\/server$/,
      /no document \(status 404\)/
    ],
    'an IPv6 address with a stale document': [
      second(
        site({ ...documents, [clientPath]: wellKnown({ 'm.homeserver': { base_url: 'https://old.example.com' } }) })
      ),
      { clients: 'sometimes', warnings: ['discovery.no-address', 'document.split-brain'] },
      /\/client$/
    ],
    'an IPv6 address with another URL of the homeserver': [
      second(site({
        ...documents,
        [clientPath]: wellKnown({ ...client, 'm.homeserver': { base_url: 'https://matrix.example.com/' } })
      })),
      { warnings: ['document.split-brain'] },
      /\/client$/
    ],
    'a host of documents that drops port 443': [
      { hosts: { '45.0.0.2:443': 'dropping' } },
      {
        ...lost,
        failures: ['discovery.not-delegated', 'document.unreachable']
      }
    ],
    'a homeserver that drops port 443': [
      { hosts: { '45.0.0.3:443': 'dropping' } },
      {
        ...lost,
        failures: ['federation.unreachable']
      }
    ],

    'a host of documents that is down at both addresses': [
      { ...second(site()), hosts: { '45.0.0.2:443': undefined } },
      {
        ...lost,
        failures: ['discovery.not-delegated', 'document.unreachable']
      }
    ],

    'the site with a certificate for another name': [
      { hosts: { '45.0.0.2:443': { ...site(), certificate: ['DNS:www.example.com'] } } },
      { ...lost, failures: ['certificate.name'] },
      /^example\.com:443/
    ],
    'the homeserver with a certificate for another name': [
      { hosts: { '45.0.0.3:443': homeserver(['DNS:example.com']) } },
      { ...lost, failures: ['certificate.name'] },
      /^matrix\.example\.com:443/
    ],
    'an expired certificate': [
      {
        hosts: {
          '45.0.0.3:443': homeserver(
            sharedAuthority().issue({ names: ['DNS:matrix.example.com'], validTo: new Date(Date.now() - day) })
          )
        }
      },
      { ...lost, failures: ['certificate.expired'] }
    ],
    'an incomplete chain': [
      { hosts: { '45.0.0.3:443': homeserver(incomplete()) } },
      { ...lost, failures: ['certificate.incomplete'] }
    ],
    'a certificate for the target of SRV': [
      {
        site: { [serverPath]: undefined },
        records: {
          '_matrix-fed._tcp.example.com': {
            SRV: [{ priority: 10, weight: 0, port: 443, target: 'matrix.example.com' }]
          }
        }
      },
      { ...fails, failures: ['certificate.srv-target'] }
    ],

    'rtc_foci only in the copy of the homeserver': [
      {
        site: { [clientPath]: wellKnown({ ...client, 'org.matrix.msc4143.rtc_foci': undefined }) },
        homeserver: { routes: { [clientPath]: wellKnown(client) } }
      },
      { warnings: ['client.drift'] },
      /\/client$/,
      /"org\.matrix\.msc4143\.rtc_foci" only there/
    ],

    'the name of the host in place of the server name': [
      { homeserver: { keys: { serverName: 'matrix.example.com' } } },
      { ...fails, failures: ['keys.server-name'] }
    ],
    'a proxy that finds no sidecar': [
      { guard: () => html('Bad Gateway', { status: 502, headers: withoutCors }) },
      { ...lost, failures: ['document.status', 'document.status'] },
      /\/server$/,
      /502/,
      /sidecar is running/
    ],
    'a status that is neither': [
      { site: { [clientPath]: respondWith('', { status: 204 }) } },
      { clients: 'fails', failures: ['document.status'] },
      /\/client$/,
      /204/,
      /200, or with 404/
    ],
    'a /client that never arrives': [
      { site: { [clientPath]: noResponse() } },
      { clients: 'fails', failures: ['document.unreachable'] },
      /\/client$/,
      /responds, but not to a request for .*\/client\. Timed out while waiting for the response\.$/
    ],
    'a /server that never arrives': [
      { site: { [serverPath]: noResponse() } },
      { ...fails, failures: ['document.unreachable'] },
      /\/server$/
    ],
    'a redirect to a closed port': [
      { site: { [clientPath]: redirect('https://matrix.example.com:444/') } },
      { clients: 'fails', failures: ['document.redirect-broken'] },
      /\/client$/,
      /matrix\.example\.com:444\/, which doesn't respond\. Connections are refused/
    ],
    'a redirect to http that refuses': [
      { site: { [clientPath]: redirect('http://example.com/') } },
      { clients: 'fails', failures: ['document.redirect-broken'] },
      /\/client$/,
      /leads to http:\/\/example\.com\/, which doesn't respond/
    ],
    'a redirect to http': [
      {
        site: { [clientPath]: redirect('http://example.com/') },
        hosts: { '45.0.0.2:80': { http: wellKnown(client) } }
      },
      { clients: 'web-fails', failures: ['document.redirect-http'] },
      /\/client$/,
      /^It is redirected to "http:\/\/example\.com\/", without TLS/
    ],
    'a broken /server that only some servers need': [
      {
        site: { [serverPath]: wellKnown({ 'm.server': 'https://x' }) },
        hosts: { '45.0.0.2:8448': homeserver(['DNS:example.com']) }
      },
      { federation: 'partly', failures: ['document.invalid'] }
    ],
    'no /server, and nothing on port 8448': [
      { site: { [serverPath]: undefined } },
      { ...fails, failures: ['discovery.not-delegated'] },
      /^example\.com$/
    ],
    'a homeserver that refuses preflights': [
      { homeserver: { routes: { 'OPTIONS *': matrixError(405, 'M_UNRECOGNIZED') } } },
      { clients: 'web-fails', failures: ['cors.preflight'], warnings: ['call.preflight'] },
      /^matrix\.example\.com:443/
    ],
    'a homeserver without CORS': [
      {
        homeserver: {
          routes: { 'GET /_matrix/client/versions': json({ versions: ['v1.11'] }, { headers: withoutCors }) }
        }
      },
      { clients: 'web-fails', failures: ['cors.missing'] },
      /versions$/
    ]
  }
  for (const [title, [changes, found, subject = /./, what = /./, fix = /./]] of Object.entries(cases)) {
    await t.test(title, async t => {
      const report = await checkWorld(await startHealthyWorld(t, changes), { timeout: 2 })
      t.strictSame(summarize(report), expectSummary(found))
      t.match(report.findings[0], { subject, what, fix })
    })
  }
})
