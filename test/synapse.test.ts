import t from 'tap'
import type { Environment } from '../src/config/environment.ts'
import { startApp } from './support/app.ts'
import { faultsOf } from './support/faults.ts'
import { request } from './support/http.ts'

/** How Synapse 1.163.2 responds with these options; undefined is 404. */
interface SynapseCase {
  options: Readonly<Record<string, unknown>>
  server: string | undefined
  client: string | undefined
  settings: Environment
}

const extra = {
  'org.matrix.msc4143.rtc_foci': [{ type: 'livekit', livekit_service_url: 'https://rtc.example.com' }],
  'io.element.e2ee': { default: false },
  'com.example.z': 1,
  'com.example.a': 'é'
}
const off = { SERVE_SERVER_WELLKNOWN: 'false' }
const client = { ...off, M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }

const cases: SynapseCase[] = [
  {
    options: { server_name: 'example.com' },
    server: undefined,
    client: undefined,
    settings: { SERVER_NAME: 'example.com', ...off }
  },
  {
    options: { server_name: 'example.com', serve_server_wellknown: true },
    server: '{"m.server":"example.com:443"}',
    client: undefined,
    settings: { SERVER_NAME: 'example.com' }
  },
  {
    options: { server_name: 'example.com:8449', serve_server_wellknown: true },
    server: '{"m.server":"example.com:8449"}',
    client: undefined,
    settings: { SERVER_NAME: 'example.com:8449' }
  },
  {
    options: { server_name: '[::1]', serve_server_wellknown: true },
    server: '{"m.server":"[::1]:443"}',
    client: undefined,
    settings: { SERVER_NAME: '[::1]' }
  },
  {
    options: { server_name: '[::1]:8448', serve_server_wellknown: true },
    server: '{"m.server":"[::1]:8448"}',
    client: undefined,
    settings: { SERVER_NAME: '[::1]:8448' }
  },
  {
    options: { server_name: '1.2.3.4', serve_server_wellknown: true },
    server: '{"m.server":"1.2.3.4:443"}',
    client: undefined,
    settings: { SERVER_NAME: '1.2.3.4' }
  },
  {
    options: { server_name: 'Example.COM', serve_server_wellknown: true },
    server: '{"m.server":"Example.COM:443"}',
    client: undefined,
    settings: { SERVER_NAME: 'Example.COM' }
  },
  {
    options: { public_baseurl: 'https://matrix.example.com' },
    server: undefined,
    client: '{"m.homeserver":{"base_url":"https://matrix.example.com/"}}',
    settings: client
  },
  {
    options: { public_baseurl: 'https://example.com/matrix' },
    server: undefined,
    client: '{"m.homeserver":{"base_url":"https://example.com/matrix/"}}',
    settings: { ...off, M_HOMESERVER_BASE_URL: 'https://example.com/matrix' }
  },
  {
    options: { public_baseurl: 'http://Matrix.Example.com:8008' },
    server: undefined,
    client: '{"m.homeserver":{"base_url":"http://Matrix.Example.com:8008/"}}',
    settings: { ...off, M_HOMESERVER_BASE_URL: 'http://Matrix.Example.com:8008' }
  },
  {
    options: { public_baseurl: 'https://matrix.example.com/', default_identity_server: 'https://vector.im' },
    server: undefined,
    client: '{"m.homeserver":{"base_url":"https://matrix.example.com/"},' +
      '"m.identity_server":{"base_url":"https://vector.im"}}',
    settings: { ...client, M_IDENTITY_SERVER_BASE_URL: 'https://vector.im' }
  },
  {
    options: { public_baseurl: 'https://matrix.example.com/', extra_well_known_client_content: extra },
    server: undefined,
    client: '{"m.homeserver":{"base_url":"https://matrix.example.com/"},' +
      '"org.matrix.msc4143.rtc_foci":[{"type":"livekit","livekit_service_url":"https://rtc.example.com"}],' +
      '"io.element.e2ee":{"default":false},"com.example.z":1,"com.example.a":"\\u00e9"}',
    settings: { ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify(extra) }
  },
  { options: { default_identity_server: 'https://vector.im' }, server: undefined, client: undefined, settings: off }
]

/** A document as readers see it, with its keys in order. A slash at the end of a base URL makes no difference. */
function meaningOf (body: string): string {
  return JSON.stringify(JSON.parse(body, (key, value: unknown) =>
    key === 'base_url' && typeof value === 'string' ? value.replace(/\/$/, '') : value))
}

