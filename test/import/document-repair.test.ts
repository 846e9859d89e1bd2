import t from 'tap'
import type { JsonObject } from '../../src/matrix/json-object.ts'
import type { DocumentName } from '../../src/site/documents.ts'
import { repairDocument } from '../../src/import/document-repair.ts'
import { describePlace } from '../../src/import/source-document.ts'

interface Case {
  readonly name: DocumentName
  readonly content: JsonObject
  /** Undefined if nothing is left. */
  readonly becomes: JsonObject | undefined
  /** What is fixed or left out, by its path. */
  readonly repairs: readonly string[]
}

const base = { 'm.homeserver': { base_url: 'https://m.example.com' } }
const rtc = 'org.matrix.msc4143.rtc_foci'
const livekit = { type: 'livekit', livekit_service_url: 'https://rtc.example.com' }
const tiles = { map_style_url: 'https://tiles.example.com' }
const admin = { role: 'm.role.admin', matrix_id: '@admin:example.com' }
const standardKey = '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s'

/** The mistakes that people make. */
const cases: Record<string, Case> = {
  'a URL in m.server': {
    name: 'server',
    content: { 'm.server': 'https://m.example.com/path' },
    becomes: { 'm.server': 'm.example.com:443' },
    repairs: ['fixed m.server']
  },
  'white space in m.server': {
    name: 'server',
    content: { 'm.server': ' m.example.com : 443 ' },
    becomes: { 'm.server': 'm.example.com:443' },
    repairs: ['fixed m.server']
  },
  'white space around a base URL': {
    name: 'client',
    content: { 'm.homeserver': { base_url: ' https://m.example.com\n' } },
    becomes: base,
    repairs: ['fixed m.homeserver.base_url']
  },
  'a path in m.server': {
    name: 'server',
    content: { 'm.server': 'm.example.com:443/_matrix' },
    becomes: { 'm.server': 'm.example.com:443' },
    repairs: ['fixed m.server']
  },
  'an empty variable in m.server': {
    name: 'server',
    content: { 'm.server': '.example.com:443' },
    becomes: undefined,
    repairs: ['left-out m.server']
  },
  'a number as m.server': {
    name: 'server',
    content: { 'm.server': 443, 'com.example.other': 1 },
    becomes: undefined,
    repairs: ['left-out m.server', 'left-out ']
  },
  'a base URL without scheme': {
    name: 'client',
    content: { 'm.homeserver': { base_url: 'm.example.com' } },
    becomes: base,
    repairs: ['fixed m.homeserver.base_url']
  },
  'a string in place of an object with a base URL': {
    name: 'client',
    content: { 'm.homeserver': 'https://m.example.com' },
    becomes: base,
    repairs: ['fixed m.homeserver']
  },
  'a base URL with a query': {
    name: 'client',
    content: { 'm.homeserver': { base_url: 'https://m.example.com?a=b' } },
    becomes: base,
    repairs: ['fixed m.homeserver.base_url']
  },
  'a base URL with an empty host': {
    name: 'client',
    content: { 'm.homeserver': { base_url: 'https:///' }, 'io.element.e2ee': {} },
    becomes: undefined,
    repairs: ['left-out m.homeserver.base_url', 'left-out ']
  },
  'an identity server that is null': {
    name: 'client',
    content: { ...base, 'm.identity_server': null },
    becomes: base,
    repairs: ['left-out m.identity_server']
  },
  'the URL of a media server, before a good one': {
    name: 'client',
    content: { ...base, [rtc]: [{ type: 'livekit', livekit_service_url: 'wss://rtc.example.com' }, livekit] },
    becomes: { ...base, [rtc]: [livekit] },
    repairs: [`left-out ${rtc}.0.livekit_service_url`, `left-out ${rtc}.0`]
  },
  'nothing but bad entries': {
    name: 'client',
    content: { ...base, [rtc]: [1, { livekit_service_url: 'https://rtc.example.com' }, 2] },
    becomes: base,
    repairs: [`left-out ${rtc}.0`, `left-out ${rtc}.1`, `left-out ${rtc}.2`]
  },
  'both names of two keys': {
    name: 'client',
    content: {
      ...base,
      [rtc]: [livekit],
      'm.rtc_foci': [],
      'm.tile_server': tiles,
      'org.matrix.msc3488.tile_server': tiles
    },
    becomes: { ...base, [rtc]: [livekit], 'org.matrix.msc3488.tile_server': tiles },
    repairs: [`fixed ${rtc}`, 'fixed org.matrix.msc3488.tile_server']
  },
  'booleans and hosts as they are not written': {
    name: 'client',
    content: {
      ...base,
      'io.element.e2ee': { default: 'true', force_disable: 'false' },
      'io.element.jitsi': { preferredDomain: 'https://jitsi.example.com' }
    },
    becomes: {
      ...base,
      'io.element.e2ee': { default: true, force_disable: false },
      'io.element.jitsi': { preferredDomain: 'jitsi.example.com' }
    },
    repairs: [
      'fixed io.element.e2ee.default', 'fixed io.element.e2ee.force_disable', 'fixed io.element.jitsi.preferredDomain'
    ]
  },
  'a boolean that is something else': {
    name: 'client',
    content: { ...base, 'io.element.e2ee': { default: 'on' } },
    becomes: { ...base, 'io.element.e2ee': {} },
    repairs: ['left-out io.element.e2ee.default']
  },
  'bare roles, in any case': {
    name: 'support',
    content: { contacts: [{ ...admin, role: 'admin' }, { ...admin, role: 'Security' }] },
    becomes: { contacts: [admin, { ...admin, role: 'm.role.security' }] },
    repairs: ['fixed contacts.0.role', 'fixed contacts.1.role']
  },
  'a role that is unknown': {
    name: 'support',
    content: { contacts: [{ ...admin, role: 'boss' }, admin] },
    becomes: { contacts: [admin] },
    repairs: ['left-out contacts.0.role', 'left-out contacts.0']
  },
  'one contact instead of a list': {
    name: 'support',
    content: { contacts: admin },
    becomes: { contacts: [admin] },
    repairs: ['fixed contacts']
  },
  'mailto: in an email address, and a user ID without @': {
    name: 'support',
    content: { contacts: [{ role: 'm.role.admin', email_address: 'mailto:a@example.com', matrix_id: 'a:b' }] },
    becomes: { contacts: [{ role: 'm.role.admin', email_address: 'a@example.com' }] },
    repairs: ['fixed contacts.0.email_address', 'left-out contacts.0.matrix_id']
  },
  'nothing but a contact that nothing is left of': {
    name: 'support',
    content: { contacts: [1] },
    becomes: undefined,
    repairs: ['left-out contacts.0']
  },
  'an email address in place of a page': {
    name: 'support',
    content: { support_page: 'help@example.com' },
    becomes: { support_page: 'mailto:help@example.com' },
    repairs: ['fixed support_page']
  },
  'no contacts beside a page': {
    name: 'support',
    content: { contacts: [], support_page: 'example.com/help' },
    becomes: { support_page: 'https://example.com/help' },
    repairs: ['left-out contacts', 'fixed support_page']
  },
  'a text in place of a list': {
    name: 'support',
    content: { contacts: 'admin@example.com', support_page: 'https://example.com/help' },
    becomes: { support_page: 'https://example.com/help' },
    repairs: ['left-out contacts']
  },
  'an empty document': { name: 'support', content: {}, becomes: undefined, repairs: ['left-out '] },
  'a key in the URL-safe alphabet, with padding': {
    name: 'policy_server',
    content: { public_keys: { ed25519: '6yhHGKhCiXTSEN2ksjV7kX_N6rBQZ3Xb-M7LlC6NS-s=', other: 5 } },
    becomes: { public_keys: { ed25519: standardKey } },
    repairs: ['fixed public_keys.ed25519', 'left-out public_keys.other', 'fixed public_keys.ed25519']
  }
}

