import t from 'tap'
import { loadConfig, loadListenAddress } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/environment.ts'
import type { ConfigError } from '../../src/config/fault.ts'
import { settings } from '../../src/config/settings.ts'
import { buildDocuments } from '../../src/site/documents.ts'
import { faultsOf } from '../support/faults.ts'

const base = { SERVER_NAME: 'example.com' }
const client = { ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }

t.test('the server name alone is enough', async t => {
  const { documents, ...config } = loadConfig(base)
  t.strictSame(documents, buildDocuments(config.site))
  t.strictSame(config, {
    server: { host: '::', port: 8080, logLevel: 'info', logRequests: false, trustProxy: false },
    site: {
      serverName: 'example.com',
      delegatedServer: 'example.com:443',
      homeserverBaseUrl: undefined,
      identityServerBaseUrl: undefined,
      livekitServiceUrls: [],
      extraClientContent: {},
      supportPage: undefined,
      extraSupportContent: {},
      extraDocuments: {},
      supportContacts: [],
      policyServerKey: undefined,
      cacheMaxAge: 3600
    },
    warnings: []
  })
})

t.test('every default could have been written', async t => {
  for (const [name, setting] of Object.entries(settings)) {
    if (!('default' in setting) || Array.isArray(setting.default)) continue
    const text = typeof setting.default === 'string' ? setting.default : JSON.stringify(setting.default)
    t.strictSame(loadConfig({ ...client, [name]: text }), loadConfig(client), `${name}=${text}`)
  }
})

t.test('every setting is taken over', async t => {
  const contacts = [{ role: 'm.role.security', email_address: 'security@example.com', 'dev.zirco.msc4439.pgp_key': 'x' }]
  const { documents, ...config } = loadConfig({
    SERVER_NAME: ' example.com\n',
    M_SERVER: 'matrix.example.com:443',
    SERVE_SERVER_WELLKNOWN: 'true',
    M_HOMESERVER_BASE_URL: 'https://matrix.example.com/',
    M_IDENTITY_SERVER_BASE_URL: 'https://id.example.com/',
    LIVEKIT_SERVICE_URL: 'https://rtc1.example.com/ , https://rtc2.example.com/livekit/jwt',
    EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"io.element.e2ee":{"default":false},"com.example.a":[1.5,null,"é"]}',
    SUPPORT_PAGE: 'https://example.com/help?topic=matrix',
    SUPPORT_CONTACTS: JSON.stringify(contacts),
    POLICY_SERVER_ED25519: '6yhHGKhCiXTSEN2ksjV7kX_N6rBQZ3Xb-M7LlC6NS-s',
    CACHE_MAX_AGE: '600',
    HOST: '127.0.0.1',
    PORT: '81',
    LOG_LEVEL: 'debug',
    LOG_REQUESTS: 'true',
    TRUST_PROXY: 'loopback, 10.0.0.0/8,2001:db8::/32'
  })
  t.strictSame(documents, buildDocuments(config.site))
  t.strictSame(config, {
    server: { host: '127.0.0.1', port: 81, logLevel: 'debug', logRequests: true, trustProxy: ['loopback', '10.0.0.0/8', '2001:db8::/32'] },
    site: {
      serverName: 'example.com',
      delegatedServer: 'matrix.example.com:443',
      homeserverBaseUrl: 'https://matrix.example.com',
      identityServerBaseUrl: 'https://id.example.com',
      livekitServiceUrls: ['https://rtc1.example.com', 'https://rtc2.example.com/livekit/jwt'],
      extraClientContent: { 'io.element.e2ee': { default: false }, 'com.example.a': [1.5, null, 'é'] },
      supportPage: 'https://example.com/help?topic=matrix',
      extraSupportContent: {},
      extraDocuments: {},
      supportContacts: contacts,
      policyServerKey: '6yhHGKhCiXTSEN2ksjV7kX_N6rBQZ3Xb-M7LlC6NS-s',
      cacheMaxAge: 600
    },
    warnings: []
  })
  t.equal(loadConfig({ ...base, TRUST_PROXY: 'true' }).server.trustProxy, true)
})