t.test('the documents are the same as those of Synapse', async t => {
  for (const { options, server, client, settings } of cases) {
    const { port } = await startApp(t, settings)
    for (const [name, theirs] of [['server', server], ['client', client]] as const) {
      const path = `/.well-known/matrix/${name}`
      const ours = await request(port, path)
      const what = `${JSON.stringify(options)} ${path}`
      t.equal(ours.status, theirs === undefined ? 404 : 200, what)
      if (theirs !== undefined) {
        t.equal(meaningOf(ours.body), meaningOf(theirs), what)
        t.strictSame(ours.headers['content-type'], ['application/json'], 'the Content-Type of Synapse')
      }
    }
  }
})

t.test('settings that Synapse rejects are rejected', async t => {
  const base = { SERVER_NAME: 'example.com', ...client }
  const rejected: [theirs: string, settings: Environment][] = [
    [
      'm.homeserver is not supported in extra_well_known_content, use public_baseurl in base config instead.',
      { EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m.homeserver":{"base_url":"https://a.example"}}' }
    ],
    [
      'm.identity_server is not supported in extra_well_known_content, ' +
        'use default_identity_server in base config instead.',
      { EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m.identity_server":{"base_url":"https://a.example"}}' }
    ],
    ['extra_well_known_content must be a dictionary of key-value pairs', { EXTRA_WELL_KNOWN_CLIENT_CONTENT: '["a"]' }],
    [
      'public_baseurl cannot contain query parameters or a #-fragment',
      { M_HOMESERVER_BASE_URL: 'https://matrix.example.com/?a=b' }
    ],
    [
      'public_baseurl cannot contain query parameters or a #-fragment',
      { M_HOMESERVER_BASE_URL: 'https://matrix.example.com/#a' }
    ],
    ["Invalid scheme 'ftp': only https and http are supported", { M_HOMESERVER_BASE_URL: 'ftp://matrix.example.com' }],
    ["Invalid scheme '': only https and http are supported", { M_HOMESERVER_BASE_URL: 'matrix.example.com' }],
    ['Unable to parse URL: Invalid IPv6 URL', { M_HOMESERVER_BASE_URL: 'https://[::1' }]
  ]
  for (const [theirs, settings] of rejected) t.equal(faultsOf({ ...base, ...settings }).length, 1, theirs)
})

t.test('these differences are intended', async t => {
  const { port } = await startApp(t, {
    M_HOMESERVER_BASE_URL: 'https://matrix.example.com/',
    EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify(extra)
  })
  const server = await request(port, '/.well-known/matrix/server')
  t.match(server.headers, { 'access-control-allow-origin': ['*'] }, '/server has CORS headers, for checks in browsers')
  const cached = { 'cache-control': ['public, max-age=3600'] }
  t.match(server.headers, cached, "/server has a max-age: a mistake isn't cached for Synapse's default of 24 hours")

  const clientDocument = await request(port, '/.well-known/matrix/client')
  t.match(clientDocument.headers, cached, '/client may be cached: it only changes with a restart')
  const baseUrl = '"base_url":"https://matrix.example.com"'
  t.match(clientDocument.body, baseUrl, 'a base URL has no slash at its end, which some readers double')
  t.match(clientDocument.body, '"com.example.a":"é"', 'letters outside ASCII are not escaped')

  const missing = await request(port, '/.well-known/matrix/support')
  const readable = { 'content-type': ['application/json'], 'access-control-allow-origin': ['*'] }
  t.match(missing, { status: 404, headers: readable }, 'a browser can read a 404')
  t.match(missing.body, /^{"errcode":"M_NOT_FOUND"/, 'a 404 is JSON')
  const longer = await request(port, '/.well-known/matrix/client/x')
  t.equal(longer.status, 404, "a path with something after it isn't a document")
  const post = await request(port, '/.well-known/matrix/server', 'POST')
  t.match(post, { status: 405, headers: { 'content-type': ['application/json'] } }, 'a 405 is JSON')

  const unused = { SERVER_NAME: 'example.com', EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.a":1}' }
  const fault = /: not served, because \/client needs M_HOMESERVER_BASE_URL/
  t.match(faultsOf(unused), [fault], 'keys that would not be served are rejected')
})