for (const [title, { name, content, becomes, repairs }] of Object.entries(cases)) {
  t.test(`${title} is repaired or left out`, async t => {
    const before = JSON.stringify(content)
    const repaired = repairDocument(name, content, describePlace)
    t.strictSame(repaired.content, becomes)
    const found = repaired.repairs.map(({ kind, path }) => `${kind} ${path.join('.')}`)
    t.strictSame(found.toSorted(), repairs.toSorted(), repaired.repairs.map(({ text }) => text).join('\n'))
    t.ok(repaired.repairs.every(({ text }) => text !== ''))
    t.equal(JSON.stringify(content), before, 'the source stays as it is')
  })
}

t.test('what is right stays as it is', async t => {
  const content = {
    ...base,
    [rtc]: [],
    'com.example.null': null,
    'm.identity_server': { base_url: 'https://i.example', more: 1 }
  }
  t.strictSame(repairDocument('client', content, describePlace), { content, repairs: [] })
})

t.test('thousands of wrong entries are left out together', async t => {
  const contacts = Array.from({ length: 5_000 }, (_, number) => number === 4_998 ? admin : { role: number })
  const { content, repairs } = repairDocument('support', { contacts }, describePlace)
  t.strictSame(content, { contacts: [admin] })
  t.ok(repairs.length >= 4_999)
})