t.test('m.server is the server itself where nothing else is said, by the rule of Synapse', async t => {
  const defaults = { 'example.com': 'example.com:443', 'example.com:8449': 'example.com:8449', '[::1]': '[::1]:443', '[::1]:8448': '[::1]:8448', '1.2.3.4': '1.2.3.4:443' }
  for (const [SERVER_NAME, expected] of Object.entries(defaults)) {
    t.equal(loadConfig({ SERVER_NAME }).site.delegatedServer, expected, SERVER_NAME)
  }
  t.equal(loadConfig({ ...base, M_SERVER: 'matrix.example.com' }).site.delegatedServer, 'matrix.example.com', 'nothing is added to what was said')
  t.equal(loadConfig({ ...base, SERVE_SERVER_WELLKNOWN: 'false' }).site.delegatedServer, undefined)
})

t.test('empty means unset', async t => {
  t.strictSame(loadConfig({ ...base, M_SERVER: '', M_SERVER_FILE: ' ', PORT: ' ', SUPPORT_CONTACTS: '\n', LIVEKIT_SERVICE_URL: '' }), loadConfig(base))
})

t.test('a wrong setting is told in a line that names the variable, the value, the fault and the mend', async t => {
  const key = 'EXTRA_WELL_KNOWN_CLIENT_CONTENT'
  const extraExample = '{"io.element.e2ee":{"default":true}}'
  const contactExample = '[{"role":"m.role.admin","matrix_id":"@admin:example.com","email_address":"admin@example.com"}]'
  const cases: [environment: Environment, ...lines: string[]][] = [
    [{}, 'SERVER_NAME is not set: write the server name: what stands after the colon in user IDs, such as SERVER_NAME=example.com'],
    [{ SERVER_NAME: '256.1.1.1' }, 'SERVER_NAME is "256.1.1.1": not an IPv4 address: its four parts go from 0 to 255'],
    [{ SERVER_NAME: 'a..b' }, 'SERVER_NAME is "a..b": a dot too many, write a.b'],
    [{ SERVER_NAME: 'my_host' }, 'SERVER_NAME is "my_host": "_" is not allowed: a host name has letters, digits, "-" and "." only'],
    [{ SERVER_NAME: 'münchen.example' }, 'SERVER_NAME is "münchen.example": "ü" is outside ASCII, write xn--mnchen-3ya.example'],
    [{ SERVER_NAME: 'https://example.com' }, 'SERVER_NAME is "https://example.com": leave out "https://", write example.com'],
    [{ ...base, M_SERVER: 'https://m.example.com' }, 'M_SERVER is "https://m.example.com": leave out "https://", write m.example.com:443'],
    [{ ...base, SERVE_SERVER_WELLKNOWN: 'yes' }, 'SERVE_SERVER_WELLKNOWN is "yes": write true or false'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'matrix.example.com' }, 'M_HOMESERVER_BASE_URL is "matrix.example.com": "https://" is missing, write https://matrix.example.com'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'https://u:secret@m.example.com' }, 'M_HOMESERVER_BASE_URL is "https://***@m.example.com": leave out the user name and password, for everybody could read them, write https://m.example.com'],
    [{ ...client, M_IDENTITY_SERVER_BASE_URL: 'https://id.example.com/?x' }, 'M_IDENTITY_SERVER_BASE_URL is "https://id.example.com/?x": leave out "?x", write https://id.example.com/'],
    [{ ...client, LIVEKIT_SERVICE_URL: 'https://rtc.example.com,,rtc2.example.com' },
      'LIVEKIT_SERVICE_URL, entry 2, is "": write a URL such as https://matrix.example.com',
      'LIVEKIT_SERVICE_URL, entry 3, is "rtc2.example.com": "https://" is missing, write https://rtc2.example.com'],
    [{ ...client, [key]: '[]' }, `${key} is []: not a JSON object, write one such as ${extraExample}`],
    [{ ...client, [key]: 'null' }, `${key} is null: not a JSON object, write one such as ${extraExample}`],
    [{ ...client, [key]: '"a"' }, `${key} is "\\"a\\"": leave out the quotes around it`],
    [{ ...client, [key]: '{"a":{"b":1,"b":2}}' }, `${key} is "{\\"a\\":{\\"b\\":1,\\"b\\":2}}": the key "b" stands there twice, write it once`],
    [{ ...client, [key]: '{"2":{"a":"b{:"},"1":0,"c":[{"a":{}},{"a":3}],"\\u0063":4}' }, `${key} is "{\\"2\\":{\\"a\\":\\"b{:\\"},\\"1\\":0,\\"c\\":[{\\"a\\":{}},{\\"a\\":3}],\\"\\\\u0063\\":4}": the key "c" stands there twice, write it once`],
    [{ ...base, PORT: '"8080"', M_SERVER: "'x'" }, 'M_SERVER is "\'x\'": leave out the quotes around it', 'PORT is "\\"8080\\"": leave out the quotes around it'],
    [{ SERVER_NAME: '"example.com"', LIVEKIT_SERVICE_URL: '"x"' }, 'SERVER_NAME is "\\"example.com\\"": leave out the quotes around it', 'LIVEKIT_SERVICE_URL is "\\"x\\"": leave out the quotes around it'],
    [{ ...client, [key]: '{"a":9007199254740993}' }, `${key} is "{\\"a\\":9007199254740993}": the number of "a" is too large to be kept exactly, write it as a string`],
    [{ ...client, [key]: '{"a":1e999}' }, `${key} is "{\\"a\\":1e999}": the number of "a" is too large to be kept exactly, write it as a string`],
    [{ ...client, [key]: '{"m.homeserver":{"base_url":"https://a.example"}}' }, `${key}, "m.homeserver", is {"base_url":"https://a.example"}: leave it out and set M_HOMESERVER_BASE_URL instead`],
    [{ ...client, [key]: '{"m.identity_server":{}}' }, `${key}, "m.identity_server", is {}: leave it out and set M_IDENTITY_SERVER_BASE_URL instead`],
    [{ ...client, LIVEKIT_SERVICE_URL: 'https://rtc.example.com', [key]: '{"org.matrix.msc4143.rtc_foci":[]}' }, `${key}, "org.matrix.msc4143.rtc_foci", is []: leave it out and set LIVEKIT_SERVICE_URL instead`],
    [{ ...client, [key]: '{"io.element.e2ee":{"default":"true","force_disable":0}}' },
      `${key}, "io.element.e2ee", "default", is "true": write true or false, without quotes`,
      `${key}, "io.element.e2ee", "force_disable", is 0: write true or false, without quotes`],
    [{ ...client, [key]: '{"io.element.jitsi":{"preferredDomain":5}}' }, `${key}, "io.element.jitsi", "preferredDomain", is 5: write a string in double quotes`],
    [{ ...client, [key]: '{"io.element.jitsi":{"preferredDomain":"https://meet.example.com"}}' }, `${key}, "io.element.jitsi", "preferredDomain", is "https://meet.example.com": leave out "https://", write meet.example.com`],
    [{ ...client, [key]: '{"m.tile_server":{}}' }, `${key}, "m.tile_server", is {}: "map_style_url" is missing, write it as well`],
    [{ ...client, [key]: '{"org.matrix.msc3488.tile_server":{"map_style_url":"x"}}' }, `${key}, "org.matrix.msc3488.tile_server", "map_style_url", is "x": "https://" is missing, write https://x`],
    [{ ...client, [key]: '{"org.matrix.msc4143.rtc_foci":{}}' }, `${key}, "org.matrix.msc4143.rtc_foci", is {}: write a list in [ ]`],
    [{ ...client, [key]: '{"org.matrix.msc4143.rtc_foci":[{"type":"livekit"},{"livekit_service_url":"https://a.example"},"x",{"type":"nextgen"}]}' },
      `${key}, "org.matrix.msc4143.rtc_foci", entry 1, is {"type":"livekit"}: "livekit_service_url" is missing, write it as well`,
      `${key}, "org.matrix.msc4143.rtc_foci", entry 2, is {"livekit_service_url":"https://a.example"}: "type" is missing, write it as well`,
      `${key}, "org.matrix.msc4143.rtc_foci", entry 3, is "x": write an object in { }`],
    [{ ...client, [key]: '{"cc.etke.ketesa":"x","io.element.call_behaviour":1,"io.element.embedded_pages":[]}' },
      `${key}, "io.element.call_behaviour", is 1: write an object in { }`,
      `${key}, "io.element.embedded_pages", is []: write an object in { }`,
      `${key}, "cc.etke.ketesa", is "x": write an object in { }`],
    [{ ...base, SUPPORT_PAGE: 'example.com/help' }, 'SUPPORT_PAGE is "example.com/help": "https://" is missing, write https://example.com/help'],
    [{ ...base, SUPPORT_CONTACTS: 'admin@example.com' }, `SUPPORT_CONTACTS is "admin@example.com": not JSON (…), write a JSON array such as ${contactExample}`],
    [{ ...base, SUPPORT_CONTACTS: '{}' }, `SUPPORT_CONTACTS is {}: not a JSON array, write one such as ${contactExample}`],
    [{ ...base, SUPPORT_CONTACTS: '[]' }, 'SUPPORT_CONTACTS is []: no entry, write at least one or leave it out'],
    [{ ...base, SUPPORT_CONTACTS: '[{"role":"admin","matrix_id":"alice"},{"role":"m.role.admin"},{"email_address":"mailto:x@y"}]' },
      'SUPPORT_CONTACTS, entry 1, "role", is "admin": not a role such as m.role.admin, m.role.security or com.example.role, write m.role.admin',
      'SUPPORT_CONTACTS, entry 1, "matrix_id", is "alice": not a user ID such as @alice:example.com',
      'SUPPORT_CONTACTS, entry 2, is {"role":"m.role.admin"}: "matrix_id" or "email_address" is missing, write at least one of them',
      'SUPPORT_CONTACTS, entry 3, is {"email_address":"mailto:x@y"}: "role" is missing, write it as well',
      'SUPPORT_CONTACTS, entry 3, "email_address", is "mailto:x@y": not an email address such as admin@example.com'],
    [{ ...base, POLICY_SERVER_ED25519: 'abc' }, 'POLICY_SERVER_ED25519 is "abc": not an ed25519 public key: write its 32 bytes in base64, 43 characters'],
    [{ ...base, POLICY_SERVER_ED25519: 'ed25519 a_1 c2VjcmV0' }, 'POLICY_SERVER_ED25519 is "…": a line of a key file, which may be private and is not shown: write the public key'],
    [{ ...base, CACHE_MAX_AGE: '1h' }, 'CACHE_MAX_AGE is "1h": write a whole number such as 3600'],
    [{ ...base, CACHE_MAX_AGE: '-1' }, 'CACHE_MAX_AGE is -1: write a number from 0 to 31536000'],
    [{ ...base, PORT: '65536' }, 'PORT is 65536: write a number from 0 to 65535'],
    [{ ...base, PORT: '80.5' }, 'PORT is 80.5: write a whole number such as 8080'],
    [{ ...base, PORT: '0x50' }, 'PORT is "0x50": write a whole number such as 8080'],
    ...['[::]', '127.0.0.1:8080', 'http://localhost', 'a b', 'x'.repeat(254)].map((HOST): [Environment, string] => [{ ...base, HOST },
      `HOST is "${HOST.length > 80 ? `${HOST.slice(0, 80)}…` : HOST}": neither an address nor the name of a host, write for example :: or 127.0.0.1`]),
    ...['unix:', 'unix:/a\0b', `unix:/${'ä'.repeat(53)}x`].map((HOST): [Environment, string] => [{ ...base, HOST },
      `HOST is ${JSON.stringify(HOST)}: write a path of 1 to 107 bytes, such as unix:/run/matrix-well-known.sock`]),
    [{ ...base, LOG_LEVEL: 'verbose' }, 'LOG_LEVEL is "verbose": write one of fatal, error, warn, info, debug, trace, silent'],
    [{ ...base, LOG_REQUESTS: '1' }, 'LOG_REQUESTS is 1: write true or false'],
    [{ ...base, TRUST_PROXY: 'nginx,0.0.0.0/0' }, 'TRUST_PROXY is "nginx,0.0.0.0/0": "nginx" is no proxy: write true, false, or addresses such as 127.0.0.1, 10.0.0.0/8 or loopback, linklocal, uniquelocal'],
    [{ ...base, TRUST_PROXY: '10.0.0.0/33' }, 'TRUST_PROXY is "10.0.0.0/33": "10.0.0.0/33" is no proxy: write true, false, or addresses such as 127.0.0.1, 10.0.0.0/8 or loopback, linklocal, uniquelocal'],
    [{ ...base, TRUST_PROXY: '::/x' }, 'TRUST_PROXY is "::/x": "::/x" is no proxy: write true, false, or addresses such as 127.0.0.1, 10.0.0.0/8 or loopback, linklocal, uniquelocal']
  ]
  for (const [environment, ...lines] of cases) {
    // What stands in brackets after "not JSON" are the words of V8, other ones in each version.
    const found = faultsOf(environment).map(line => line.replace(/not JSON \(Unexpected.*?\), write/, 'not JSON (…), write'))
    t.strictSame(found, lines, JSON.stringify(environment))
  }
})

