import t from 'tap'
import { describeDocuments, importFrom } from '../support/imports.ts'
import { healthyDocuments } from '../support/healthy-world.ts'

const base = { 'm.homeserver': { base_url: 'https://m.example.com' } }
const rtc = 'org.matrix.msc4143.rtc_foci'
const livekit = (url: string): object => ({ type: 'livekit', livekit_service_url: url })

t.test('the documents of a healthy site become settings without a remark', async t => {
  const { environment, remarks, served } = importFrom(describeDocuments(healthyDocuments))
  t.strictSame({ ...environment }, {
    SERVER_NAME: 'example.com',
    M_SERVER: 'matrix.example.com:443',
    M_HOMESERVER_BASE_URL: 'https://matrix.example.com',
    M_IDENTITY_SERVER_BASE_URL: 'https://matrix.example.com',
    LIVEKIT_SERVICE_URL: 'https://matrix.example.com/livekit/jwt',
    SUPPORT_PAGE: 'https://example.com/help',
    SUPPORT_CONTACTS: JSON.stringify(healthyDocuments.support.contacts),
    POLICY_SERVER_ED25519: healthyDocuments.policy_server.public_keys.ed25519
  })
  t.strictSame(remarks, [])
  t.strictSame(served, healthyDocuments)
})

const conversions: [
  title: string,
  documents: Record<string,
  object>,
  settings: Record<string,
  string>,
  remarks: string[]
][] = [
  [
    'a site without /server keeps it that way',
    { client: base },
    { SERVE_SERVER_WELLKNOWN: 'false', M_HOMESERVER_BASE_URL: 'https://m.example.com' },
    ['note SERVE_SERVER_WELLKNOWN']
  ],
  [
    'slashes at the end of a base URL are removed',
    {
      client: {
        'm.homeserver': { base_url: 'https://m.example.com//' }, 'm.identity_server': { base_url: 'https://i.example/' }
      }
    },
    {
      SERVE_SERVER_WELLKNOWN: 'false',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      M_IDENTITY_SERVER_BASE_URL: 'https://i.example'
    },
    ['note SERVE_SERVER_WELLKNOWN', 'fixed M_HOMESERVER_BASE_URL', 'fixed M_IDENTITY_SERVER_BASE_URL']
  ],
  [
    'several LiveKit services are a list',
    {
      server: { 'm.server': 'm.example.com' },
      client: { ...base, [rtc]: [livekit('https://a.example'), livekit('https://b.example/jwt')] }
    },
    {
      M_SERVER: 'm.example.com',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      LIVEKIT_SERVICE_URL: 'https://a.example,https://b.example/jwt'
    },
    []
  ],
  [
    'a list with anything else than LiveKit stays as it is',
    {
      server: { 'm.server': 'm.example.com' },
      client: { ...base, [rtc]: [livekit('https://a.example'), { type: 'other' }] }
    },
    {
      M_SERVER: 'm.example.com',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: `{"${rtc}":[{"type":"livekit","livekit_service_url":"https://a.example"},` +
        '{"type":"other"}]}'
    },
    []
  ],
  [
    'a LiveKit service with a comma, and one with further keys, stay as they are',
    {
      server: { 'm.server': 'm.example.com' },
      client: {
        ...base,
        [rtc]: [livekit('https://a.example/x,y')],
        'com.example.a': [{ ...livekit('https://b.example'), a: 1 }]
      }
    },
    {
      M_SERVER: 'm.example.com',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: `{"${rtc}":[{"type":"livekit","livekit_service_url":"https://a.example/x,y"}],` +
        '"com.example.a":[{"type":"livekit","livekit_service_url":"https://b.example","a":1}]}'
    },
    []
  ],
  [
    'keys without a setting are left out, each with a remark',
    {
      server: { 'm.server': 'm.example.com', more: 1 },
      client: { 'm.homeserver': { base_url: 'https://m.example.com', name: 'x' } },
      policy_server: { public_keys: { ...healthyDocuments.policy_server.public_keys, other: 'x' }, more: 1 }
    },
    {
      M_SERVER: 'm.example.com',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      POLICY_SERVER_ED25519: healthyDocuments.policy_server.public_keys.ed25519
    },
    [
      'left-out M_SERVER', 'left-out M_HOMESERVER_BASE_URL', 'left-out POLICY_SERVER_ED25519',
      'left-out POLICY_SERVER_ED25519'
    ]
  ],
  [
    'further keys of /support and further documents are kept',
    {
      server: { 'm.server': 'm.example.com' },
      support: { support_page: 'https://example.com/help', 'com.example.hours': '9' },
      mautrix: { 'fi.mau.bridges': [] },
      Bad: {}
    },
    {
      M_SERVER: 'm.example.com',
      SUPPORT_PAGE: 'https://example.com/help',
      EXTRA_WELL_KNOWN_SUPPORT_CONTENT: '{"com.example.hours":"9"}',
      EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{"fi.mau.bridges":[]}}'
    },
    ['left-out EXTRA_WELL_KNOWN_DOCUMENTS']
  ],
  [
    'what JSON.parse has changed already is left out, and nothing else',
    {
      server: { 'm.server': 'm.example.com' },
      client: {
        ...base,
        'com.example.a': 1e20,
        'com.example.b': Infinity,
        'com.example.c': '\ud800',
        'com.example.d': 1
      },
      other: { a: 1e300 }
    },
    {
      M_SERVER: 'm.example.com',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.d":1}'
    },
    [...Array(3).fill('left-out EXTRA_WELL_KNOWN_CLIENT_CONTENT') as string[], 'left-out EXTRA_WELL_KNOWN_DOCUMENTS']
  ],
  [
    'keys in the wrong document move to their own',
    { server: { 'm.server': 'm.example.com', ...base }, client: { 'm.server': 'other.example.com' } },
    { M_SERVER: 'm.example.com', M_HOMESERVER_BASE_URL: 'https://m.example.com' },
    ['fixed M_HOMESERVER_BASE_URL', 'fixed M_SERVER']
  ],
  [
    'a document of which nothing is left was one by mistake',
    { client: { 'm.server': 'm.example.com' }, server: { contacts: [{ role: 'admin', matrix_id: '@a:b' }] } },
    { M_SERVER: 'm.example.com', SUPPORT_CONTACTS: '[{"role":"m.role.admin","matrix_id":"@a:b"}]' },
    ['fixed SUPPORT_CONTACTS', 'fixed M_SERVER', 'fixed SUPPORT_CONTACTS']
  ],
  [
    'keys that are split at their dots are joined',
    {
      server: { m: { server: 'm.example.com' } },
      client: { m: { homeserver: { base_url: 'https://m.example.com' }, x: 1 } }
    },
    {
      M_SERVER: 'm.example.com',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"m":{"x":1}}'
    },
    ['fixed M_SERVER', 'fixed M_HOMESERVER_BASE_URL']
  ],
  [
    'the draft of /support is read',
    {
      server: { 'm.server': 'm.example.com' },
      support: { admins: [{ role: 'admin', email_address: 'a@example.com' }] }
    },
    { M_SERVER: 'm.example.com', SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"a@example.com"}]' },
    ['fixed SUPPORT_CONTACTS', 'fixed SUPPORT_CONTACTS']
  ],
  [
    'a document without what it needs is left out',
    { server: { 'm.server': 'm.example.com' }, client: { 'com.example.a': 1 }, policy_server: {} },
    { M_SERVER: 'm.example.com' },
    ['left-out EXTRA_WELL_KNOWN_CLIENT_CONTENT', 'left-out POLICY_SERVER_ED25519']
  ],
  [
    'a document that Synapse would not read in full loses its longest part',
    { server: { 'm.server': 'm.example.com' }, client: { ...base, 'com.example.long': 'x'.repeat(52_000) } },
    { M_SERVER: 'm.example.com', M_HOMESERVER_BASE_URL: 'https://m.example.com' },
    ['left-out EXTRA_WELL_KNOWN_CLIENT_CONTENT']
  ]
]

