import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { judgeDocument } from '../../../src/check/judge/documents.ts'
import { describeFinding } from '../../../src/check/report/finding-text.ts'
import {
  matrixError, redirect, respondWith, text, wellKnown, wellKnownHeaders, withoutCors
} from '../../support/responses.ts'
import {
  byteOrderMark,
  cutBody,
  deeplyNested,
  endlessBody,
  endlessRedirects,
  invalidUtf8,
  noBody,
  resetInBody,
  slowDrip,
  trailingJunk
} from '../../support/bad-bodies.ts'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import { expectSummary, failingReaders, summarize } from '../../support/summary.ts'
import type { Found } from '../../support/summary.ts'

const { server, client, support } = healthyDocuments
const paths = {
  server: 'GET /.well-known/matrix/server',
  client: 'GET /.well-known/matrix/client',
  support: 'GET /.well-known/matrix/support',
  policy_server: 'GET /.well-known/matrix/policy_server'
} as const
type Name = keyof typeof paths

const fails = { federation: 'fails' } as const
const noLogin = { clients: 'fails' } as const
const noWeb = { clients: 'web-fails' } as const
const caching = (value: string | readonly string[] | undefined, more: Record<string, string> = {}): RequestListener =>
  wellKnown(server, { headers: { 'Cache-Control': value, ...more } })
const origins = (value: string | readonly string[]): RequestListener =>
  wellKnown(client, { headers: { 'Access-Control-Allow-Origin': value } })

const tiles = { map_style_url: 'https://tiles.example.com/style.json' }
const wellKnownText = (body: string): RequestListener => respondWith(body, { headers: wellKnownHeaders })
const otherStatus = {
  ...noWeb, failures: ['document.status'], failing: ['element-web', 'mautrix-python']
} as const

