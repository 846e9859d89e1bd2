import t from 'tap'
import { describeConfiguration } from '../../src/import/configuration.ts'
import { ImportError } from '../../src/import/import-error.ts'
import { importFrom } from '../support/imports.ts'

interface Case {
  readonly files: readonly string[]
  readonly settings: Readonly<Record<string, string>>
  /** As `kind VARIABLE`. */
  readonly remarks: readonly string[]
}

const livekit = '{type: livekit, livekit_service_url: "https://rtc.example.com/"}'
const noClient = 'note M_HOMESERVER_BASE_URL'
const noServer = 'note SERVE_SERVER_WELLKNOWN'
const key = '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s'

const cases: Record<string, Case> = {
  'server_name and public_baseurl of Synapse': {
    files: ['server_name: example.com\npublic_baseurl: https://m.example.com/\n'],
    settings: { M_SERVER: 'm.example.com:443', M_HOMESERVER_BASE_URL: 'https://m.example.com' },
    remarks: ['guess M_SERVER']
  },
  'a public_baseurl with a port': {
    files: ['server_name: example.com\npublic_baseurl: https://m.example.com:8443/\n'],
    settings: { M_SERVER: 'm.example.com:8443', M_HOMESERVER_BASE_URL: 'https://m.example.com:8443' },
    remarks: ['guess M_SERVER']
  },
  'a public_baseurl without TLS': {
    files: ['server_name: example.com\npublic_baseurl: http://m.example.com:8008\n'],
    settings: { M_SERVER: 'm.example.com:443', M_HOMESERVER_BASE_URL: 'http://m.example.com:8008' },
    remarks: ['guess M_SERVER']
  },
  'a public_baseurl that has no scheme': {
    files: ['server_name: example.com\npublic_baseurl: m.example.com\n'],
    settings: { M_SERVER: 'm.example.com:443', M_HOMESERVER_BASE_URL: 'https://m.example.com' },
    remarks: ['fixed M_HOMESERVER_BASE_URL', 'guess M_SERVER']
  },
  "a public_baseurl that isn't a URL": {
    files: ['server_name: example.com\npublic_baseurl: 5\n'],
    settings: { SERVE_SERVER_WELLKNOWN: 'false' },
    remarks: [noServer, 'left-out M_HOMESERVER_BASE_URL']
  },
  'Synapse without public_baseurl, also if it serves /server off': {
    files: ['server_name: example.com\nserve_server_wellknown: false\npublic_baseurl:\n'],
    settings: { SERVE_SERVER_WELLKNOWN: 'false' },
    remarks: [noServer, noClient]
  },
  'Synapse without public_baseurl, but with what it would serve with it': {
    files: ['server_name: example.com\ndefault_identity_server: https://id.example.com\n' +
      `matrix_rtc: {transports: [${livekit}]}\nextra_well_known_client_content: {com.example.a: 1}\n`],
    settings: { SERVE_SERVER_WELLKNOWN: 'false' },
    remarks: [
      noServer,
      noClient,
      'left-out M_IDENTITY_SERVER_BASE_URL',
      'left-out LIVEKIT_SERVICE_URL',
      'left-out EXTRA_WELL_KNOWN_CLIENT_CONTENT'
    ]
  },
  'an email address without mailto: as admin_contact': {
    files: ['server_name: example.com\nserve_server_wellknown: "true"\nadmin_contact: admin@example.com\n'],
    settings: {
      M_SERVER: 'example.com:443', SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"admin@example.com"}]'
    },
    remarks: ['note M_SERVER', noClient, 'guess SUPPORT_CONTACTS']
  },
  'several addresses in admin_contact, encoded, of which two are wrong': {
    files: ['server_name: example.com\nadmin_contact: mailto:a%2Bb@example.com,admin,a%@example.com,%zz\n'],
    settings: {
      SERVE_SERVER_WELLKNOWN: 'false',
      SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"a+b@example.com"},' +
        '{"role":"m.role.admin","email_address":"a%@example.com"}]'
    },
    remarks: [
      noServer, noClient, 'left-out SUPPORT_CONTACTS', 'left-out SUPPORT_CONTACTS', 'guess SUPPORT_CONTACTS'
    ]
  },
  'an admin_contact that is nothing of the kind': {
    files: ['server_name: example.com\nadmin_contact: Ask Alice\n'],
    settings: { SERVE_SERVER_WELLKNOWN: 'false' },
    remarks: [noServer, noClient, 'left-out SUPPORT_PAGE']
  },
  'serve_server_wellknown: true': {
    files: ['server_name: example.com\nserve_server_wellknown: yes\n'],
    settings: { M_SERVER: 'example.com:443' },
    remarks: ['note M_SERVER', noClient]
  },
  'serve_server_wellknown: true with a port in the name': {
    files: ['server_name: "example.com:8449"\nserve_server_wellknown: true\npublic_baseurl: https://m.example.com\n'],
    settings: {
      SERVER_NAME: 'example.com:8449',
      M_SERVER: 'example.com:8449',
      M_HOMESERVER_BASE_URL: 'https://m.example.com'
    },
    remarks: ['note M_SERVER']
  },
  'every other option of Synapse': {
    files: [`server_name: example.com
public_baseurl: https://m.example.com
default_identity_server: https://id.example.com
matrix_rtc: {transports: [${livekit}]}
admin_contact: 'mailto:admin@example.com?subject=Help'
extra_well_known_client_content:
  io.element.e2ee: {default: yes, date: 2001-12-14}
`],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      M_IDENTITY_SERVER_BASE_URL: 'https://id.example.com',
      LIVEKIT_SERVICE_URL: 'https://rtc.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"io.element.e2ee":{"default":true,"date":"2001-12-14"}}',
      SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"admin@example.com"}]'
    },
    remarks: ['guess M_SERVER', 'guess SUPPORT_CONTACTS']
  },
  'rtc_foci that Synapse publishes, in place of transports': {
    files: [`server_name: example.com
public_baseurl: https://m.example.com
matrix_rtc: {transports: [${livekit}]}
extra_well_known_client_content:
  org.matrix.msc4143.rtc_foci: [
    {type: livekit, livekit_service_url: wss://x.example.com},
    {type: livekit, livekit_service_url: 'https://y.example.com'}
  ]
`],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      LIVEKIT_SERVICE_URL: 'https://y.example.com'
    },
    remarks: ['guess M_SERVER', 'left-out LIVEKIT_SERVICE_URL', 'left-out LIVEKIT_SERVICE_URL']
  },
  "an admin_contact that is a page, and content that isn't a mapping": {
    files: ['server_name: example.com\npublic_baseurl: https://m.example.com\n' +
      'admin_contact: https://example.com/help\nextra_well_known_client_content: [1]\nmatrix_rtc: {transports: []}\n'],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      SUPPORT_PAGE: 'https://example.com/help'
    },
    remarks: ['guess M_SERVER', 'guess SUPPORT_PAGE', 'left-out EXTRA_WELL_KNOWN_CLIENT_CONTENT']
  },
  'several files of Synapse, of which each replaces whole keys': {
    files: [
      'server_name: old.example\npublic_baseurl: https://m.example.com\n' +
        'extra_well_known_client_content: {com.example.a: 1}\n',
      '# nothing\n',
      'server_name: example.com\nextra_well_known_client_content: {com.example.b: 2}\n'
    ],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.b":2}'
    },
    remarks: ['left-out undefined', 'guess M_SERVER']
  },
  'YAML 1.1 as PyYAML reads it': {
    files: ['%YAML 1.1\n---\nserver_name: first.example\nserver_name: example.com\n' +
      'public_baseurl: &url https://m.example.com\ndefault_identity_server: *url\n' +
      'extra_well_known_client_content:\n  <<: {com.example.on: on}\n  com.example.octal: 010\n'],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      M_IDENTITY_SERVER_BASE_URL: 'https://m.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.on":true,"com.example.octal":8}'
    },
    remarks: ['guess M_SERVER']
  },
  'numbers that JSON does not have': {
    files: ['server_name: example.com\npublic_baseurl: https://m.example.com\nextra_well_known_client_content:\n' +
      '  com.example.a: .nan\n  com.example.b: .inf\n  com.example.c: 99999999999999999999\n  com.example.d: 1\n'],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.d":1}'
    },
    remarks: ['guess M_SERVER', ...Array(3).fill('left-out EXTRA_WELL_KNOWN_CLIENT_CONTENT') as string[]]
  },
  Dendrite: {
    files: ['version: 2\nglobal:\n  server_name: example.com\n  private_key: secret.pem\n' +
      '  well_known_server_name: "m.example.com:443"\n  well_known_client_name: "https://m.example.com"\n' +
      '  well_known_sliding_sync_proxy: "https://sync.example.com"\n'],
    settings: { M_SERVER: 'm.example.com:443', M_HOMESERVER_BASE_URL: 'https://m.example.com' },
    remarks: ['left-out undefined']
  },
  'Dendrite as its sample has it': {
    files: ['global:\n  server_name: example.com\n  well_known_server_name: ""\n  well_known_client_name: ""\n'],
    settings: { SERVE_SERVER_WELLKNOWN: 'false' },
    remarks: [noServer, noClient]
  },
  'Dendrite with a URL only for clients': {
    files: ['global:\n  server_name: example.com\n  well_known_client_name: https://m.example.com\n'],
    settings: { M_SERVER: 'm.example.com:443', M_HOMESERVER_BASE_URL: 'https://m.example.com' },
    remarks: ['guess M_SERVER']
  },
  'tuwunel with all of its options': {
    files: [`# A comment
[global]
server_name = "example.com"
[global.well_known]
client = "https://m.example.com"
server = "m.example.com:443"
support_page = "https://example.com/help"
support_role = "m.role.security"
support_email = "security@example.com"
support_mxid = "@security:example.com"
support_pgp_key = "https://example.com/key.asc"
[[global.well_known.rtc_transports]]
type = "livekit"
livekit_service_url = "https://rtc.example.com"
[global.well_known.support_contact.first]
role = "m.role.admin"
matrix_id = "@admin:example.com"
[global.well_known.support_contact.second]
email_address = "mailto:second@example.com"
`],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      LIVEKIT_SERVICE_URL: 'https://rtc.example.com',
      SUPPORT_PAGE: 'https://example.com/help',
      SUPPORT_CONTACTS: '[{"role":"m.role.security","matrix_id":"@security:example.com",' +
        '"email_address":"security@example.com",' +
        '"dev.zirco.msc4439.pgp_key":"https://example.com/key.asc"},{"role":"m.role.admin",' +
          '"matrix_id":"@admin:example.com"},' +
        '{"role":"m.role.admin","email_address":"second@example.com"}]'
    },
    remarks: ['fixed SUPPORT_CONTACTS']
  },
  'continuwuity with all that only it has': {
    files: [`global.server_name = 'example.com'
[global.well_known]
client = "https://m.example.com"
policy_server_public_key = "${key}"
[global.matrix_rtc]
foci = [{ type = "livekit", livekit_service_url = "https://rtc.example.com" }, { type = "other", n = 1 }]
`],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"org.matrix.msc4143.rtc_foci":[{"type":"livekit",' +
        '"livekit_service_url":"https://rtc.example.com"},' +
        '{"type":"other","n":1}]}',
      POLICY_SERVER_ED25519: key
    },
    remarks: ['guess M_SERVER']
  },
  livekit_url: {
    files: ['[global]\nserver_name = "example.com"\n[global.well_known]\nclient = "https://m.example.com"\n' +
      'livekit_url = "https://rtc.example.com"\n'],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      LIVEKIT_SERVICE_URL: 'https://rtc.example.com'
    },
    remarks: ['guess M_SERVER']
  },
  'livekit_url after the transports, unless it is one of them': {
    files: ['[global]\nserver_name = "example.com"\n[global.well_known]\nclient = "https://m.example.com"\n' +
      'livekit_url = "https://b.example.com"\nrtc_transports = [' +
      '{ type = "livekit", livekit_service_url = "https://a.example.com" }]\n' +
      '[global.matrix_rtc]\nfoci = [{ type = "livekit", livekit_service_url = "https://c.example.com" }]\n'],
    settings: {
      M_SERVER: 'm.example.com:443',
      M_HOMESERVER_BASE_URL: 'https://m.example.com',
      LIVEKIT_SERVICE_URL: 'https://a.example.com,https://c.example.com,https://b.example.com'
    },
    remarks: ['guess M_SERVER']
  },
  'transports of tuwunel without the URL for clients': {
    files: ['[global]\nserver_name = "example.com"\n[global.well_known]\n' +
      'livekit_url = "https://b.example.com"\nrtc_transports = [' +
      '{ type = "livekit", livekit_service_url = "https://b.example.com" }]\n'],
    settings: { SERVE_SERVER_WELLKNOWN: 'false' },
    remarks: [noServer, noClient, 'left-out LIVEKIT_SERVICE_URL']
  },
  'Conduit without a table for them': {
    files: ['[global]\nserver_name = "example.com"\nwell_known_client = "https://m.example.com"\n' +
      'well_known_server = "s.example.com:443"\n'],
    settings: { M_SERVER: 's.example.com:443', M_HOMESERVER_BASE_URL: 'https://m.example.com' },
    remarks: []
  },
  'a TOML file without well_known': {
    files: ['[global]\nserver_name = "example.com"\nport = 8008\n'],
    settings: { SERVE_SERVER_WELLKNOWN: 'false' },
    remarks: [noServer, noClient]
  }
}

