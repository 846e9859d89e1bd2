import t from 'tap'
import { findDocumentFaults } from '../../src/matrix/document-faults.ts'
import type { DocumentName } from '../../src/site/documents.ts'
import { answer, wellKnownHeaders } from '../support/answers.ts'
import { checkWorld } from '../support/check-world.ts'
import { faultsOf } from '../support/faults.ts'
import { healthyDocuments, startHealthyWorld } from '../support/healthy-world.ts'

const base = { SERVER_NAME: 'example.com' }
const client = { ...base, M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }

const names = [
  ':443', 'https://m.example.com', 'https://m.example.com:8448/', 'HTTP:/example.com/', '//example.com', 'https://user:secret@example.com:8448/path', 'https://a_b',
  'example.com/_matrix', 'example.com:443?x=1', 'example.com#x', 'example.com :443', 'm.example.com : 443', '@alice:example.com', 'alice@example.com', 'u:hunter2@m.example.com',
  'münchen.example', 'my_host.example', 'example\u200b.com', 'a..b', '.example.com', 'example.com.', 'example.com.:443', '.', 'a'.repeat(256), '256.1.1.1', '0001.1.1.1',
  '2001:db8::1', '[::1', '[fe80::1%eth0]', '[]', '[1.2.3.4]', '[::1]x', 'example.com:', 'example.com:0', 'example.com:65536', 'example.com:000443', 'a:b:c'
]
const pages = [
  'matrix.example.com', 'matrix.example.com:8448', '//matrix.example.com', 'https:/matrix.example.com', 'ftp://matrix.example.com/x', 'mailto:admin@example.com', 'https://user:secret@matrix.example.com',
  'https://matrix.example.com/a b', 'https:\\\\matrix.example.com', 'https://matrix.example.com/\u0007', 'https://münchen.example:8448/a', 'https://matrix.example.com/ü', 'https://', 'https://a..b/',
  'https://my_host', 'https://256.1.1.1', 'https://example.com:99999', 'https://1.2.3.4.5', 'https://127.1'
]
const baseUrls = [...pages, 'https://matrix.example.com/?a=b', 'https://matrix.example.com#a?b', 'https://matrix.example.com?']
const keys = ['abc', 'ed25519 a_1 c2VjcmV0', '-----BEGIN PRIVATE KEY-----', `${healthyDocuments.policy_server.public_keys.ed25519}=`]
const contacts: object[] = [
  { role: 'admin', email_address: 'a@example.com' }, { role: 'Moderator', email_address: 'a@example.com' }, { role: 'm.role.admin' }, { email_address: 'a@example.com' }, { role: 5, email_address: 'a@example.com' },
  { role: 'm.role.admin', matrix_id: 'alice' }, { role: 'm.role.admin', matrix_id: '@alice' }, { role: 'm.role.admin', matrix_id: '@alice:a..b' }, { role: 'm.role.admin', email_address: 'mailto:x@y' }, { role: 'm.role.admin', email_address: 'nobody' }
]
const clientContents: object[] = [
  { 'io.element.e2ee': { default: 'true' } }, { 'io.element.e2ee': { force_disable: 0 } }, { 'io.element.jitsi': { preferredDomain: 5 } }, { 'io.element.jitsi': { preferredDomain: 'https://meet.example.com' } },
  { 'm.tile_server': {} }, { 'm.tile_server': 'x' }, { 'org.matrix.msc3488.tile_server': { map_style_url: 'x' } }, { 'org.matrix.msc4143.rtc_foci': {} }, { 'org.matrix.msc4143.rtc_foci': [{ type: 'livekit' }] },
  { 'org.matrix.msc4143.rtc_foci': [{ livekit_service_url: 'https://a.example' }] }, { 'org.matrix.msc4143.rtc_foci': ['x'] }, { 'org.matrix.msc4143.rtc_foci': [{ type: 'livekit', livekit_service_url: 'rtc.example.com' }] },
  { 'cc.etke.ketesa': 'x' }, { 'io.element.call_behaviour': 1 }, { 'io.element.embedded_pages': [] }
]

/** What the server says of a value that it refuses to start with, and where it stands in a document. */
interface Refusal {
  readonly name: DocumentName
  readonly document: object
  /** The settings, and what its lines begin with; the document's begin with `place`. */
  readonly settings: Record<string, string>
  readonly variable: string
  readonly place: string
}

