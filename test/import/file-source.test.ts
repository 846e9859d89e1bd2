import { join } from 'node:path'
import t from 'tap'
import { readFileSource } from '../../src/import/file-source.ts'
import { ImportError } from '../../src/import/import-error.ts'
import { importFrom } from '../support/imports.ts'

const server = '{"m.server":"m.example.com"}'
const client = '{"m.homeserver":{"base_url":"https://m.example.com"}}'
const support = '{"support_page":"https://example.com/help"}'
const both = { SERVER_NAME: 'example.com', M_SERVER: 'm.example.com', M_HOMESERVER_BASE_URL: 'https://m.example.com' }
const synapse = {
  'b.yaml': 'server_name: example.com\n',
  'a.yaml': 'server_name: a\npublic_baseurl: https://m.example.com\n'
}

type Tree = NonNullable<Parameters<typeof t.testdir>[0]>

const readable: [title: string, tree: Tree, paths: string[], settings: Record<string, string>][] = [
  [
    'a web root',
    { '.well-known': { matrix: { server, client } }, 'index.html': '<html>', 'x.yaml': 'a: 1' },
    ['.'],
    both
  ],
  ['a folder named matrix', { matrix: { server, client } }, ['.'], both],
  ['the folder of the documents', { server, 'client.json': client, '.hidden': 'x' }, ['.'], both],
  [
    'documents by their place',
    { '.well-known': { matrix: { server, client } } },
    ['.well-known/matrix/client', '.well-known/matrix/server'],
    both
  ],
  ['documents by their content', { a: server, 'b.txt': client }, ['b.txt', 'a'], both],
  ['the draft of /support, and split keys', {
    a: '{"m":{"server":"m.example.com"}}', b: client, c: '{"admins":[{"role":"admin","matrix_id":"@a:b"}]}'
  }, ['a', 'b', 'c'], { ...both, SUPPORT_CONTACTS: '[{"role":"m.role.admin","matrix_id":"@a:b"}]' }],
  [
    'a byte order mark, and something after the JSON',
    { server: `\ufeff${server}`, client: `${client}\n<!-- cached -->` },
    ['.'],
    both
  ],
  ['further documents, of which one is not JSON', {
    server, client, support, mautrix: '{"a":1}', 'notes.txt': 'x', folder: { client: 'x' }
  }, ['.'], { ...both, SUPPORT_PAGE: 'https://example.com/help', EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{"a":1}}' }],
  [
    'a web root with nothing but a further document, which its place makes one',
    { '.well-known': { matrix: { mautrix: '{"a":1}' } }, 'x.yaml': 'a: 1' },
    ['.'],
    {
      SERVER_NAME: 'example.com',
      SERVE_SERVER_WELLKNOWN: 'false',
      EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{"a":1}}'
    }
  ],
  ['a folder of Synapse, sorted', {
    ...synapse,
    'c.yml': 'server_name: c',
    'd.yaml': { 'x.yaml': 'server_name: d' },
    'missing.yaml': t.fixture('symlink', 'nothing'),
    '.hidden.yaml': 'server_name: hidden\nadmin_contact: mailto:admin@example.com\n'
  }, ['.'], {
    SUPPORT_CONTACTS: '[{"role":"m.role.admin","email_address":"admin@example.com"}]',
    SERVER_NAME: 'example.com',
    M_SERVER: 'm.example.com:443',
    M_HOMESERVER_BASE_URL: 'https://m.example.com'
  }],
  ['files of Synapse, in the order of the command line', synapse, ['b.yaml', 'a.yaml'], {
    SERVER_NAME: 'a', M_SERVER: 'm.example.com:443', M_HOMESERVER_BASE_URL: 'https://m.example.com'
  }],
  ['a configuration in JSON, which is YAML', { 'x.json': '{"server_name": "example.com"}' }, ['x.json'], {
    SERVER_NAME: 'example.com', SERVE_SERVER_WELLKNOWN: 'false'
  }],
  ['a configuration in TOML, whatever its name', { x: '\ufeff[global]\nserver_name = "example.com"\n' }, ['x'], {
    SERVER_NAME: 'example.com', SERVE_SERVER_WELLKNOWN: 'false'
  }]
]

for (const [title, tree, paths, settings] of readable) {
  t.test(`${title}: recognized and imported`, async t => {
    const root = t.testdir(tree)
    const { description } = readFileSource(paths.map(path => join(root, path)))
    const { environment, file } = importFrom(description, description.isPublished ? 'example.com' : undefined)
    t.strictSame({ ...environment }, settings, file)
  })
}