for (const [title, { files, settings, remarks }] of Object.entries(cases)) {
  t.test(`${title}: what it means is carried over`, async t => {
    const description = describeConfiguration(files.map((text, number) => ({ path: `${number}.yaml`, text })))
    const imported = importFrom(description)
    t.strictSame({ ...imported.environment }, { SERVER_NAME: 'example.com', ...settings })
    t.strictSame(imported.remarks.toSorted(), remarks.toSorted(), imported.file)
  })
}

t.test('a key that Synapse refuses is left out, and reported', async t => {
  const text = 'server_name: example.com\npublic_baseurl: https://m.example.com\n' +
    'extra_well_known_client_content:\n  m.homeserver: {base_url: x}\n' +
    '  m.identity_server: {base_url: https://id.example.com}\n'
  const { draft, environment } = importFrom(describeConfiguration([{ path: 'homeserver.yaml', text }]))
  t.equal(environment.M_HOMESERVER_BASE_URL, 'https://m.example.com')
  t.equal(environment.M_IDENTITY_SERVER_BASE_URL, 'https://id.example.com')
  const ignored = draft.remarks.filter(({ text }) => text.includes('Synapse refuses'))
  t.strictSame(ignored.map(({ variable, text }) => [variable, text]), [[
    'EXTRA_WELL_KNOWN_CLIENT_CONTENT',
    'extra_well_known_client_content, "m.homeserver": Synapse refuses to start with it; public_baseurl sets this key'
  ]])
})

