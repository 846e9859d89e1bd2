import t from 'tap'
import { loadConfig, loadListenAddress } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/environment.ts'
import type { ConfigError } from '../../src/config/fault.ts'
import { measureDepth } from '../../src/matrix/json-depth.ts'
import { settings } from '../../src/config/settings.ts'
import { loadSite } from '../../src/config/site-config.ts'
import { buildDocuments } from '../../src/site/documents.ts'
import { emptySite } from '../support/empty-site.ts'
import { faultsOf } from '../support/faults.ts'

const base = { SERVER_NAME: 'example.com' }
const client = { ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }

t.test('only the server name is required', async t => {
  const { documents, ...config } = loadConfig(base)
  t.strictSame(documents, buildDocuments(config.site))
  t.strictSame(config, {
    server: { host: '::', port: 8080, logLevel: 'info', logRequests: false, trustProxy: false, metrics: undefined },
    site: { ...emptySite, delegatedServer: 'example.com:443' },
    warnings: []
  })
})

t.test('every default could have been written', async t => {
  for (const [name, setting] of Object.entries(settings)) {
    if (!('default' in setting) || Array.isArray(setting.default)) continue
    const text = typeof setting.default === 'string' ? setting.default : JSON.stringify(setting.default)
    const needed = { ...client, SUPPORT_PAGE: 'https://example.com/help' }
    t.strictSame(loadConfig({ ...needed, [name]: text }), loadConfig(needed), `${name}=${text}`)
  }
})

t.test('every setting has its effect', async t => {
  const contacts = [
    { role: 'm.role.security', email_address: 'security@example.com', 'dev.zirco.msc4439.pgp_key': 'openpgp4fpr:73f6' }
  ]
  const { documents, ...config } = loadConfig({
    SERVER_NAME: ' example.com\n',
    M_SERVER: 'matrix.example.com:443',
    SERVE_SERVER_WELLKNOWN: 'true',
    M_HOMESERVER_BASE_URL: 'HTTPS://matrix.example.com/',
    M_IDENTITY_SERVER_BASE_URL: 'https://id.example.com/',
    LIVEKIT_SERVICE_URL: 'https://rtc1.example.com/ , https://rtc2.example.com/livekit/jwt',
    EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"io.element.e2ee":{"default":false},"com.example.a":[1.5,null,"é"]}',
    SUPPORT_PAGE: 'MAILTO:help@example.com',
    SUPPORT_CONTACTS: JSON.stringify(contacts),
    EXTRA_WELL_KNOWN_SUPPORT_CONTENT: '{"com.example.a":1}',
    EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{"fi.mau.bridges":["https://bridges.example.com"]}}',
    POLICY_SERVER_ED25519: '6yhHGKhCiXTSEN2ksjV7kX_N6rBQZ3Xb-M7LlC6NS-s',
    CACHE_MAX_AGE: '600',
    HOST: '127.0.0.1',
    PORT: '81',
    LOG_LEVEL: 'debug',
    LOG_REQUESTS: 'true',
    TRUST_PROXY: 'loopback, 10.0.0.0/8,2001:db8::/32',
    METRICS_HOST: '::1',
    METRICS_PORT: '9090'
  })
  t.strictSame(documents, buildDocuments(config.site))
  t.strictSame(config, {
    server: {
      host: '127.0.0.1',
      port: 81,
      logLevel: 'debug',
      logRequests: true,
      trustProxy: ['loopback', '10.0.0.0/8', '2001:db8::/32'],
      metrics: { host: '::1', port: 9090 }
    },
    site: {
      serverName: 'example.com',
      hostAliases: [],
      delegatedServer: 'matrix.example.com:443',
      homeserverBaseUrl: 'https://matrix.example.com',
      identityServerBaseUrl: 'https://id.example.com',
      livekitServiceUrls: ['https://rtc1.example.com', 'https://rtc2.example.com/livekit/jwt'],
      extraClientContent: { 'io.element.e2ee': { default: false }, 'com.example.a': [1.5, null, 'é'] },
      supportPage: 'mailto:help@example.com',
      extraSupportContent: { 'com.example.a': 1 },
      extraDocuments: { mautrix: { 'fi.mau.bridges': ['https://bridges.example.com'] } },
      supportContacts: contacts,
      policyServerKey: '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s',
      cacheMaxAge: 600
    },
    warnings: []
  })
  t.equal(loadConfig({ ...base, TRUST_PROXY: 'true' }).server.trustProxy, true)
})