t.test('no message shows a password or a key', async t => {
  const secrets: Environment[] = [
    { M_HOMESERVER_BASE_URL: 'ftp://u:hunter2@m.example.com/x' },
    { M_HOMESERVER_BASE_URL: 'u:hunter2@m.example.com' },
    { M_HOMESERVER_BASE_URL: 'https://u:hun/ter2@m.example.com' },
    { M_HOMESERVER_BASE_URL: 'https://u:hun#ter2@m.example.com' },
    { M_HOMESERVER_BASE_URL: 'https://hunter2@m.example.com' },
    { M_SERVER: 'u:hunter2@m.example.com' },
    { M_SERVER: 'https://u:hunter2@m.example.com' },
    { TRUST_PROXY: 'https://u:hunter2@m.example.com' },
    { SUPPORT_CONTACTS: 'https://u:hunter2@m.example.com' },
    { SUPPORT_CONTACTS: `[{"role":"m.role.admin","email_address":"admin@example.com"}] https://u:hunter2@m.example.com ${' '.repeat(99)}]` },
    { POLICY_SERVER_ED25519: 'ed25519:a_b hunter2' },
    // A NAME_FILE may point at Synapse's signing key by mistake.
    { M_SERVER: 'ed25519 a_b hunter2' },
    { M_HOMESERVER_BASE_URL: '-----BEGIN PRIVATE KEY-----\nhunter2' },
    { SUPPORT_CONTACTS: 'ed25519 a_b hunter2' },
    { TRUST_PROXY: 'ed25519 a_b hunter2' },
    { POLICY_SERVER_ED25519: '-----BEGIN PRIVATE KEY-----\nhunter2' }
  ]
  for (const environment of secrets) {
    const lines = faultsOf({ ...base, ...environment })
    t.equal(lines.length, 1)
    t.notMatch(lines[0], /hunter2|hun.|ter2@/, lines.join())
  }
})