t.test("an option that isn't text is shown as it is written", async t => {
  const text = 'server_name: {{ name }}\npublic_baseurl: [https://m.example.com]\n'
  const description = describeConfiguration([{ path: 'homeserver.yaml', text }])
  t.equal(description.serverName, '{"{ name }":null}')
  const { draft } = importFrom(description, 'example.com')
  t.match(draft.remarks.map(({ text }) => text).join('\n'), 'public_baseurl is "[\\"https://m.example.com\\"]": ')
})

const debian = ['pid_file: "/run/synapse.pid"\nlisteners: []\nsigning_key_path: "/etc/k"\n', 'report_stats: false\n']

t.test("Debian's files without the server name are Synapse's, and say where it is", async t => {
  for (const text of debian) {
    const description = describeConfiguration([{ path: 'homeserver.yaml', text }])
    t.throws(() => importFrom(description), new ImportError('ERR_IMPORT_ARGUMENTS', 'homeserver.yaml: no server ' +
      'name; import the file that has it (on Debian, conf.d/server_name.yaml), too, or add --server-name NAME'))
  }
  const texts = [...debian, 'server_name: example.com\n']
  const { environment } = importFrom(describeConfiguration(texts.map((text, i) => ({ path: `${i}.yaml`, text }))))
  t.strictSame({ ...environment }, { SERVER_NAME: 'example.com', SERVE_SERVER_WELLKNOWN: 'false' })
})