t.test('each fault of a document is found once', async t => {
  const cases: Record<string, [name: Name, handler: RequestListener, found: Found, what?: RegExp]> = {
    'a byte order mark, for servers': [
      'server',
      byteOrderMark(server),
      { federation: 'partly', failures: ['document.bom'], failing: ['synapse', 'dendrite', 'specification'] }
    ],
    'a byte order mark, for clients': [
      'client',
      byteOrderMark(client),
      { clients: 'partly', failures: ['document.bom'], failing: ['element-x', 'mautrix-go', 'mautrix-python', 'nio'] }
    ],
    'something after the JSON': ['server', trailingJunk(server), { ...fails, failures: ['document.trailing'] }],
    'invalid UTF-8': [
      'client',
      invalidUtf8(client),
      { failures: ['document.encoding'], failing: ['mautrix-python', 'nio'] }
    ],
    'JSON of 101 levels': [
      'client',
      deeplyNested(client, 100),
      { notices: ['document.depth'] },
      /^The JSON has 101 levels\.$/
    ],
    'JSON of 100 levels': ['client', deeplyNested(client, 99), {}],
    'JSON of 127 levels, for servers': ['server', deeplyNested(server, 126), { notices: ['document.depth'] }],
    'JSON of 128 levels, for servers': [
      'server',
      deeplyNested(server, 127),
      { federation: 'partly', failures: ['document.depth'], failing: ['tuwunel'] }
    ],
    'JSON of 1,000 levels, for clients': [
      'client',
      deeplyNested(client, 999),
      { failures: ['document.depth'], failing: ['mautrix-python', 'nio'] }
    ],
    'JSON of 20,000 levels': [
      'client',
      deeplyNested(client, 20_000),
      { failures: ['document.depth'], failing: ['mautrix-go', 'mautrix-python', 'nio'] },
      /20,001 levels/
    ],
    'an empty response': [
      'server',
      respondWith('', { headers: wellKnownHeaders }),
      { ...fails, failures: ['document.json'] },
      /^The response is empty\.$/
    ],
    'no JSON': ['server', text('matrix.example.com:443'), { ...fails, failures: ['document.json'] }, /isn't JSON/],
    'a list': ['server', wellKnown([server]), { ...fails, failures: ['document.json'] }, /a list instead of an object/],
    'no key at all': [
      'server',
      wellKnown({}),
      { ...fails, failures: ['document.invalid'] },
      /^"m\.server" is missing; add it\.$/
    ],
    'more than tuwunel reads, for servers': [
      'server',
      wellKnown({ ...server, 'com.example.a': 'x'.repeat(12_232) }),
      { federation: 'partly', failures: ['document.large'], failing: ['tuwunel'] },
      /12,288 bytes/
    ],
    'as much as tuwunel reads': ['server', wellKnown({ ...server, 'com.example.a': 'x'.repeat(12_231) }), {}],
    'more than tuwunel reads, for clients': [
      'client',
      wellKnown({ ...client, 'com.example.a': 'x'.repeat(13_000) }),
      { notices: ['document.large'] }
    ],
    'more than Synapse reads, for servers': [
      'policy_server',
      wellKnown({ ...healthyDocuments.policy_server, 'com.example.a': 'x'.repeat(51_200) }),
      { warnings: ['document.too-large'] }
    ],
    'more than Synapse reads, for clients': [
      'client',
      wellKnown({ ...client, 'com.example.a': 'x'.repeat(51_200) }),
      { warnings: ['document.too-large'] }
    ],
    'no end': ['server', endlessBody(), { ...fails, failures: ['document.too-large'] }, /longer than 131,072 bytes/],
    'a reset in the body': [
      'server',
      resetInBody(),
      { ...fails, failures: ['document.broken-off'] },
      /cut off after 12 bytes/
    ],
    'an end before the end': [
      'client',
      cutBody(),
      { ...noLogin, failures: ['document.broken-off'] },
      /cut off after 12 bytes/
    ],
    'an end before the end, for servers only': [
      'client',
      (request, response) =>
        (/Synapse/.test(request.headers['user-agent'] ?? '') ? cutBody() : wellKnown(client))(request, response),
      {}
    ],
    'a byte every 100 ms': ['support', slowDrip(), { warnings: ['document.broken-off'] }, /isn't complete in time/],
    'no body': ['client', noBody(), { ...noLogin, failures: ['document.broken-off'] }, /in time; 0 bytes arrived/],
    'redirects without an end': [
      'server',
      endlessRedirects(),
      { ...fails, failures: ['document.redirect-broken'] },
      /more than 20 hops/
    ],
    'a redirect to itself': [
      'client',
      redirect('/.well-known/matrix/client'),
      { ...noLogin, failures: ['document.redirect-broken'] },
      /is a loop/
    ],
    'more redirects than tuwunel follows': [
      'server',
      (request, response) => {
        const hop = Number(request.url?.split('?')[1] ?? 0)
        ;(hop < 5 ? redirect(`?${hop + 1}`) : wellKnown(server))(request, response)
      },
      { federation: 'partly', failures: ['document.redirect'], failing: ['tuwunel'] }
    ],
    'a redirect to 404': ['support', redirect('/nowhere'), {}],

    'CORS for one site only': [
      'client',
      origins('https://app.element.io'),
      { ...noWeb, failures: ['cors.missing'] },
      /is https:\/\/app\.element\.io, which allows only that site/
    ],
    'CORS for the origin that asks': [
      'client',
      (request, response) => origins(request.headers.origin ?? '')(request, response),
      {}
    ],
    'no CORS for clients': [
      'client',
      wellKnown(client, { headers: withoutCors }),
      { ...noWeb, failures: ['cors.missing'] }
    ],
    'no CORS for servers': [
      'server',
      wellKnown(server, { headers: withoutCors }),
      { notices: ['cors.missing-elsewhere'] }
    ],
    'no CORS on /support': [
      'support',
      wellKnown(support, { headers: withoutCors }),
      { notices: ['cors.missing-elsewhere'] }
    ],
    'CORS twice': [
      'client',
      origins(['*', '*']),
      { ...noWeb, failures: ['cors.doubled'] },
      /is sent 2 times: \* and \*/
    ],
    'CORS with two values': [
      'client',
      origins('*, *'),
      { ...noWeb, failures: ['cors.doubled'] },
      /has two values: \*, \*/
    ],
    'CORS twice, for servers': [
      'server',
      wellKnown(server, { headers: { 'Access-Control-Allow-Origin': ['*', '*'] } }),
      { notices: ['cors.doubled'] }
    ],

    'OPTIONS without a response': [
      'client',
      (request, response) => {
        if (request.method !== 'OPTIONS') wellKnown(client)(request, response)
      },
      { notices: ['cors.preflight-document'] },
      /There is no response to OPTIONS/
    ],

    'nothing about caching': ['server', caching(undefined), { notices: ['cache.default'] }],
    'nothing about caching, for clients': [
      'client',
      wellKnown(client, { headers: { 'Cache-Control': undefined } }),
      {}
    ],
    'no-cache, which Synapse ignores': [
      'server',
      caching('no-cache'),
      { notices: ['cache.default'] },
      /24 hours/
    ],
    'no-store': [
      'server',
      caching('no-store, max-age=3600'),
      { notices: ['cache.short'] },
      /0 seconds; Synapse caches it for 5 minutes/
    ],
    'a minute': ['server', caching('max-age=60'), { notices: ['cache.short'] }, /1 minute/],
    'five minutes': ['server', caching('max-age=300'), {}],
    'two days': ['server', caching('max-age=172800'), {}],
    'a year': ['server', caching('public, max-age=31536000, immutable'), { warnings: ['cache.long'] }, /365 days/],
    'a year, for clients': [
      'client',
      wellKnown(client, { headers: { 'Cache-Control': 'max-age=31536000' } }),
      { warnings: ['cache.long'] }
    ],
    'several headers': ['server', caching(['public', 'max-age=60', 'max-age=3600']), {}],
    'a date in the past': [
      'server',
      caching(undefined, { Expires: 'Thu, 01 Jan 1970 00:00:00 GMT' }),
      { notices: ['cache.short'] }
    ],
    'an invalid date': ['server', caching(undefined, { Expires: '3600' }), { notices: ['cache.short'] }],

    '/support without anything': [
      'support',
      wellKnown({}),
      { warnings: ['document.invalid'] },
      /^"contacts" or "support_page" is missing; add at least one of them\.$/
    ],
    '/support without contacts, but with a page': [
      'support',
      wellKnown({ contacts: [], support_page: 'https://example.com/help' }),
      {}
    ],
    '/support without contacts and without a page': ['support', wellKnown({ contacts: [] }), {
      warnings: ['document.invalid']
    }],
    'a bare role, which clients read': [
      'support',
      wellKnown({ contacts: [{ role: 'admin', matrix_id: '@a:example.com' }] }),
      { notices: ['document.contact-role'] },
      /^A contact has the role "admin"\.$/
    ],
    'a contact without role': [
      'support',
      wellKnown({ contacts: [{ matrix_id: '@a:example.com' }] }),
      { warnings: ['document.invalid'] },
      /"role" is missing/
    ],
    'an invalid public key': [
      'policy_server',
      wellKnown({ public_keys: { ed25519: 'abc' } }),
      { warnings: ['document.invalid'] },
      /not an ed25519 public key/
    ],
    'an invalid key for which Element X rejects the document': [
      'client',
      wellKnown({ ...client, 'm.tile_server': {} }),
      { clients: 'partly', failures: ['document.invalid'], failing: ['element-x'] }
    ],
    'an invalid key that clients ignore': [
      'client',
      wellKnown({ ...client, 'io.element.e2ee': { default: 'true' } }),
      { warnings: ['document.invalid'] },
      /write true or false, without quotes/
    ],
    'null for the identity server': [
      'client',
      wellKnown({ ...client, 'm.identity_server': null }),
      { ...noWeb, failures: ['document.invalid'], failing: ['element-web', 'nio'] }
    ],
    'a key twice': [
      'client',
      wellKnownText(JSON.stringify(client).replace('{', '{"m.homeserver":{},')),
      { clients: 'partly', failures: ['document.duplicate-key'], failing: ['element-x'] },
      /^The key "m\.homeserver" appears twice\.$/
    ],
    'a key that appears twice and that no reader uses': [
      'client',
      wellKnownText(JSON.stringify(client).replace('{', '{"com.example.a":1,"com.example.a":2,')),
      { notices: ['document.duplicate-key'], failing: [] }
    ],
    'both names of a key': [
      'client',
      wellKnown({ ...client, 'm.tile_server': tiles, 'org.matrix.msc3488.tile_server': tiles }),
      { clients: 'partly', failures: ['document.duplicate-key'], failing: ['element-x'] },
      /are two names of the same key/
    ],
    'half a surrogate pair in a key': [
      'client',
      wellKnown({ ...client, 'com.example.\ud800': 1 }),
      { clients: 'partly', failures: ['document.surrogate'], notices: ['document.key-style'], failing: ['element-x'] }
    ],
    "a URL for calls that isn't a URL": [
      'client',
      wellKnown({ ...client, 'org.matrix.msc4143.rtc_foci': [{ type: 'livekit', livekit_service_url: 'rtc' }] }),
      { warnings: ['document.invalid'], failing: [] }
    ],
    "a URL for maps that isn't a URL": [
      'client',
      wellKnown({ ...client, 'm.tile_server': { map_style_url: 'tiles' } }),
      { warnings: ['document.invalid'], failing: [] }
    ],
    'null for maps': [
      'client',
      wellKnown({ ...client, 'm.tile_server': null }),
      { warnings: ['document.invalid'], failing: [] }
    ],
    'status 201': ['client', wellKnown(client, { status: 201 }), otherStatus],
    'status 203': ['client', wellKnown(client, { status: 203 }), otherStatus],
    'status 206': ['client', wellKnown(client, { status: 206 }), otherStatus],
    'JSON that is labelled gzip': [
      'client',
      wellKnown(client, { headers: { 'Content-Encoding': 'gzip' } }),
      { ...noLogin, failures: ['document.content-encoding'] },
      /can't be decoded/
    ],
    'gzip for browsers, which ask for it': [
      'client',
      respondWith(gzipSync(JSON.stringify(client)), { headers: { ...wellKnownHeaders, 'Content-Encoding': 'gzip' } }),
      {}
    ],
    'gzip for servers, which do not ask for it': [
      'server',
      respondWith(gzipSync(JSON.stringify(server)), { headers: { ...wellKnownHeaders, 'Content-Encoding': 'gzip' } }),
      { federation: 'partly', failures: ['document.content-encoding'], failing: ['synapse'] },
      /is compressed \(gzip\)/
    ],
    'an obsolete key': [
      'client',
      wellKnown({ ...client, 'org.matrix.msc3575.proxy': { url: 'https://x' } }),
      { notices: ['document.obsolete-key'] }
    ],
    'a key without a prefix': [
      'client',
      wellKnown({ ...client, theme: 'dark' }),
      { notices: ['document.key-style'] },
      /"theme"/
    ],

    'another document for browsers': [
      'server',
      (request, response) =>
        wellKnown(request.headers.origin === undefined ? server : { 'm.server': 'other.example.com:443' })(
          request,
          response
        ),
      { notices: ['document.user-agent'] },
      /^A server gets a different response than a browser\.$/
    ],
    'no response for browsers': [
      'server',
      (request, response) => {
        if (request.headers.origin === undefined) wellKnown(server)(request, response)
      },
      { notices: ['document.user-agent'] },
      /^A server gets status 200, a browser no response\.$/
    ],
    'too many requests': [
      'server',
      (request, response) =>
        (request.headers.origin === undefined ? wellKnown(server) : matrixError(429, 'M_LIMIT_EXCEEDED'))(
          request,
          response
        ),
      {}
    ]
  }
  for (const [title, [name, handler, found, what = /./]] of Object.entries(cases)) {
    await t.test(title, async t => {
      const report = await checkWorld(
        await startHealthyWorld(t, {
          site: {
            [paths[name]]: handler,
            [paths[name].replace('GET', 'OPTIONS')]: title.startsWith('OPTIONS') ? handler : undefined
          }
        }),
        { timeout: 2 }
      )
      const { failing, ...summary } = found
      t.strictSame(summarize(report), expectSummary(summary))
      if (failing !== undefined) t.strictSame(failingReaders(report), failing)
      if (report.findings.length > 0) t.match(report.findings, [{ what, evidence: {} }])
    })
  }
})

t.test('a response that takes more than three seconds, redirects included, is slow', async t => {
  const response = {
    status: 200,
    headers: [
      ['content-type', 'application/json'],
      ['cache-control', 'max-age=3600'],
      ['access-control-allow-origin', '*']
    ],
    body: Buffer.from(JSON.stringify(support)),
    truncated: false
  } as const
  const hop = (milliseconds: number): Parameters<typeof judgeDocument>[1]['fetch']['hops'][0] => ({
    request: { method: 'GET', target: '/', headers: {} },
    url: 'https://example.com/.well-known/matrix/support',
    address: '45.0.0.2',
    port: 443,
    tls: undefined,
    response,
    failure: undefined,
    milliseconds
  })
  const judge = (milliseconds: number): unknown[] =>
    judgeDocument(
      'support',
      {
        fetch: {
          host: 'example.com',
          path: '/.well-known/matrix/support',
          address: '45.0.0.2',
          hops: [hop(milliseconds)],
          redirectFault: undefined,
          reading: { content: support }
        },
        asOther: undefined,
        preflight: undefined
      },
      { area: 'documents', about: { document: 'support' } },
      new Date()
    ).map(describeFinding)
  t.strictSame(judge(3000), [])
  t.match(judge(3001), [{ id: 'document.slow', severity: 'warning', what: 'It took 3.0 seconds.' }])
})
