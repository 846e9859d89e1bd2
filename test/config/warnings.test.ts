import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/environment.ts'

const base = { SERVER_NAME: 'example.com' }
const client = { ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }

t.test('what is legal but probably not meant is told, once', async t => {
  const cases: [environment: Environment, ...warnings: string[]][] = [
    [{ ...client, M_SERVER: 'matrix.example.com:443' }],
    [{ ...base, M_SERVER: 'matrix.example.com' }, 'M_SERVER is "matrix.example.com", without a port: other servers look for SRV records and then try port 8448; if yours is on port 443, write matrix.example.com:443'],
    [{ ...base, M_SERVER: '[::1]' }, 'M_SERVER is "[::1]", without a port: other servers try port 8448; if yours is on port 443, write [::1]:443'],
    [{ SERVER_NAME: 'example.com:8448' }, 'SERVER_NAME is "example.com:8448", with a port: other servers connect to that port and never look for its /.well-known/matrix/server'],
    [{ SERVER_NAME: '192.0.2.1' }, 'SERVER_NAME is "192.0.2.1", an IP address: other servers connect to it at once and never look for its /.well-known/matrix/server'],
    [{ SERVER_NAME: '[::1]:8448' }, 'SERVER_NAME is "[::1]:8448", an IP address: other servers connect to it at once and never look for its /.well-known/matrix/server'],
    [{ SERVER_NAME: 'Example.com' }, 'SERVER_NAME is "Example.com", with upper case: server names are case-sensitive, lower case is recommended'],
    [{ SERVER_NAME: `${'a.'.repeat(114)}co`, M_SERVER: 'M.example.com:443' }, 'M_SERVER is "M.example.com:443", with upper case: server names are case-sensitive, lower case is recommended'],
    [{ SERVER_NAME: `${'a.'.repeat(114)}coms` }, `SERVER_NAME is "${'a.'.repeat(40)}…", 232 characters long: at most 230 are recommended`],
    [{ SERVER_NAME: `${'a'.repeat(64)}.example` }, `SERVER_NAME is "${'a'.repeat(64)}.example", with more than 63 characters between two dots: the DNS has no such names`],
    [{ ...base, M_SERVER: 'matrix.example.com:443', SERVE_SERVER_WELLKNOWN: 'false' }, 'M_SERVER is "matrix.example.com:443", but SERVE_SERVER_WELLKNOWN is false, so /.well-known/matrix/server is not served',
      'nothing is served: SERVE_SERVER_WELLKNOWN is false, and no other document is configured'],
    [{ ...base, M_SERVER: 'matrix.example.com:443', M_HOMESERVER_BASE_URL: 'https://Example.com' }, 'M_HOMESERVER_BASE_URL is "https://Example.com", the host of SERVER_NAME, while M_SERVER sends other servers to "matrix.example.com:443": do clients not go there too?'],
    [{ ...base, M_SERVER: 'example.com:8448', M_HOMESERVER_BASE_URL: 'https://example.com' }],
    [{ ...base, M_HOMESERVER_BASE_URL: 'https://example.com' }],
    [{ ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com/synapse/' }, 'M_HOMESERVER_BASE_URL is "https://matrix.example.com/synapse/", with a path: clients append "/_matrix/…" to it; most homeservers have none'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'http://matrix.example.com' }, 'M_HOMESERVER_BASE_URL is "http://matrix.example.com": without TLS everybody on the way can read along, and browsers refuse it on an https page'],
    [{ ...client, M_IDENTITY_SERVER_BASE_URL: 'http://a.example', LIVEKIT_SERVICE_URL: 'https://b.example,HTTP://c.example/jwt', SUPPORT_PAGE: 'http://d.example' },
      'M_IDENTITY_SERVER_BASE_URL is "http://a.example": without TLS everybody on the way can read along, and browsers refuse it on an https page',
      'LIVEKIT_SERVICE_URL is "HTTP://c.example/jwt": without TLS everybody on the way can read along, and browsers refuse it on an https page',
      'SUPPORT_PAGE is "http://d.example": without TLS everybody on the way can read along, and browsers refuse it on an https page'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"org.matrix.msc3575.proxy":{"url":"https://a.example"},"org.matrix.msc2965.authentication":{},"key":1,"com.example.key":1}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT has the key "org.matrix.msc3575.proxy", which is obsolete: homeservers answer simplified sliding sync themselves',
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT has the key "org.matrix.msc2965.authentication", which is obsolete: clients ask the homeserver for /_matrix/client/v1/auth_metadata instead',
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT has the key "key": the specification wants names such as com.example.key'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m.tile_server":{"map_style_url":"http://a.example"},"org.matrix.msc4143.rtc_foci":[{"type":"livekit","livekit_service_url":"http://b.example"}],"com.example.x":{"map_style_url":"http://c.example"}}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is "http://a.example": without TLS everybody on the way can read along, and browsers refuse it on an https page',
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is "http://b.example": without TLS everybody on the way can read along, and browsers refuse it on an https page'],
    [{ ...base, CACHE_MAX_AGE: '299' }, 'CACHE_MAX_AGE is 299: Synapse keeps a document for at least 300 seconds all the same'],
    [{ ...base, CACHE_MAX_AGE: '172801' }, 'CACHE_MAX_AGE is 172801: Synapse keeps a document for at most 172800 seconds (48 hours), and a wrong one stays with others for longer'],
    [{ ...base, CACHE_MAX_AGE: '300' }],
    [{ ...base, CACHE_MAX_AGE: '172800' }],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: `{"com.example.a":"${'x'.repeat(12_288)}"}` }, '/.well-known/matrix/client is 12365 bytes long: some servers (tuwunel) read at most 12288'],
    [{ ...base, LOG_REQUESTS: 'true', LOG_LEVEL: 'warn' }, 'LOG_REQUESTS is true, but LOG_LEVEL is warn, which leaves out the lines of requests: set it to info'],
    [{ ...base, SERVE_SERVER_WELLKNOWN: 'false' }, 'nothing is served: SERVE_SERVER_WELLKNOWN is false, and no other document is configured'],
    [{ ...base, M_SEVER: 'matrix.example.com:443' }, 'M_SEVER is not a setting and is ignored: did you mean M_SERVER?']
  ]
  for (const [environment, ...warnings] of cases) t.strictSame(loadConfig(environment).warnings, warnings, JSON.stringify(environment).slice(0, 200))
})