const refused: [title: string, tree: Tree, paths: string[], code: string, message: RegExp][] = [
  [
    'a file that is missing',
    {},
    ['x.yaml', 'y.yaml'],
    'ERR_IMPORT_UNREADABLE',
    /x\.yaml: no such file; .*\n.*y\.yaml: no such file/
  ],
  [
    'a file that is too large',
    { x: 'x'.repeat(1_100_000) },
    ['x'],
    'ERR_IMPORT_UNREADABLE',
    /x: larger than 1048576 bytes/
  ],
  [
    'an empty folder',
    { a: {} },
    ['a'],
    'ERR_IMPORT_UNUSABLE',
    /a: no \*\.yaml and no well-known documents in this folder$/
  ],
  [
    'a folder with too many files',
    Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`${index}.yaml`, ''])),
    ['.'],
    'ERR_IMPORT_UNUSABLE',
    /: more than 1000 files; name those to import$/
  ],
  [
    "text that isn't UTF-8",
    { x: Buffer.from([0x61, 0x3a, 0xff]) },
    ['x'],
    'ERR_IMPORT_UNUSABLE',
    /x: not text in UTF-8; save it as UTF-8$/
  ],
  ['binary data', { x: Buffer.from([0, 1, 2, 3, 0, 255, 254]) }, ['x'], 'ERR_IMPORT_UNUSABLE', /x: not text in UTF-8/],
  [
    'a list of documents',
    { x: `[${server}]` },
    ['x'],
    'ERR_IMPORT_UNUSABLE',
    /x: not the configuration of .*, and not a well-known document$/
  ],
  [
    'a document next to a configuration',
    { server, ...synapse },
    ['server', 'a.yaml'],
    'ERR_IMPORT_ARGUMENTS',
    /a\.yaml isn't a well-known document, but others are/
  ],
  [
    'the same document twice',
    { a: server, b: server },
    ['a', 'b'],
    'ERR_IMPORT_ARGUMENTS',
    /b is a second \/\.well-known\/matrix\/server; import only one$/
  ]
]

for (const [title, tree, paths, code, message] of refused) {
  t.test(`${title} is refused`, async t => {
    const root = t.testdir(tree)
    const error: unknown = t.throws(() => readFileSource(paths.map(path => join(root, path))))
    t.ok(error instanceof ImportError)
    t.match(error, { code, message })
  })
}

t.test('standard input is a file of its own', async t => {
  const input = new TextEncoder().encode('server_name: example.com\n')
  const { description } = readFileSource(['-', join(t.testdir(synapse), 'a.yaml')], input)
  t.match(description, { serverName: 'a', source: /^standard input, .*a\.yaml$/ }, 'a later file wins')
  t.equal(readFileSource(['-'], new TextEncoder().encode(server)).description.source, 'standard input')
  const empty = /^standard input: not the configuration of/
  t.throws(() => readFileSource(['-']), { code: 'ERR_IMPORT_UNUSABLE', message: empty })
})

t.test('what only looks like a file is reported', async t => {
  const root = t.testdir({ loop: t.fixture('symlink', 'loop') })
  for (const path of ['/dev/null', join(root, 'loop'), 'x'.repeat(5_000)]) {
    t.throws(() => readFileSource([path]), { code: 'ERR_IMPORT_UNREADABLE' }, path)
  }
})

t.test('among many other files, the configuration is found', async t => {
  const others = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`${index}.txt`, '']))
  const { description } = readFileSource([t.testdir({ ...others, 'homeserver.yaml': 'server_name: example.com' })])
  t.equal(description.serverName, 'example.com')
})

t.test('a document without JSON is not taken for a missing one', async t => {
  const without = (tree: Tree): string => readFileSource([t.testdir(tree)]).description.withoutServer
  t.match(without({ client, server: '<html>' }), /^\/\.well-known\/matrix\/server isn't a document/)
  t.match(without({ client }), /^There is no \/\.well-known\/matrix\/server/)
})

t.test('copies and error responses next to documents are not further documents', async t => {
  const copies = [
    'server~', 'server.bak', 'server.json.orig', 'client.old', 'client-2', 'client.json~', 'support_backup', 'client.1'
  ]
  const others = ['server2', 'clients', 'mautrix', 'org.example.client.old']
  const root = t.testdir({
    server,
    client,
    '404.json': '{"errcode":"M_NOT_FOUND","error":"x"}',
    ...Object.fromEntries(copies.map(name => [name, server])),
    ...Object.fromEntries(others.map(name => [name, '{"errcode":1}']))
  })
  const { description, bodies } = readFileSource([root])
  t.strictSame([...description.documents.keys()].toSorted(), ['server', 'client', ...others].toSorted())
  t.strictSame([...bodies.keys()].toSorted(), ['server', 'client', ...others].toSorted())
  t.ok(description.remarks.every(({ variable }) => variable === 'EXTRA_WELL_KNOWN_DOCUMENTS'))
  t.strictSame(description.remarks.map(({ text }) => text.replace(`${root}/`, '')).toSorted(), [
    '404.json: an error response, "M_NOT_FOUND"',
    ...copies.map(name => `${name}: looks like a copy of /.well-known/matrix/${/^\w+?(?=\W|_b)/.exec(name)?.[0]}`)
  ].toSorted())
})

t.test('the bytes of the documents are kept for what check says about them', async t => {
  const root = t.testdir({ server, 'client.json': `\ufeff${client}` })
  const { bodies } = readFileSource([root])
  t.strictSame([...bodies.keys()].toSorted(), ['client', 'server'])
  t.equal(bodies.get('client')?.[0], 0xef)
})