t.test('by default, m.server is the server name itself, as in Synapse', async t => {
  const defaults = {
    'example.com': 'example.com:443',
    'example.com:8449': 'example.com:8449',
    '[::1]': '[::1]:443',
    '[::1]:8448': '[::1]:8448',
    '1.2.3.4': '1.2.3.4:443'
  }
  for (const [SERVER_NAME, expected] of Object.entries(defaults)) {
    t.equal(loadConfig({ SERVER_NAME }).site.delegatedServer, expected, SERVER_NAME)
  }
  t.equal(loadConfig({ ...base, M_SERVER: 'matrix.example.com' }).site.delegatedServer, 'matrix.example.com',
    'nothing is added to a value that is set')
  t.equal(loadConfig({ ...base, SERVE_SERVER_WELLKNOWN: 'false' }).site.delegatedServer, undefined)
})

t.test('empty means unset', async t => {
  const empty = { M_SERVER: '', M_SERVER_FILE: ' ', PORT: ' ', SUPPORT_CONTACTS: '\n', LIVEKIT_SERVICE_URL: '' }
  t.strictSame(loadConfig({ ...base, ...empty }), loadConfig(base))
})

t.test('each wrong setting is reported in a line with the variable, its value, the fault and the fix', async t => {
  const cases: [environment: Environment, ...lines: string[]][] = [
    [{},
      "SERVER_NAME isn't set; set it to the part after the colon in user IDs, for example SERVER_NAME=example.com"],
    [{ SERVER_NAME: '256.1.1.1' },
      'SERVER_NAME is "256.1.1.1": not an IPv4 address; use numbers from 0 to 255'],
    [{ SERVER_NAME: 'https://example.com' },
      'SERVER_NAME is "https://example.com": starts with "https://"; use example.com'],
    [{ ...base, M_SERVER: 'https://m.example.com' },
      'M_SERVER is "https://m.example.com": starts with "https://"; use m.example.com:443'],
    [{ ...base, M_SERVER: '010.0.0.1:443' },
      'M_SERVER is "010.0.0.1:443": has leading zeros that some readers read as octal; write the address ' +
        'without them'],
    [{ ...base, M_SERVER: '{"m.server": "m.example.com:443"}' },
      'M_SERVER is "{\\"m.server\\": \\"m.example.com:443\\"}": contains JSON, where only the value is needed; ' +
        'use m.example.com:443'],
    [{ ...base, SERVE_SERVER_WELLKNOWN: 'yes' },
      'SERVE_SERVER_WELLKNOWN is "yes": not a boolean; use true or false'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'matrix.example.com' },
      'M_HOMESERVER_BASE_URL is "matrix.example.com": has no "https://"; use https://matrix.example.com'],
    [{ ...base, M_HOMESERVER_BASE_URL: 'https://u:secret@m.example.com' },
      'M_HOMESERVER_BASE_URL is "https://***@m.example.com": contains a user name or password, but the document ' +
        'is public; use https://m.example.com'],
    [{ ...client, M_IDENTITY_SERVER_BASE_URL: 'https://id.example.com/?x' },
      'M_IDENTITY_SERVER_BASE_URL is "https://id.example.com/?x": ends in "?x"; use https://id.example.com/'],
    [{ ...client, LIVEKIT_SERVICE_URL: 'https://rtc.example.com,,rtc2.example.com' },
      'LIVEKIT_SERVICE_URL, entry 2, is "": empty; write a URL that starts with https://',
      'LIVEKIT_SERVICE_URL, entry 3, is "rtc2.example.com": has no "https://"; use https://rtc2.example.com'],
    [{ ...client, LIVEKIT_SERVICE_URL: 'wss://sfu.example.com' },
      'LIVEKIT_SERVICE_URL, entry 1, is "wss://sfu.example.com": not the authorization service but the media ' +
        'server; use the URL of lk-jwt-service, such as https://rtc.example.com/livekit/jwt'],
    [{ ...client, LIVEKIT_SERVICE_URL: '[{"type":"livekit","livekit_service_url":"https://rtc.example.com"}]' },
      'LIVEKIT_SERVICE_URL, entry 1, is ' +
        '"[{\\"type\\":\\"livekit\\",\\"livekit_service_url\\":\\"https://rtc.example.com\\"}]": contains JSON, ' +
        'where only the value is needed; use https://rtc.example.com'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '[]' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is []: not a JSON object; write one such as ' +
        '{"io.element.e2ee":{"default":true}}'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: 'null' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is null: not a JSON object; write one such as ' +
        '{"io.element.e2ee":{"default":true}}'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '"a"' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is "\\"a\\"": the quotes are part of the value; remove them'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"a":{"b":1,"b":2}}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is "{\\"a\\":{\\"b\\":1,\\"b\\":2}}": has the duplicate key "b"; remove ' +
        'one of them'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"2":{"a":"b{:"},"1":0,"c":[{"a":{}},{"a":3}],"\\u0063":4}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is ' +
        '"{\\"2\\":{\\"a\\":\\"b{:\\"},\\"1\\":0,\\"c\\":[{\\"a\\":{}},{\\"a\\":3}],\\"\\\\u0063\\":4}": has the ' +
        'duplicate key "c"; remove one of them'],
    [{ ...base, PORT: '"8080"', M_SERVER: "'x'" },
      "M_SERVER is \"'x'\": the quotes are part of the value; remove them",
      'PORT is "\\"8080\\"": the quotes are part of the value; remove them'],
    [{ SERVER_NAME: '"example.com"', LIVEKIT_SERVICE_URL: '"x"' },
      'SERVER_NAME is "\\"example.com\\"": the quotes are part of the value; remove them',
      'LIVEKIT_SERVICE_URL is "\\"x\\"": the quotes are part of the value; remove them'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"a":9007199254740993}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is "{\\"a\\":9007199254740993}": the number of "a" is too large to be ' +
        'served exactly; write it as a string'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"a":1e999}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is "{\\"a\\":1e999}": the number of "a" is too large to be served exactly; ' +
        'write it as a string'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"a":"\\ud800"}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is "{\\"a\\":\\"\\\\ud800\\"}": has half of a surrogate pair at the key ' +
        '"a", which ruma refuses; remove it'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"\\udc00":1}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT is "{\\"\\\\udc00\\":1}": has half of a surrogate pair at the key ' +
        '"\\udc00", which ruma refuses; remove it'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"io.element.e2ee":{"default":"true","force_disable":0}}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "io.element.e2ee", "default", is "true": not a boolean; write true or ' +
        'false, without quotes',
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "io.element.e2ee", "force_disable", is 0: not a boolean; write true or ' +
        'false, without quotes'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"io.element.jitsi":{"preferredDomain":5}}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "io.element.jitsi", "preferredDomain", is 5: not a string; write one in ' +
        'double quotes'],
    [{
      ...client,
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"io.element.jitsi":{"preferredDomain":"https://meet.example.com"}}'
    },
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "io.element.jitsi", "preferredDomain", is "https://meet.example.com": ' +
        'starts with "https://"; use meet.example.com'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m.tile_server":{}}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.tile_server", is {}: "map_style_url" is missing; add it'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"org.matrix.msc3488.tile_server":{"map_style_url":"/s.json"}}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "org.matrix.msc3488.tile_server", "map_style_url", is "/s.json": not a ' +
        'URL; write one that starts with https://'],
    [{ ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"org.matrix.msc4143.rtc_foci":{}}' },
      'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "org.matrix.msc4143.rtc_foci", is {}: not a list; write one in [ ]'],
    [{
      ...client,
      EXTRA_WELL_KNOWN_CLIENT_CONTENT:
        '{"m.rtc_foci":[{"type":"livekit"},{"livekit_service_url":"https://a.example"},"x",{"type":"nextgen"},{"ty' +
          'pe":"livekit","livekit_service_url":"wss://a.example"}]}'
    },
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.rtc_foci", entry 1, is {"type":"livekit"}: "livekit_service_url" is ' +
        'missing; add it',
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.rtc_foci", entry 2, is {"livekit_service_url":"https://a.example"}: ' +
        '"type" is missing; add it',
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.rtc_foci", entry 3, is "x": not an object; write one in { }',
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "m.rtc_foci", entry 5, "livekit_service_url", is "wss://a.example": not ' +
        'the authorization service but the media server; use the URL of lk-jwt-service, such as ' +
        'https://rtc.example.com/livekit/jwt'],
    [{
      ...client,
      EXTRA_WELL_KNOWN_CLIENT_CONTENT:
        '{"cc.etke.ketesa":"x","io.element.call_behaviour":1,"io.element.embedded_pages":[]}'
    },
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "io.element.call_behaviour", is 1: not an object; write one in { }',
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "io.element.embedded_pages", is []: not an object; write one in { }',
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT, "cc.etke.ketesa", is "x": not an object; write one in { }'],
    [{ ...base, SUPPORT_PAGE: 'example.com/help' },
      'SUPPORT_PAGE is "example.com/help": has no "https://"; use https://example.com/help'],
    [{ ...base, SUPPORT_PAGE: 'mailto:nobody' },
      'SUPPORT_PAGE is "mailto:nobody": has the address "nobody", which isn\'t an email address; write one such ' +
        'as admin@example.com'],
    [{ ...base, SUPPORT_CONTACTS: 'admin@example.com' },
      'SUPPORT_CONTACTS is "admin@example.com": not JSON (…); write a JSON array such as ' +
        '[{"role":"m.role.admin","matrix_id":"@admin:example.com","email_address":"admin@example.com"}' +
        ']'],
    [{ ...base, SUPPORT_CONTACTS: '{}' },
      'SUPPORT_CONTACTS is {}: not a JSON array; write one such as ' +
        '[{"role":"m.role.admin","matrix_id":"@admin:example.com","email_address":"admin@example.com"}]'],
    [{ ...base, SUPPORT_CONTACTS: '[]' },
      'SUPPORT_CONTACTS is []: has no entries; add at least one, or remove it'],
    [{
      ...base,
      SUPPORT_CONTACTS: '[{"role":"admin","matrix_id":"alice"},{"role":"m.role.admin"},{"email_address":"mailto:x@y"}]'
    },
    'SUPPORT_CONTACTS, entry 1, "role", is "admin": not a role; use m.role.admin',
    'SUPPORT_CONTACTS, entry 1, "matrix_id", is "alice": not a user ID; write one such as @alice:example.com',
    'SUPPORT_CONTACTS, entry 2, is {"role":"m.role.admin"}: "matrix_id" or "email_address" is missing; add at ' +
        'least one of them',
    'SUPPORT_CONTACTS, entry 3, is {"email_address":"mailto:x@y"}: "role" is missing; add it',
    'SUPPORT_CONTACTS, entry 3, "email_address", is "mailto:x@y": not an email address; use x@y'],
    [{
      ...base,
      SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"a@example.com","dev.zirco.msc4439.pgp_key":"0xABC"}]'
    },
    'SUPPORT_CONTACTS, entry 1, "dev.zirco.msc4439.pgp_key", is "0xABC": not the URI of a key; use one that ' +
        'starts with https:, openpgp4fpr: or dns:'],
    [{ ...base, SUPPORT_PAGE: 'https://example.com/help', EXTRA_WELL_KNOWN_SUPPORT_CONTENT: '[]' },
      'EXTRA_WELL_KNOWN_SUPPORT_CONTENT is []: not a JSON object; write one such as ' +
        '{"com.example.office_hours":"9-17 UTC"}'],
    [{ ...base, EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":5}' },
      'EXTRA_WELL_KNOWN_DOCUMENTS, "mautrix", is 5: not an object; write one in { }'],
    [{ ...base, EXTRA_WELL_KNOWN_DOCUMENTS: '[]' },
      'EXTRA_WELL_KNOWN_DOCUMENTS is []: not a JSON object; write one such as ' +
        '{"mautrix":{"fi.mau.bridges":["https://bridges.example.com"]}}'],
    [{ ...base, POLICY_SERVER_ED25519: 'abc' },
      'POLICY_SERVER_ED25519 is "abc": not an ed25519 public key; write its 32 bytes in base64, 43 characters'],
    [{ ...base, POLICY_SERVER_ED25519: 'ed25519 a_1 c2VjcmV0' },
      'POLICY_SERVER_ED25519 is "…": starts like a file with a private key, so it isn\'t shown; write the public key'],
    [{ ...base, CACHE_MAX_AGE: '1h' },
      'CACHE_MAX_AGE is "1h": not a whole number; use one such as 3600'],
    [{ ...base, CACHE_MAX_AGE: '-1' },
      'CACHE_MAX_AGE is -1: out of range; use a number from 0 to 31536000'],
    [{ ...base, PORT: '65536' },
      'PORT is 65536: out of range; use a number from 0 to 65535'],
    [{ ...base, PORT: '80.5' },
      'PORT is 80.5: not a whole number; use one such as 8080'],
    [{ ...base, PORT: '0x50' },
      'PORT is "0x50": not a whole number; use one such as 8080'],
    [{ ...base, HOST: '[::]' },
      'HOST is "[::]": not an address or a host name; use ::'],
    [{ ...base, HOST: '127.0.0.1:8080' },
      'HOST is "127.0.0.1:8080": not an address or a host name; use 127.0.0.1, and set PORT to 8080'],
    [{ ...base, HOST: 'http://localhost' },
      'HOST is "http://localhost": not an address or a host name; use localhost'],
    [{ ...base, HOST: 'a b' },
      'HOST is "a b": not an address or a host name; use one such as :: or 127.0.0.1'],
    [{ ...base, HOST: 'unix:' },
      'HOST is "unix:": not a path of 1 to 107 bytes; use one such as unix:/run/matrix-well-known.sock'],
    [{ ...base, HOST: 'unix:/a\u0000b' },
      'HOST is "unix:/a\\u0000b": not a path of 1 to 107 bytes; use one such as unix:/run/matrix-well-known.sock'],
    [{ ...base, LOG_LEVEL: 'verbose' },
      'LOG_LEVEL is "verbose": unknown value; use one of fatal, error, warn, info, debug, trace, silent'],
    [{ ...base, LOG_REQUESTS: '1' },
      'LOG_REQUESTS is 1: not a boolean; use true or false'],
    [{ ...base, TRUST_PROXY: 'nginx,0.0.0.0/0' },
      'TRUST_PROXY is "nginx,0.0.0.0/0": has "nginx", which isn\'t an address or range; use true, false, ' +
        'loopback, linklocal, uniquelocal, or addresses such as 127.0.0.1 or 10.0.0.0/8'],
    [{ ...base, TRUST_PROXY: '10.0.0.0/33' },
      'TRUST_PROXY is "10.0.0.0/33": has "10.0.0.0/33", which isn\'t an address or range; use true, false, ' +
        'loopback, linklocal, uniquelocal, or addresses such as 127.0.0.1 or 10.0.0.0/8'],
    [{ ...base, TRUST_PROXY: '::/x' },
      'TRUST_PROXY is "::/x": has "::/x", which isn\'t an address or range; use true, false, loopback, linklocal, ' +
        'uniquelocal, or addresses such as 127.0.0.1 or 10.0.0.0/8']
  ]
  for (const [environment, ...lines] of cases) {
    // The reason in parentheses after "not JSON" is V8's, and changes between versions.
    const found = faultsOf(environment).map(line => line.replace(/not JSON \(Unexpected.*?\);/, 'not JSON (…);'))
    t.strictSame(found, lines, JSON.stringify(environment))
  }
})