t.test('a message is one line of plain text, whatever the value is', async t => {
  for (const SUPPORT_CONTACTS of [':\n\u0001', '\u001b[31m', '[\u009b', '[{"a":"\n"}]', `${'[1],'.repeat(20)}\n"`]) {
    for (const line of faultsOf({ ...base, SUPPORT_CONTACTS })) t.notMatch(line, /[\p{Cc}\u2028\u2029]/u)
  }
})

t.test('what is offered instead is right itself', async t => {
  const cases: [environment: Environment, line: string][] = [
    [{ SUPPORT_PAGE: 'mailto:admin@example.com' }, 'SUPPORT_PAGE is "mailto:admin@example.com": "mailto:" is not for this: only http and https are'],
    [{ M_SERVER: 'm.example.com 443' }, 'M_SERVER is "m.example.com 443": leave out the white space'],
    [{ M_SERVER: 'm.example.com : 443' }, 'M_SERVER is "m.example.com : 443": leave out the white space, write m.example.com:443'],
    [{ SERVER_NAME: '#room:example.com' }, 'SERVER_NAME is "#room:example.com": "#" is not allowed: a host name has letters, digits, "-" and "." only'],
    [{ SERVER_NAME: 'https://münchen.example' }, 'SERVER_NAME is "https://münchen.example": leave out "https://", write xn--mnchen-3ya.example'],
    [{ SERVER_NAME: 'example\u200b.com' }, 'SERVER_NAME is "example\\u{200b}.com": "\\u{200b}" is outside ASCII, write example.com'],
    [{ M_HOMESERVER_BASE_URL: 'https://127.1' }, 'M_HOMESERVER_BASE_URL is "https://127.1": browsers take its host for the IPv4 address 127.0.0.1'],
    [{ SUPPORT_PAGE: 'https://social.example/@admin' }, '']
  ]
  for (const [environment, line] of cases) t.equal(faultsOf({ ...base, ...environment }).join(), line)
  const long = faultsOf({ ...base, M_SERVER: `m.example.com/${'x'.repeat(5_000)}`, TRUST_PROXY: `a\n${'b'.repeat(5_000)}` })
  t.ok(long.every(line => line.length < 400 && !line.includes('\n')), 'nothing is longer than a few lines')
})

