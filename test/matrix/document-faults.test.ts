import t from 'tap'
import { findDocumentFaults } from '../../src/matrix/document-faults.ts'
import { documentNames } from '../../src/site/documents.ts'
import type { DocumentName } from '../../src/site/documents.ts'
import { faultsOf } from '../support/faults.ts'
import { healthyDocuments } from '../support/healthy-world.ts'

const base = { SERVER_NAME: 'example.com' }
const client = { ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }

const names = [
  ':443', 'https://m.example.com', 'https://m.example.com:8448/', 'HTTP:/example.com/', '//example.com', 'https://a_b',
  'https://user:secret@example.com:8448/path', 'example.com/_matrix', 'example.com:443?x=1', 'example.com#x',
  'example.com :443', 'm.example.com : 443', '@alice:example.com', 'alice@example.com', 'u:hunter2@m.example.com',
  'münchen.example', 'my_host.example', 'example\u200b.com',
  'a..b', '.example.com', 'example.com.', 'example.com.:443', '.', 'a'.repeat(256), 'xn--a',
  '256.1.1.1', '0001.1.1.1', '010.0.0.1', '1.2.3:443',
  '2001:db8::1', '[::1', '[fe80::1%eth0]', '[]', '[1.2.3.4]', '[::1]x',
  'example.com:', 'example.com:0', 'example.com:65536', 'example.com:000443', 'a:b:c',
  '{"m.server":"matrix.example.com:443"}'
]
const pages = [
  'matrix.example.com', 'matrix.example.com:8448', '//matrix.example.com', 'https:/matrix.example.com',
  '/help', 'mailto:admin',
  'ftp://matrix.example.com/x', 'https://user:secret@matrix.example.com', 'https://matrix.example.com/a b',
  'https:\\\\matrix.example.com', 'https://matrix.example.com/\u0007', 'https://münchen.example:8448/a',
  'https://matrix.example.com/ü', 'https://', 'https://a..b/', 'https://.example.com', 'https://my_host',
  'https://256.1.1.1', 'https://example.com:99999', 'https://1.2.3.4.5', 'https://127.1', 'https://010.0.0.1'
]
const baseUrls = [
  ...pages, 'mailto:admin@example.com', 'https://matrix.example.com/?a=b', 'https://matrix.example.com#a?b',
  'https://matrix.example.com?', 'https://matrix.example.com/%zz', 'https://matrix.example.com/{a}'
]
const keys = ['abc', 'ed25519 a_1 c2VjcmV0', '-----BEGIN PRIVATE KEY-----', `${'A'.repeat(43)}=`]
const admin = { role: 'm.role.admin', email_address: 'a@example.com' }
const contacts: object[] = [
  { ...admin, role: 'admin' }, { ...admin, role: 'Moderator' }, { ...admin, role: 5 }, { role: 'm.role.admin' },
  { email_address: 'a@example.com' }, { ...admin, matrix_id: 'alice' }, { ...admin, matrix_id: '@alice' },
  { ...admin, matrix_id: '@alice:a..b' }, { ...admin, email_address: 'mailto:x@y' },
  { ...admin, email_address: 'nobody' },
  { ...admin, 'dev.zirco.msc4439.pgp_key': 'x' }, { ...admin, 'dev.zirco.msc4439.pgp_key': 5 }
]
const rtcFoci: unknown[] = [
  {}, [{ type: 'livekit' }], [{ livekit_service_url: 'https://a.example' }], ['x'],
  [{ type: 'livekit', livekit_service_url: 'rtc.example.com' }],
  [{ type: 'livekit', livekit_service_url: 'wss://sfu.example.com' }]
]
const clientContents: object[] = [
  { 'io.element.e2ee': { default: 'true' } }, { 'io.element.e2ee': { force_disable: 0 } },
  { 'io.element.jitsi': { preferredDomain: 5 } },
  { 'io.element.jitsi': { preferredDomain: 'https://meet.example.com' } },
  { 'm.tile_server': {} }, { 'm.tile_server': 'x' }, { 'org.matrix.msc3488.tile_server': { map_style_url: 'x' } },
  { 'cc.etke.ketesa': 'x' }, { 'io.element.call_behaviour': 1 }, { 'io.element.embedded_pages': [] },
  ...rtcFoci.flatMap(value => [{ 'm.rtc_foci': value }, { 'org.matrix.msc4143.rtc_foci': value }])
]

/** A value that the settings reject, at its place in a document. */
interface Refusal {
  readonly name: DocumentName
  readonly document: Record<string, unknown>
  readonly settings: Record<string, string>
  /** What messages about the setting start with. */
  readonly variable: string
  /** What messages about the document start with. */
  readonly place: string
}