for (const [title, documents, settings, remarks] of conversions) {
  t.test(title, async t => {
    const imported = importFrom(describeDocuments(documents))
    t.strictSame({ ...imported.environment }, { SERVER_NAME: 'example.com', ...settings })
    t.strictSame(imported.remarks.toSorted(), remarks.toSorted(), imported.file)
  })
}

t.test('a hostile document causes few remarks', async t => {
  const contacts = Array.from({ length: 3_000 }, () => ({ role: 1 }))
  const keys = Object.fromEntries(Array.from({ length: 3_000 }, (_, number) => [`key${number}`, 1]))
  const { draft } = importFrom(describeDocuments({
    server: { 'm.server': 'm.example.com', ...keys },
    support: { contacts }
  }))
  t.ok(draft.remarks.length < 50, `${draft.remarks.length} remarks`)
  t.match(draft.remarks.map(({ text }) => text).join('\n'), /\d more values are invalid/)
  t.match(draft.remarks.map(({ text }) => text).join('\n'), /2980 more keys have no setting/)
})

t.test('keys named like parts of every object are only keys', async t => {
  const client = JSON.parse('{"m.homeserver":{"base_url":"https://m.example.com"},"__proto__":{"a":1},' +
    '"constructor":2}') as object
  const { environment, served } = importFrom({
    ...describeDocuments({}),
    documents: new Map([
      ['client', client as Record<string, unknown>],
      ['constructor', { a: 1 }]
    ])
  })
  t.equal(environment['EXTRA_WELL_KNOWN_CLIENT_CONTENT'], '{"__proto__":{"a":1},"constructor":2}')
  t.equal(JSON.stringify(served['client']), JSON.stringify(client))
  t.strictSame(served['constructor'], { a: 1 })
})

t.test('slashes at the end of a LiveKit service are removed, but not those of other services', async t => {
  const foci = [livekit('https://a.example/'), livekit('HTTPS://b.example/jwt')]
  const { environment, remarks } = importFrom(describeDocuments({
    server: { 'm.server': 'm.example.com' }, client: { ...base, [rtc]: foci }
  }))
  t.equal(environment['LIVEKIT_SERVICE_URL'], 'https://a.example,https://b.example/jwt')
  t.strictSame(remarks, ['fixed LIVEKIT_SERVICE_URL'])
})

t.test('a base URL without the path that clients append to it', async t => {
  const cases: [url: string, expected: string][] = [
    ['https://m.example.com/_matrix', 'https://m.example.com'],
    ['https://m.example.com/_matrix/client/v3/', 'https://m.example.com'],
    ['HTTPS://m.example.com/a//_matrix/', 'https://m.example.com/a'],
    ['https://m.example.com/a_matrix', 'https://m.example.com/a_matrix'],
    ['https://m.example.com/_matrix2', 'https://m.example.com/_matrix2']
  ]
  for (const [url, expected] of cases) {
    const { environment, remarks } = importFrom(describeDocuments({
      server: { 'm.server': 'm.example.com' },
      client: { 'm.homeserver': { base_url: url }, 'm.identity_server': { base_url: url } }
    }))
    t.equal(environment['M_HOMESERVER_BASE_URL'], expected, url)
    t.equal(environment['M_IDENTITY_SERVER_BASE_URL'], expected, url)
    const fixed = ['fixed M_HOMESERVER_BASE_URL', 'fixed M_IDENTITY_SERVER_BASE_URL']
    t.strictSame(remarks, url === expected ? [] : fixed, url)
  }
})