t.test('no message shows a password or a key', async t => {
  const contacts = '[{"role":"m.role.admin","email_address":"admin@example.com"}]'
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
    { SUPPORT_CONTACTS: `${contacts} https://u:hunter2@m.example.com ${' '.repeat(99)}]` },
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

t.test('a suggestion is valid itself', async t => {
  const cases: [environment: Environment, line: string][] = [
    [{ M_SERVER: 'm.example.com 443' }, 'M_SERVER is "m.example.com 443": contains white space; remove it'],
    [{ M_SERVER: 'm.example.com : 443' },
      'M_SERVER is "m.example.com : 443": contains white space; use m.example.com:443'],
    [{ SERVER_NAME: '#room:example.com' },
      'SERVER_NAME is "#room:example.com": not a server name; write one such as example.com'],
    [{ SERVER_NAME: 'https://münchen.example' },
      'SERVER_NAME is "https://münchen.example": starts with "https://"; use xn--mnchen-3ya.example'],
    [{ SERVER_NAME: 'example\u200b.com' },
      'SERVER_NAME is "example\\u{200b}.com": contains the non-ASCII character "\\u{200b}"; use example.com'],
    [{ SUPPORT_PAGE: 'https://social.example/@admin' }, '']
  ]
  for (const [environment, line] of cases) t.equal(faultsOf({ ...base, ...environment }).join(), line)
  const long = { M_SERVER: `m.example.com/${'x'.repeat(5_000)}`, TRUST_PROXY: `a\n${'b'.repeat(5_000)}` }
  const lines = faultsOf({ ...base, ...long })
  t.ok(lines.every(line => line.length < 400 && !line.includes('\n')), 'long values are shortened')
})

t.test('all faults are reported at once', async t => {
  const faults = faultsOf({
    SERVER_NAME: 'a..b',
    M_SERVER: 'x y',
    PORT: 'x',
    CACHE_MAX_AGE: 'x',
    LIVEKIT_SERVICE_URL: 'https://rtc.example.com'
  })
  const variables = faults.map(line => line.split(' ')[0])
  t.strictSame(variables, ['SERVER_NAME', 'M_SERVER', 'CACHE_MAX_AGE', 'LIVEKIT_SERVICE_URL', 'PORT'])
})

t.test('warnings about names and .env are reported together with the faults they may have caused', async t => {
  const ignored = { variable: undefined, message: '.env, line 1: has no "=" and is ignored' }
  try {
    loadConfig({ SERVERNAME: 'example.com' }, [ignored])
    t.fail('nothing was thrown')
  } catch (error) {
    t.strictSame((error as ConfigError).warnings, [
      ignored,
      { variable: 'SERVERNAME', message: "SERVERNAME isn't a setting and is ignored; did you mean SERVER_NAME?" }
    ])
    t.match(error, { name: 'ConfigError', code: 'ERR_CONFIG', message: /^SERVER_NAME isn't set/ })
  }
})

t.test('HOST is an address, a host name or the path of a socket', async t => {
  const longest = `unix:/${'ä'.repeat(53)}`
  for (const HOST of ['::', '127.0.0.1', 'fe80::1%eth0', 'localhost', 'my_host.example', 'unix:w.sock', longest]) {
    t.equal(loadConfig({ ...base, HOST }).server.host, HOST)
  }
  const tooLong = `${longest}x`
  t.strictSame(faultsOf({ ...base, HOST: tooLong }),
    [`HOST is "${tooLong}": not a path of 1 to 107 bytes; use one such as unix:/run/matrix-well-known.sock`])
  t.match(faultsOf({ ...base, HOST: 'x'.repeat(254) }), [/: not an address or a host name/])
})

t.test('where the server listens is known even if other settings are wrong', async t => {
  const HOST = 'unix:/run/w.sock'
  t.strictSame(loadListenAddress({ HOST, SERVER_NAME: 'a..b' }), { host: HOST, port: 8080 })
  t.strictSame(faultsOf({ PORT: 'x' }, loadListenAddress), ['PORT is "x": not a whole number; use one such as 8080'])
})

t.test('a site can be loaded without the settings of the process', async t => {
  t.strictSame(loadSite({ ...client, PORT: 'x', LOG_LEVEL: 'x' }), loadConfig(client).site)
  const faults = faultsOf({ SERVER_NAME: 'a..b', PORT: 'x' }, loadSite)
  t.strictSame(faults, ['SERVER_NAME is "a..b": has an extra dot; use a.b'])
})

t.test('no document is nested deeper than 100 levels', async t => {
  const nest = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`
  const contact = (levels: number): string =>
    `[{"role":"m.role.admin","email_address":"a@example.com","x":${nest(levels - 2)}}]`
  const page = { ...base, SUPPORT_PAGE: 'https://example.com/help' }
  const cases: [name: string, text: (levels: number) => string, deepest: number, settings: Environment][] = [
    ['EXTRA_WELL_KNOWN_CLIENT_CONTENT', nest, 100, client],
    ['EXTRA_WELL_KNOWN_SUPPORT_CONTENT', nest, 100, page],
    ['EXTRA_WELL_KNOWN_DOCUMENTS', nest, 101, base],
    ['SUPPORT_CONTACTS', contact, 99, base]
  ]
  for (const [name, text, deepest, settings] of cases) {
    const { site } = loadConfig({ ...settings, [name]: text(deepest) })
    t.equal(Math.max(...buildDocuments(site).map(({ body }) => measureDepth(body))), 100, name)
    t.match(faultsOf({ ...settings, [name]: text(deepest + 1) }),
      [`nested deeper than ${deepest} levels, which readers refuse; use fewer levels`], name)
    t.match(faultsOf({ ...settings, [name]: text(20_000) }), [/: nested deeper than/], name)
  }
})