const ownServers: [serverName: string, baseUrl: string, note: string][] = [
  ['example.com', 'https://m.example.com/', '. Clients use the host m.example.com: if other servers should, too, use ' +
    'm.example.com:443'],
  ['example.com', 'http://m.example.com:8008/', '. Clients use the host m.example.com: if other servers should, too, ' +
    'use m.example.com:443'],
  ['Example.com:8448', 'https://example.COM/', ''],
  ['example.com', '', '']
]

t.test('where Synapse serves /server with its own host, a note says that clients use another one', async t => {
  for (const [serverName, baseUrl, note] of ownServers) {
    const text = `server_name: ${serverName}\nserve_server_wellknown: true\npublic_baseurl: ${baseUrl}\n`
    const { remarks } = describeConfiguration([{ path: 'homeserver.yaml', text }])
    const [found] = remarks.filter(({ variable }) => variable === 'M_SERVER')
    t.equal(found?.text, `as Synapse itself serves it (serve_server_wellknown)${note}`, text)
  }
})

t.test('a remark names the file and the option', async t => {
  const text = 'server_name: example.com\npublic_baseurl: m.example.com\ndefault_identity_server: ftp://x\n' +
    'extra_well_known_client_content: {io.element.e2ee: {default: "no"}}\nadmin_contact: mailto:x\n'
  const { draft } = importFrom(describeConfiguration([{ path: 'homeserver.yaml', text }]))
  const places = draft.remarks.map(({ text }) => /^homeserver\.yaml: (.*?)(?: (?:is|are) .*|$)/.exec(text)?.[1])
  t.strictSame(places.filter(place => place !== undefined), [
    'public_baseurl',
    'default_identity_server',
    'extra_well_known_client_content, "io.element.e2ee", "default"'
  ])
  const contact = draft.remarks.find(({ variable }) => variable === 'SUPPORT_CONTACTS')
  t.equal(contact?.text, 'admin_contact has "x": not an email address; write one such as admin@example.com')
  t.match(draft.remarks[0]?.text, /^homeserver\.yaml: public_baseurl is "m\.example\.com": has no "https:\/\/"/)
})

