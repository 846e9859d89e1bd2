import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { parseDotEnv } from '../../src/config/dot-env.ts'
import { siteSettingNames } from '../../src/config/settings.ts'
import { Draft } from '../../src/import/draft.ts'
import { describeRemarks, renderEnvFile, settingOrder } from '../../src/import/env-file.ts'
import { formatJson } from '../../src/import/json-format.ts'

function draftOf (settings: Partial<Record<'SERVER_NAME' | 'SUPPORT_PAGE' | 'SUPPORT_CONTACTS', string>>): Draft {
  const draft = new Draft()
  for (const name of settingOrder) {
    const value = (settings as Record<string, string | undefined>)[name]
    if (value !== undefined) draft.settings.set(name, value)
  }
  return draft
}

t.test('the order is that of .env.example, with every setting of a site', async t => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  const names = [...example.matchAll(/^#?([A-Z0-9_]+)=/gm)].map(([, name]) => String(name))
  t.strictSame(settingOrder, names.filter(name => (siteSettingNames as string[]).includes(name)))
})

const values = [
  'example.com', '[2001:db8::1]:8448', 'https://example.com/a?b=c&d=e#f', 'https://example.com/$HOME', '`id`', 'a b',
  "https://example.com/it's", 'https://example.com/!~*()', 'mailto:é@example.com', 'a\\nb', 'a"b', '#',
  'https://a.example,https://b.example'
]

t.test('this project and a shell read every value as it was', async t => {
  for (const value of values) {
    const file = renderEnvFile(draftOf({ SUPPORT_PAGE: value }), 'x')
    t.equal(parseDotEnv(file).environment['SUPPORT_PAGE'], value, file)
    t.equal(await readInShell(file, 'SUPPORT_PAGE'), value, file)
  }
})

t.test('a value with every kind of quote is at least read by this project', async t => {
  const value = "https://example.com/'$"
  t.equal(parseDotEnv(renderEnvFile(draftOf({ SUPPORT_PAGE: value }), 'x')).environment['SUPPORT_PAGE'], value)
})

t.test('any JSON is read as it was, and has nothing that controls a terminal', async t => {
  const json = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' })
  fc.assert(fc.property(json, value => {
    const file = renderEnvFile(draftOf({ SUPPORT_CONTACTS: formatJson([value]) }), 'x')
    const read = parseDotEnv(file).environment['SUPPORT_CONTACTS']
    return JSON.stringify(JSON.parse(String(read))) === JSON.stringify([value]) &&
      !/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u.test(file)
  }), { numRuns: 300 })
  const odd = { "it's": ['$HOME `id` "x" \\ # \u202e \u009b \n', '\u{e0041}'] }
  const file = renderEnvFile(draftOf({ SUPPORT_CONTACTS: formatJson(odd) }), 'x')
  t.strictSame(JSON.parse(await readInShell(file, 'SUPPORT_CONTACTS')), odd)
})

/** What a shell has in a variable after it has read the file. */
async function readInShell (file: string, name: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-euc', `eval "$0"; printf %s "$${name}"`, file])
  return stdout
}

t.test("remarks are comments at their setting, in lines that aren't too long", async t => {
  const draft = draftOf({ SERVER_NAME: 'example.com', SUPPORT_PAGE: 'https://example.com/help' })
  draft.remark('note', undefined, 'at the end')
  draft.remark('left-out', 'SUPPORT_CONTACTS', `${'word '.repeat(40)}${'x'.repeat(130)} y`)
  draft.remark('guess', 'SUPPORT_PAGE', 'first\nSECOND=1\u001b[31m')
  const file = renderEnvFile(draft, 'a\nB=1')
  const lines = file.split('\n')
  t.strictSame({ ...parseDotEnv(file).environment }, {
    SERVER_NAME: 'example.com',
    SUPPORT_PAGE: 'https://example.com/help'
  })
  t.strictSame(parseDotEnv(file).warnings, [])
  t.ok(lines.every(line => line.length <= 132 && !line.endsWith(' ')))
  t.equal(lines.filter(line => line.length > 120).length, 1, 'only a word can be longer')
  t.ok(file.endsWith('\n# Note: at the end\n'))
  t.match(file, '# A guess, check it: first\\u{a}SECOND=1\\u{1b}[31m\nSUPPORT_PAGE=https://example.com/help\n')
  t.strictSame(describeRemarks(draft).map(line => line.slice(0, 27)), [
    'Note: at the end', 'SUPPORT_CONTACTS: left out:', 'SUPPORT_PAGE: a guess, chec'
  ])
})