t.test('all faults are told at once', async t => {
  const faults = faultsOf({ SERVER_NAME: 'a..b', M_SERVER: 'x y', PORT: 'x', CACHE_MAX_AGE: 'x', LIVEKIT_SERVICE_URL: 'https://rtc.example.com' })
  t.strictSame(faults.map(line => line.split(' ')[0]), ['SERVER_NAME', 'M_SERVER', 'CACHE_MAX_AGE', 'LIVEKIT_SERVICE_URL', 'PORT'])
})

t.test('a misspelled name is told together with the fault that it may have led to', async t => {
  try {
    loadConfig({ SERVERNAME: 'example.com' })
    t.fail('nothing was thrown')
  } catch (error) {
    t.strictSame((error as ConfigError).warnings, ['SERVERNAME is not a setting and is ignored: did you mean SERVER_NAME?'])
    t.match(error, { name: 'ConfigError', code: 'ERR_CONFIG', message: /^SERVER_NAME is not set/ })
  }
})

t.test('HOST is an address, a name or the path of a socket', async t => {
  for (const HOST of ['::', '127.0.0.1', 'fe80::1%eth0', 'localhost', 'my_host.example', `unix:/${'ä'.repeat(53)}`, 'unix:w.sock']) {
    t.equal(loadConfig({ ...base, HOST }).server.host, HOST)
  }
})

t.test('where the server listens is known whatever else is wrong', async t => {
  t.strictSame(loadListenAddress({ HOST: 'unix:/run/w.sock', SERVER_NAME: 'a..b' }), { host: 'unix:/run/w.sock', port: 8080 })
  t.strictSame(faultsOf({ PORT: 'x' }, loadListenAddress), ['PORT is "x": write a whole number such as 8080'])
})