/** How PyYAML, which Synapse reads its configuration with, reads them. */
const scalars: readonly [text: string, value: unknown][] = [
  ['y', 'y'], ['N', 'N'], ['yes', true], ['Off', false], ['True', true], ['nO', 'nO'],
  ['010', 8], ['08123', '08123'], ['0o10', '0o10'], ['0x1F', 31], ['-0b101', -5], ['1_000', 1000],
  ['1e3', '1e3'], ['1.0e3', '1.0e3'], ['1.5e+3', 1500], ['.5', 0.5], ['-.5', '-.5'], ['1.', 1], ['.', '.'],
  ['e3', 'e3'], ['1:30', 90], ['01:30', '01:30'], ['1:30.5', 90.5], ['1.2.3', '1.2.3'], ['2024-01-01', '2024-01-01'],
  ['~', null], ['Null', null], ['"8"', '8'], ['!!str 8', '8'], ['!!int "3"', 3]
]

t.test('values are what Synapse reads, not what YAML 1.1 says', async t => {
  const lines = scalars.map(([text], index) => `  com.example.n${index}: ${text}\n`)
  const start = 'server_name: example.com\npublic_baseurl: https://m\nextra_well_known_client_content:\n'
  const text = start + lines.join('')
  const { environment } = importFrom(describeConfiguration([{ path: 'homeserver.yaml', text }]))
  const values: unknown = JSON.parse(environment['EXTRA_WELL_KNOWN_CLIENT_CONTENT'] ?? '')
  t.strictSame(values, Object.fromEntries(scalars.map(([, value], index) => [`com.example.n${index}`, value])))
})

const secret = 'dont-print-this-secret'

