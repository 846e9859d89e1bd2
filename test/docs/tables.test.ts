import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { settings } from '../../src/config/settings.ts'
import { limits } from '../../src/server/limits.ts'
import { readPage, replaceInPage } from '../support/pages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the pages call a default that is not in the schema. */
const defaults: Readonly<Record<string, string>> = {
  SERVER_NAME: 'required',
  M_SERVER: '`SERVER_NAME`, with port 443 if it has none'
}

const bytes = (count: number): string => `${count.toLocaleString('en')} bytes`

const tables = [
  {
    page: 'docs/settings.md',
    head: '| variable | meaning | default |\n| --- | --- | --- |\n',
    rows: Object.entries(settings).map(([name, setting]) => {
      const hasDefault = 'default' in setting && typeof setting.default !== 'object'
      const fallback = hasDefault ? `\`${String(setting.default)}\`` : '–'
      return [`\`${name}\``, setting.description, defaults[name] ?? fallback]
    })
  },
  {
    page: 'docs/responses.md',
    head: '| limit | value |\n| --- | --- |\n',
    rows: [
      ['request line and headers', `${bytes(limits.maxHeaderSize)}, ${limits.maxHeaders} headers`],
      ['request target', bytes(limits.maxTargetLength)],
      ['time for the headers to arrive', `${limits.headersTimeout / 1000} s`],
      ['time for the whole request; bodies are discarded', `${limits.requestTimeout / 1000} s`],
      ['time for a client to receive a response', `${limits.connectionTimeout / 1000} s`],
      ['idle time between two requests on a connection', `${limits.keepAliveTimeout / 1000} s`],
      ['time that the server keeps responding after a signal to stop', `${limits.drainTimeout / 1000} s`]
    ]
  }
]

for (const { page, head, rows } of tables) {
  t.test(`the table in ${page} is that of the source`, async t => {
    const [, shown = ''] = readPage(page).split(head)
    const table = /^(?:\|.*\n)*/.exec(shown)?.[0] ?? ''
    const expected = rows.map(cells => `| ${cells.join(' | ')} |\n`).join('')
    if (process.env.UPDATE_DOCS !== undefined && table !== expected) replaceInPage(page, head, table, expected)
    else t.equal(table, expected, 'UPDATE_DOCS=1 writes it')
  })
}

t.test('docs/container.md has every variable that Compose reads', async t => {
  const files = [
    'docker-compose.yml', 'examples/compose/join-network.yml', 'examples/traefik/sidecar.yml',
    'examples/traefik/replicas.yml'
  ]
  const read = files.flatMap(file => [...readPage(file).matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name))
  const [, shown = ''] = readPage('docs/container.md').split('## Variables of Compose')
  const [, table = ''] = shown.split('| --- | --- | --- |\n')
  const [rows = ''] = /^(?:\|.*\n)*/.exec(table) ?? []
  const names = rows.split('\n').flatMap(row => [...row.split(' | ')[0]?.matchAll(/`(\w+)`/g) ?? []])
    .map(([, name = '']) => name)
  // SERVER_NAME is a setting; Compose itself reads COMPOSE_PROFILES.
  const expected = new Set([...read, 'COMPOSE_PROFILES'])
  expected.delete('SERVER_NAME')
  t.strictSame(names.toSorted(), [...expected].toSorted())
})

t.test('every path in CONTRIBUTING.md exists', async t => {
  const path = /`((?:src|test|docs|examples|bench)\/[\w./-]+|\.\w[\w./-]+)`/g
  const paths = [...readPage('CONTRIBUTING.md').matchAll(path)]
  t.ok(paths.length > 20)
  for (const [, path = ''] of paths) t.ok(existsSync(join(root, path)), path)
})
