import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/environment.ts'

const base = { SERVER_NAME: 'example.com' }
const client = { ...base, M_SERVER: 'matrix.example.com:443', M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }

t.test('settings that are valid but probably not intended cause one warning each', async t => {
  const cases: [environment: Environment, ...warnings: string[]][] = [
    [client],
    [{ ...base, M_SERVER: 'matrix.example.com' },
      'M_SERVER is "matrix.example.com", without a port: other servers look for SRV records, then use port 8448; ' +
        'if yours is on port 443, use matrix.example.com:443'],
    [{ ...base, M_SERVER: '[2a00:db8::1]' },
      'M_SERVER is "[2a00:db8::1]", without a port: other servers use port 8448; if yours is on port 443, use ' +
        '[2a00:db8::1]:443'],
    [{ ...base, M_SERVER: 'matrix.example.com:8008' },
      'M_SERVER is "matrix.example.com:8008": homeservers usually have no TLS on port 8008, and other servers ' +
        'require it; if a proxy does TLS on port 443, use matrix.example.com:443'],
    [{ ...base, M_SERVER: '[2a00:db8::1]:8008' },
      'M_SERVER is "[2a00:db8::1]:8008": homeservers usually have no TLS on port 8008, and other servers require it; ' +
        'if a proxy does TLS on port 443, use [2a00:db8::1]:443'],
    [{ SERVER_NAME: 'example.com:8448' },
      'SERVER_NAME is "example.com:8448", with a port: other servers connect to that port and never request ' +
        '/.well-known/matrix/server; most clients request /.well-known/matrix/client at that port, although the ' +
        'specification says port 443, so serve it at both'],
    [{ SERVER_NAME: '192.0.2.1' },
      'SERVER_NAME is "192.0.2.1", an IP address: other servers connect to it and never request its ' +
        '/.well-known/matrix/server'],
    [{ SERVER_NAME: '[2a00:db8::1]:8448' },
      'SERVER_NAME is "[2a00:db8::1]:8448", an IP address: other servers connect to it and never request its ' +
        '/.well-known/matrix/server'],
    [{ SERVER_NAME: 'Example.com' },
      'SERVER_NAME is "Example.com", with upper-case letters: server names are case-sensitive, and lower case is ' +
        'recommended'],
    [{ SERVER_NAME: '010.0.0.1' },
      'SERVER_NAME is "010.0.0.1", an IP address: other servers connect to it and never request its ' +
        '/.well-known/matrix/server',
      'SERVER_NAME is "010.0.0.1", which has leading zeros that some readers read as octal: clients and ' +
        'servers may not find it'],
    [{ SERVER_NAME: '1.2.3:443' },
      'SERVER_NAME is "1.2.3:443", with a port: other servers connect to that port and never request ' +
        '/.well-known/matrix/server; most clients request /.well-known/matrix/client at that port, although the ' +
        'specification says port 443, so serve it at both',
      'SERVER_NAME is "1.2.3:443", which ends in a number, so URL parsers read it as the IPv4 address 1.2.0.3: ' +
        'clients and servers may not find it'],
    [{ SERVER_NAME: 'xn--a' },
      'SERVER_NAME is "xn--a", which isn\'t a host name that URL parsers accept: clients and servers may not find it'],
    [{ SERVER_NAME: 'ab--cd.example.com' },
      'SERVER_NAME is "ab--cd.example.com", which contains "ab--cd", which has "--" as third and fourth characters: ' +
        "Synapse can't connect to it"],
    [{ SERVER_NAME: 'xn--ls8h.la' },
      'SERVER_NAME is "xn--ls8h.la", which contains "xn--ls8h", which encodes "💩", which isn\'t a letter or digit: ' +
        "Synapse can't connect to it"],
    [{ SERVER_NAME: '[2a00:db8::1]:6000' },
      'SERVER_NAME is "[2a00:db8::1]:6000", an IP address: other servers connect to it and never request its ' +
        '/.well-known/matrix/server',
      'SERVER_NAME is "[2a00:db8::1]:6000", with a port that browsers block: web clients can\'t request its documents'],
    [{ ...client, M_SERVER: 'matrix.example.com:6000', M_HOMESERVER_BASE_URL: 'https://ab--cd.example.com:6000' },
      'M_HOMESERVER_BASE_URL is "https://ab--cd.example.com:6000": browsers and Node\'s fetch block port 6000; ' +
        'use another one, such as 443'],
    [{ ...client, LIVEKIT_SERVICE_URL: 'http://rtc.example.com:22' },
      'LIVEKIT_SERVICE_URL has "http://rtc.example.com:22": browsers and Node\'s fetch block port 22; ' +
        'use another one, such as 443',
      'LIVEKIT_SERVICE_URL has "http://rtc.example.com:22", without TLS: others can read the traffic, ' +
        'and browsers block it on https pages'],
    [{ ...base, M_SERVER: 'M.example.com:443' },
      'M_SERVER is "M.example.com:443", with upper-case letters: server names are case-sensitive, and lower case ' +
        'is recommended'],
    [{ ...base, M_SERVER: 'matrix.example.com:443', SERVE_SERVER_WELLKNOWN: 'false' },
      'M_SERVER is "matrix.example.com:443", but SERVE_SERVER_WELLKNOWN is false, so /.well-known/matrix/server ' +
        "isn't served",
      'nothing is served: SERVE_SERVER_WELLKNOWN is false, and no other document is configured'],
    [{ ...base, M_SERVER: 'synapse:8008' },
      'M_SERVER is "synapse:8008": "synapse" has no dot, so it resolves only on your network; use a name that ' +
        'resolves outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: 'localhost:8448' },
      "M_SERVER is \"localhost:8448\": \"localhost\" is each reader's own machine; use a name that resolves " +
        'outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: 'nas.local:443' },
      'M_SERVER is "nas.local:443": names in ".local" resolve only on your network; use a name that resolves ' +
        'outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: 'matrix.internal:443' },
      'M_SERVER is "matrix.internal:443": names in ".internal" resolve only on your network; use a name that ' +
        'resolves outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: 'a.home.arpa:443' },
      'M_SERVER is "a.home.arpa:443": names in ".home.arpa" resolve only on your network; use a name that ' +
        'resolves outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: 'Matrix.LAN:443' },
      'M_SERVER is "Matrix.LAN:443": names in ".lan" resolve only on your network; use a name that resolves ' +
        'outside, such as matrix.example.com:443',
      'M_SERVER is "Matrix.LAN:443", with upper-case letters: server names are case-sensitive, and lower case is ' +
        'recommended'],
    [{ ...base, M_SERVER: '192.168.1.10:8448' },
      "M_SERVER is \"192.168.1.10:8448\": 192.168.1.10 isn't a public address: it can't be reached from outside; " +
        'use a name that resolves outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: '127.0.0.1:8448' },
      "M_SERVER is \"127.0.0.1:8448\": 127.0.0.1 isn't a public address: it can't be reached from outside; use a " +
        'name that resolves outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: '[::1]:8448' },
      "M_SERVER is \"[::1]:8448\": [::1] isn't a public address: it can't be reached from outside; use a name " +
        'that resolves outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: '[fd00::1]:8448' },
      "M_SERVER is \"[fd00::1]:8448\": [fd00::1] isn't a public address: it can't be reached from outside; use a " +
        'name that resolves outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: '10.0.0.1' },
      "M_SERVER is \"10.0.0.1\": 10.0.0.1 isn't a public address: it can't be reached from outside; use a name " +
        'that resolves outside, such as matrix.example.com:443'],
    [{ ...base, M_SERVER: 'matrix.example.com:443', M_HOMESERVER_BASE_URL: 'http://synapse:8008' },
      'M_HOMESERVER_BASE_URL is "http://synapse:8008": "synapse" has no dot, so it resolves only on your network; ' +
        'use a URL that works outside, such as https://matrix.example.com'],
    [{ ...base, M_SERVER: 'matrix.example.com:443', M_HOMESERVER_BASE_URL: 'https://localhost:8448' },
      "M_HOMESERVER_BASE_URL is \"https://localhost:8448\": \"localhost\" is each reader's own machine; use a URL " +
        'that works outside, such as https://matrix.example.com'],
    [{ ...base, M_SERVER: 'matrix.example.com:443', M_HOMESERVER_BASE_URL: 'https://192.168.1.10' },
      "M_HOMESERVER_BASE_URL is \"https://192.168.1.10\": 192.168.1.10 isn't a public address: it can't be " +
        'reached from outside; use a URL that works outside, such as https://matrix.example.com'],
    [{ ...client, M_IDENTITY_SERVER_BASE_URL: 'https://id.local', LIVEKIT_SERVICE_URL: 'https://[fe80::1]/jwt' },
      'M_IDENTITY_SERVER_BASE_URL is "https://id.local": names in ".local" resolve only on your network; use a ' +
        'URL that works outside, such as https://matrix.example.com',
      "LIVEKIT_SERVICE_URL has \"https://[fe80::1]/jwt\": [fe80::1] isn't a public address: it can't be reached " +
        'from outside; use a URL that works outside, such as https://matrix.example.com'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com' },
      'M_SERVER isn\'t set, so other servers are sent to "example.com:443", but M_HOMESERVER_BASE_URL sends ' +
        'clients to "matrix.example.com": if your homeserver is there, set M_SERVER=matrix.example.com:443'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com:8448/' },
      'M_SERVER isn\'t set, so other servers are sent to "example.com:443", but M_HOMESERVER_BASE_URL sends ' +
        'clients to "matrix.example.com": if your homeserver is there, set M_SERVER=matrix.example.com:8448'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'http://matrix.example.com:8008' },
      'M_SERVER isn\'t set, so other servers are sent to "example.com:443", but M_HOMESERVER_BASE_URL sends ' +
        'clients to "matrix.example.com": if your homeserver is there, set M_SERVER=matrix.example.com:443',
      'M_HOMESERVER_BASE_URL is "http://matrix.example.com:8008", without TLS: others can read the traffic, and ' +
        'browsers block it on https pages'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'https://matrix.internal' },
      'M_HOMESERVER_BASE_URL is "https://matrix.internal": names in ".internal" resolve only on your network; ' +
        'use a URL that works outside, such as https://matrix.example.com'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'https://Example.com' }],
    [{ ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com', SERVE_SERVER_WELLKNOWN: 'false' }],
    [{ SERVER_NAME: 'example.com:8448', M_HOMESERVER_BASE_URL: 'https://matrix.example.com' },
      'SERVER_NAME is "example.com:8448", with a port: other servers connect to that port and never request ' +
        '/.well-known/matrix/server; most clients request /.well-known/matrix/client at that port, although the ' +
        'specification says port 443, so serve it at both'],
    [{ ...base, M_SERVER: 'matrix.example.com:443', M_HOMESERVER_BASE_URL: 'https://Example.com' },
      'M_HOMESERVER_BASE_URL is "https://Example.com", the host of SERVER_NAME, but M_SERVER sends other servers ' +
        'to "matrix.example.com:443": should clients use that host too?'],
    [{ ...base, M_SERVER: 'example.com:8448', M_HOMESERVER_BASE_URL: 'https://example.com' }],
    [{ ...base, M_SERVER: 'matrix.example.com:443', M_HOMESERVER_BASE_URL: 'https://matrix.example.com/synapse/' },
      'M_HOMESERVER_BASE_URL is "https://matrix.example.com/synapse/", with a path: clients append "/_matrix/…" ' +
        'to it, and most homeservers have none'],
    [{ ...base, M_SERVER: 'matrix.example.com:443', M_HOMESERVER_BASE_URL: 'http://matrix.example.com' },
      'M_HOMESERVER_BASE_URL is "http://matrix.example.com", without TLS: others can read the traffic, and ' +
        'browsers block it on https pages'],
    [{ ...client, LIVEKIT_SERVICE_URL: 'https://b.example,HTTP://c.example/jwt', SUPPORT_PAGE: 'http://d.example' },
      'LIVEKIT_SERVICE_URL has "HTTP://c.example/jwt", without TLS: others can read the traffic, and ' +
        'browsers block it on https pages',
      'SUPPORT_PAGE is "http://d.example", without TLS: others can read the traffic, and browsers block it ' +
        'on https pages'],
    [{ ...client, SUPPORT_PAGE: 'mailto:a@example.com' }],
    [{
      ...client,
      EXTRA_WELL_KNOWN_CLIENT_CONTENT:
        '{"org.matrix.msc3575.proxy":{"url":"https://a.example"},"org.matrix.msc2965.authentication":{},"key":1,"c' +
          'om.example.key":1}'
    },
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT has the key "org.matrix.msc3575.proxy", which is obsolete: homeservers ' +
        'support simplified sliding sync themselves',
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT has the key "org.matrix.msc2965.authentication", which is obsolete: ' +
        'clients request /_matrix/client/v1/auth_metadata from the homeserver instead',
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT has the key "key": the specification requires names such as com.example.key'],
    [{
      ...client,
      EXTRA_WELL_KNOWN_CLIENT_CONTENT:
        '{"m.tile_server":{"map_style_url":"http://a.example"},"org.matrix.msc4143.rtc_foci":[{"type":"livekit","l' +
          'ivekit_service_url":"http://b.example"}],"com.example.x":{"map_style_url":"http://c.example"},"io.eleme' +
          'nt.e2ee":{"map_style_url":"http://"}}'
    },
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT has "http://a.example", without TLS: others can read the traffic, ' +
        'and browsers block it on https pages',
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT has "http://b.example", without TLS: others can read the traffic, ' +
        'and browsers block it on https pages'],
    [{
      ...base,
      SUPPORT_CONTACTS:
        '[{"role":"m.role.admin","matrix_id":"@alice:example.com"},{"role":"m.role.admin","matrix_id":"@jürgen:exa' +
          'mple.com"},{"role":"m.role.admin","matrix_id":"@:example.com"}]'
    },
    'SUPPORT_CONTACTS, entry 2, "matrix_id", is "@jürgen:example.com": user IDs like this are historical ' +
        "and can't be registered any more",
    'SUPPORT_CONTACTS, entry 3, "matrix_id", is "@:example.com": user IDs like this are historical and ' +
        "can't be registered any more"],
    [{ ...base, CACHE_MAX_AGE: '299' },
      'CACHE_MAX_AGE is 299: Synapse caches a document for at least 300 seconds anyway'],
    [{ ...base, CACHE_MAX_AGE: '172801' },
      'CACHE_MAX_AGE is 172801: Synapse caches a document for at most 172800 seconds (48 hours), ' +
        'but others keep a wrong one longer'],
    [{ ...base, CACHE_MAX_AGE: '300' }],
    [{ ...base, CACHE_MAX_AGE: '172800' }],
    [{ ...base, LOG_REQUESTS: 'true', LOG_LEVEL: 'warn' },
      'LOG_REQUESTS is true, but LOG_LEVEL is warn, which hides these lines: set it to info'],
    [{ ...base, SERVE_SERVER_WELLKNOWN: 'false' },
      'nothing is served: SERVE_SERVER_WELLKNOWN is false, and no other document is configured'],
    [{ ...base, SERVE_SERVER_WELLKNOWN: 'false', EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{}}' }],
    [{ ...base, M_SEVER: 'x' },
      "M_SEVER isn't a setting and is ignored; did you mean M_SERVER?"],
    [{ SERVER_NAME: `${'a.'.repeat(114)}co` }],
    [{ SERVER_NAME: `${'a.'.repeat(114)}coms` },
      `SERVER_NAME is "${'a.'.repeat(39)}a…", 232 characters long: at most 230 are recommended`],
    [{ SERVER_NAME: `${'a'.repeat(64)}.example` },
      `SERVER_NAME is "${'a'.repeat(64)}.example", with more than 63 characters between two dots: ` +
        'DNS has no such names'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: `{"com.example.a":"${'x'.repeat(12_288)}"}` },
      '/.well-known/matrix/client is 12365 bytes long: some servers (tuwunel) read at most 12287']
  ]
  for (const [environment, ...warnings] of cases) {
    const found = loadConfig(environment).warnings
    t.strictSame(found.map(({ message }) => message), warnings, JSON.stringify(environment).slice(0, 200))
    for (const { variable, message } of found) t.match(message, new RegExp(`^${variable ?? '(nothing|/)'}`))
  }
})