/** What can't be read, and what is said about it. */
const unusable: Record<string, [text: string, message: RegExp]> = {
  'a tag that could run code': [
    `server_name: example.com\nx: !!python/object/apply:os.system ["${secret}"]\n`,
    /^f: not YAML: tag resolve failed in line 2, column 4$/
  ],
  'a file that is included': [
    `server_name: !include ${secret}\n`,
    /^f: not YAML: tag resolve failed in line 1, column 14$/
  ],
  'binary data': [`server_name: example.com\nx: !!binary ${secret}\n`, /^f: not YAML: tag resolve failed/],
  'wrong indentation': [
    `server_name: example.com\n   macaroon_secret_key: ${secret}\n`,
    /^f: not YAML: .* in line \d+, column \d+$/
  ],
  'an open quote': [`macaroon_secret_key: "${secret}\n`, /^f: not YAML: missing char in line \d+, column \d+$/],
  'an unknown alias': [
    `server_name: *${secret.replaceAll('-', '')}\n`,
    /^f: not YAML: \w+ alias in line 1, column 14$|^f: too large/
  ],
  'several documents': [
    `server_name: a\n---\nmacaroon_secret_key: ${secret}\n`,
    /^f: not YAML: multiple docs in line 2/
  ],
  'a billion laughs': [
    `a: &a [${secret},1,1,1,1,1,1,1,1]\n` + [...'bcdefghi'].map((name, i) => {
      const before = 'abcdefgh'[i]
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join()}]\n`
    }).join(''),
    /^f: too large once its aliases are replaced$/
  ],
  'an alias of itself': ['a: &a [*a]\nserver_name: example.com\n', /^f: too large once its aliases are replaced$/],
  'deep brackets': [`server_name: ${'['.repeat(50_000)}`, /^f: nested deeper than 100 levels$/],
  'deep braces behind a quote': [`# "\na: ${'{a: '.repeat(3_000)}`, /^f: nested deeper than 100 levels$/],
  'a deep list': [`${'- '.repeat(20_000)}a`, /^f: nested deeper than 100 levels$/],
  'deep keys': [`${'? '.repeat(20_000)}a`, /^f: nested deeper than 100 levels$/],
  'deep indentation': [
    Array.from({ length: 400 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''), /^f: nested deeper than 100 levels$/
  ],
  'TOML that is broken': [`[global]\nserver_name = "${secret}\n`, /^f: not TOML: error in line 2, column \d+$/],
  'TOML with a key twice': [
    `[global]\nserver_name = "${secret}"\nserver_name = "b"\n`,
    /^f: not TOML: error in line 3/
  ],
  'deep TOML': [`[global]\na = ${'['.repeat(20_000)}`, /^f: not TOML: error in line \d+, column \d+$/],
  'a template of Jinja': [
    `{% if x %}\nserver_name: ${secret}\n{% endif %}\n`,
    /^f: not YAML: .* in line 1, column \d+; it looks like a template, so import the file that is made from it$/
  ],
  'some other YAML': [
    `services:\n  web: ${secret}\n`,
    /^f: not the configuration of Synapse, Dendrite, tuwunel or continuwuity/
  ],
  'some other TOML': [`[package]\nname = "${secret}"\n`, /^f: not the configuration of/],
  'a .env file': [
    `# A comment\nM_SERVER=${secret}\nSERVER_NAME=a.example\n`,
    /^f: has settings already; to validate them, use "matrix-well-known validate"$/
  ],
  'a .env file with a file of a name': [`export SERVER_NAME_FILE = ${secret}\n`, /^f: has settings already; /],
  'a text': [`${secret} and nothing else\n`, /^f: not the configuration of/],
  'an empty file': ['', /^f: not the configuration of/]
}

for (const [title, [text, message]] of Object.entries(unusable)) {
  t.test(`${title} is refused without showing anything of it`, async t => {
    const error = t.throws(() => describeConfiguration([{ path: 'f', text }])) as unknown
    t.ok(error instanceof ImportError && error.code === 'ERR_IMPORT_UNUSABLE', String(error))
    t.match(String(Object(error).message), message)
    t.notMatch(String(Object(error).message), secret)
  })
}

t.test('every broken file is named', async t => {
  const broken = ['a: [', '[global', 'server_name: a'].map((text, number) => ({ path: `${number}`, text }))
  t.throws(() => describeConfiguration(broken), { message: /^0: not YAML: .*\n1: not TOML: .*[^\n]$/ })
})

t.test('a large file is read in reasonable time', async t => {
  const text = `server_name: example.com\n${Array.from({ length: 40_000 }, (_, i) => `key${i}: value\n`).join('')}`
  t.equal(describeConfiguration([{ path: 'f', text }]).serverName, 'example.com')
})

t.test('no secret of a configuration is printed', async t => {
  const yaml = ['macaroon_secret_key', 'registration_shared_secret', 'form_secret', 'turn_shared_secret']
    .map(name => `${name}: ${secret}\n`).join('')
  const synapse = `server_name: example.com\npublic_baseurl: https://m.example.com\n${yaml}` +
    `database: {args: {password: ${secret}}}\nmatrix_rtc: {transports: [${livekit}], key: ${secret}}\n`
  const toml = `[global]\nserver_name = "example.com"\nregistration_token = "${secret}"\n[global.well_known]\n` +
    `client = "https://m.example.com"\nother = "${secret}"\n`
  for (const text of [synapse, toml]) {
    const { file, draft } = importFrom(describeConfiguration([{ path: 'f', text }]))
    t.notMatch(file, secret)
    t.notMatch(JSON.stringify(draft.remarks), secret)
  }
})

t.test('keys named like parts of every object are only keys', async t => {
  const text = '__proto__: {server_name: evil.example, public_baseurl: https://e.example}\nserver_name: example.com\n'
  const { environment } = importFrom(describeConfiguration([{ path: 'f', text }]))
  t.strictSame({ ...environment }, { SERVER_NAME: 'example.com', SERVE_SERVER_WELLKNOWN: 'false' })
})