const homeserver = healthyDocuments.client['m.homeserver']
const refusals: Refusal[] = [
  ...names.map((value): Refusal => ({
    name: 'server',
    document: { 'm.server': value },
    settings: { ...base, M_SERVER: value },
    variable: 'M_SERVER',
    place: '"m.server"'
  })),
  ...baseUrls.map((value): Refusal => ({
    name: 'client',
    document: { 'm.homeserver': { base_url: value } },
    settings: { ...base, M_HOMESERVER_BASE_URL: value },
    variable: 'M_HOMESERVER_BASE_URL',
    place: '"m.homeserver", "base_url"'
  })),
  ...baseUrls.map((value): Refusal => ({
    name: 'client',
    document: { 'm.homeserver': homeserver, 'm.identity_server': { base_url: value } },
    settings: { ...client, M_IDENTITY_SERVER_BASE_URL: value },
    variable: 'M_IDENTITY_SERVER_BASE_URL',
    place: '"m.identity_server", "base_url"'
  })),
  ...clientContents.map((value): Refusal => ({
    name: 'client',
    document: { 'm.homeserver': homeserver, ...value },
    settings: { ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify(value) },
    variable: 'EXTRA_WELL_KNOWN_CLIENT_CONTENT, ',
    place: ''
  })),
  ...pages.map((value): Refusal => ({
    name: 'support',
    document: { support_page: value },
    settings: { ...base, SUPPORT_PAGE: value },
    variable: 'SUPPORT_PAGE',
    place: '"support_page"'
  })),
  ...[[], ...contacts.map(contact => [contact])].map((value): Refusal => ({
    name: 'support',
    document: { contacts: value },
    settings: { ...base, SUPPORT_CONTACTS: JSON.stringify(value) },
    variable: 'SUPPORT_CONTACTS',
    place: '"contacts"'
  })),
  ...keys.map((value): Refusal => ({
    name: 'policy_server',
    document: { public_keys: { ed25519: value } },
    settings: { ...base, POLICY_SERVER_ED25519: value },
    variable: 'POLICY_SERVER_ED25519',
    place: '"public_keys", "ed25519"'
  }))
]

t.test('a document has the faults that the settings would have', async t => {
  for (const { name, document, settings, variable, place } of refusals) {
    // A place within a setting ends with a comma.
    const lines = faultsOf(settings).map(line => line
      .replace(variable, () => place)
      .replace(/(?<="|entry \d+), is /, ' is '))
    t.not(lines.length, 0, JSON.stringify(settings))
    t.strictSame(findDocumentFaults(name, document).map(({ message }) => message), lines, JSON.stringify(document))
  }
})

t.test('a key that is missing or has another type is reported with its place', async t => {
  const cases: [name: DocumentName, content: Record<string, unknown>, ...messages: string[]][] = [
    ['server', {}, '"m.server" is missing; add it'],
    ['server', { 'm.server': 5 }, '"m.server" is 5: not a string; write one in double quotes'],
    ['server', { 'm.server': '' }, '"m.server" is "": empty; write a server name such as example.com'],
    ['client', {}, '"m.homeserver" is missing; add it'],
    ['client', { 'm.homeserver': {}, 'm.identity_server': [] },
      '"m.homeserver" is {}: "base_url" is missing; add it',
      '"m.identity_server" is []: not an object; write one in { }'],
    ['client', { 'm.homeserver': { base_url: null } },
      '"m.homeserver", "base_url" is null: not a string; write one in double quotes'],
    ['support', {}, '"contacts" or "support_page" is missing; add at least one of them'],
    ['support', { contacts: {} }, '"contacts" is {}: not a list; write one in [ ]'],
    ['policy_server', {}, '"public_keys" is missing; add it'],
    ['policy_server', { public_keys: { rsa: 5 } },
      '"public_keys" is {"rsa":5}: "ed25519" is missing; add it',
      '"public_keys", "rsa" is 5: not a string; write one in double quotes'],
    ['policy_server', { public_keys: { ed25519: '-'.repeat(43) } },
      `"public_keys", "ed25519" is "${'-'.repeat(43)}": has the URL-safe base64 alphabet; use ${'+'.repeat(43)}`]
  ]
  for (const [name, content, ...messages] of cases) {
    t.strictSame(findDocumentFaults(name, content).map(({ message }) => message), messages, JSON.stringify(content))
  }
})

t.test('healthy documents have no fault, and a key may contain any character', async t => {
  for (const name of documentNames) t.strictSame(findDocumentFaults(name, healthyDocuments[name]), [], name)
  const keys = { ...healthyDocuments.policy_server.public_keys, 'a/b~c': 1 }
  t.match(findDocumentFaults('policy_server', { public_keys: keys }),
    [{ path: ['public_keys', 'a/b~c'], message: /^"public_keys", "a\/b~c" is 1:/ }])
})