const refusals: Refusal[] = [
  ...names.map(value => ({ name: 'server' as const, document: { 'm.server': value }, settings: { ...base, M_SERVER: value }, variable: 'M_SERVER', place: '"m.server"' })),
  ...baseUrls.map(value => ({ name: 'client' as const, document: { 'm.homeserver': { base_url: value } }, settings: { ...base, M_HOMESERVER_BASE_URL: value }, variable: 'M_HOMESERVER_BASE_URL', place: '"m.homeserver", "base_url"' })),
  ...baseUrls.map(value => ({ name: 'client' as const, document: { ...healthyDocuments.client, 'm.identity_server': { base_url: value } }, settings: { ...client, M_IDENTITY_SERVER_BASE_URL: value }, variable: 'M_IDENTITY_SERVER_BASE_URL', place: '"m.identity_server", "base_url"' })),
  ...clientContents.map(value => ({ name: 'client' as const, document: { 'm.homeserver': healthyDocuments.client['m.homeserver'], ...value }, settings: { ...client, EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify(value) }, variable: 'EXTRA_WELL_KNOWN_CLIENT_CONTENT, ', place: '' })),
  ...pages.map(value => ({ name: 'support' as const, document: { support_page: value }, settings: { ...base, SUPPORT_PAGE: value }, variable: 'SUPPORT_PAGE', place: '"support_page"' })),
  ...contacts.map(value => ({ name: 'support' as const, document: { contacts: [value] }, settings: { ...base, SUPPORT_CONTACTS: JSON.stringify([value]) }, variable: 'SUPPORT_CONTACTS', place: '"contacts"' })),
  { name: 'support', document: { contacts: [] }, settings: { ...base, SUPPORT_CONTACTS: '[]' }, variable: 'SUPPORT_CONTACTS', place: '"contacts"' },
  ...keys.map(value => ({ name: 'policy_server' as const, document: { public_keys: { ed25519: value } }, settings: { ...base, POLICY_SERVER_ED25519: value }, variable: 'POLICY_SERVER_ED25519', place: '"public_keys", "ed25519"' }))
]

t.test('check says of a document what the server says that refuses to start with it', async t => {
  let served: Refusal | undefined
  const at = (name: DocumentName) => (request: Parameters<ReturnType<typeof answer>>[0], response: Parameters<ReturnType<typeof answer>>[1]): void => {
    answer(JSON.stringify(served?.name === name ? served.document : healthyDocuments[name]), { headers: wellKnownHeaders })(request, response)
  }
  const world = await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/server': at('server'),
      'GET /.well-known/matrix/client': at('client'),
      'GET /.well-known/matrix/support': at('support'),
      'GET /.well-known/matrix/policy_server': at('policy_server')
    }
  })
  for (const refusal of refusals) {
    served = refusal
    const { name, document, settings, variable, place } = refusal
    // The place within a setting is closed by a comma.
    const lines = faultsOf(settings).map(line => line.replace(variable, () => place).replace(/(", is|entry \d+, is) /, match => match.replace(', is', ' is')))
    const { findings } = await checkWorld(world, { only: 'documents' })
    t.not(lines.length, 0)
    t.strictSame(findings.filter(({ severity }) => severity !== 'notice').map(({ id, subject, what }) => [id, subject, what]), lines.map(line => ['document.invalid', `/.well-known/matrix/${name}`, `${line}.`]), JSON.stringify(document))
  }
})

t.test('what a document lacks, or has in another form, is told with its place', async t => {
  const cases: [name: DocumentName, content: Record<string, unknown>, ...messages: string[]][] = [
    ['server', {}, '"m.server" is missing, write it as well'],
    ['server', { 'm.server': 5 }, '"m.server" is 5: write a string in double quotes'],
    ['server', { 'm.server': '' }, '"m.server" is "": write a server name such as example.com'],
    ['client', {}, '"m.homeserver" is missing, write it as well'],
    ['client', { 'm.homeserver': {}, 'm.identity_server': [] }, '"m.homeserver" is {}: "base_url" is missing, write it as well', '"m.identity_server" is []: write an object in { }'],
    ['client', { 'm.homeserver': { base_url: null } }, '"m.homeserver", "base_url" is null: write a string in double quotes'],
    ['support', {}, '"contacts" or "support_page" is missing, write at least one of them'],
    ['support', { contacts: {} }, '"contacts" is {}: write a list in [ ]'],
    ['policy_server', {}, '"public_keys" is missing, write it as well'],
    ['policy_server', { public_keys: { rsa: 5 } }, '"public_keys" is {"rsa":5}: "ed25519" is missing, write it as well', '"public_keys", "rsa" is 5: write a string in double quotes']
  ]
  for (const [name, content, ...messages] of cases) t.strictSame(findDocumentFaults(name, content).map(({ message }) => message), messages, JSON.stringify(content))
})

t.test('healthy documents have no fault, and keys may hold any character', async t => {
  for (const [name, document] of Object.entries(healthyDocuments)) t.strictSame(findDocumentFaults(name as DocumentName, document), [], name)
  t.match(findDocumentFaults('policy_server', { public_keys: { ...healthyDocuments.policy_server.public_keys, 'a/b~c': 1 } }), [{ path: ['public_keys', 'a/b~c'], message: /^"public_keys", "a\/b~c" is 1:/ }])
})
