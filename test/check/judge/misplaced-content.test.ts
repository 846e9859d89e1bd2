import t from 'tap'
import type { JsonObject } from '../../../src/matrix/json-object.ts'
import { judgePlacement } from '../../../src/check/judge/misplaced-content.ts'
import { describeFinding } from '../../../src/check/report/finding-text.ts'
import { documentKind, documentPath } from '../../../src/site/documents.ts'
import type { DocumentName } from '../../../src/site/documents.ts'

const homeserver = { base_url: 'https://matrix.example.com' }

const cases: ReadonlyArray<readonly [name: DocumentName, content: JsonObject, what?: string, fix?: string]> = [
  ['server', { 'm.server': 'matrix.example.com:443' }],
  ['server', { 'com.example.x': 1 }],
  [
    'server',
    { 'm.homeserver': homeserver },
    'The key "m.homeserver" belongs in /.well-known/matrix/client.',
    'Serve it there instead: set M_HOMESERVER_BASE_URL=https://matrix.example.com, or move the key.'
  ],
  [
    'client',
    { 'm.homeserver': homeserver, 'm.server': 'matrix.example.com:443' },
    'The key "m.server" belongs in /.well-known/matrix/server.',
    'Serve it there instead: set M_SERVER=matrix.example.com:443, or move the key.'
  ],
  [
    'client',
    { 'm.server': '$(reboot)' },
    'The key "m.server" belongs in /.well-known/matrix/server.',
    'Serve it there instead: set M_SERVER, or move the key.'
  ],
  [
    'server',
    { m: { server: 'matrix.example.com:443' } },
    '"m.server" is split at its dot into "m": {"server".',
    'Write "m.server" as one key, with the dot in its name.'
  ],
  ['server', { m: { server: 'matrix.example.com:443' }, 'm.server': 'matrix.example.com:443' }],
  ['server', { m: { homeserver } }],
  ['server', { m: 'matrix.example.com:443' }],
  ['support', { contacts: [], admins: [] }],
  ['support', { admins: [] }, 'The key "admins" is called "contacts" now.', 'Rename it to "contacts".'],
  ['client', { 'm.homeserver': homeserver, admins: [] }]
]

for (const [name, content, what, fix] of cases) {
  t.test(`${documentPath(name)}: ${JSON.stringify(content)}`, async t => {
    const context = { area: documentKind(name).area, about: { document: name } }
    const found = judgePlacement(name, content, context).map(describeFinding)
    t.match(found, what === undefined ? [] : [{ id: 'document.misplaced-key', what, fix }])
    t.equal(found.length, what === undefined ? 0 : 1)
  })
}
