import t from 'tap'
import { ImportError } from '../../src/import/import-error.ts'
import { describeDocuments, importFrom } from '../support/imports.ts'

const described = describeDocuments({ server: { 'm.server': 'm.example.com' } })

t.test('the server name comes from the source, or from the option', async t => {
  t.equal(importFrom(described).environment['SERVER_NAME'], 'example.com')
  t.equal(importFrom(described, 'example.org').environment['SERVER_NAME'], 'example.org')
  t.equal(importFrom({ ...described, serverName: undefined }, 'example.org').environment['SERVER_NAME'], 'example.org')
})

t.test('a server name that is wrong is fixed if that is possible', async t => {
  const { environment, remarks } = importFrom({ ...described, serverName: 'https://example.com/' })
  t.equal(environment['SERVER_NAME'], 'example.com')
  t.strictSame(remarks, ['fixed SERVER_NAME'])
  for (const serverName of ['$DOMAIN', 'm.$' + '{DOMAIN}', 'm.{{ domain }}', '<your-domain>', '{"{ x }":null}']) {
    const message = `https://example.com: the server name is ${JSON.stringify(serverName)}: a placeholder; ` +
      'import the file in which it has its value, or add --server-name NAME'
    t.throws(() => importFrom({ ...described, serverName }), { message })
  }
  t.throws(() => importFrom({ ...described, serverName: 'exa mple.com' }), { code: 'ERR_IMPORT_UNUSABLE' })
  t.throws(() => importFrom({ ...described, serverName: undefined }), new ImportError('ERR_IMPORT_ARGUMENTS',
    'https://example.com: no server name; add --server-name NAME'))
  const elsewhere = { ...described, serverName: undefined, serverNameElsewhere: 'the other file' }
  t.throws(() => importFrom(elsewhere), new ImportError('ERR_IMPORT_ARGUMENTS',
    'https://example.com: no server name; import the other file, too, or add --server-name NAME'))
})

const ages: [age: number | undefined, setting: string | undefined, remarks: string[]][] = [
  [undefined, undefined, []],
  [3600, undefined, []],
  [300, '300', []],
  [14_400, '14400', []],
  [172_800, '172800', []],
  [0, undefined, ['left-out CACHE_MAX_AGE']],
  [299, undefined, ['left-out CACHE_MAX_AGE']],
  [31_536_000, undefined, ['left-out CACHE_MAX_AGE']]
]

for (const [cacheMaxAge, setting, expected] of ages) {
  t.test(`a max-age of ${cacheMaxAge} is kept only if it is meant for these documents`, async t => {
    const { environment, remarks } = importFrom({ ...described, cacheMaxAge })
    t.equal(environment['CACHE_MAX_AGE'], setting)
    t.strictSame(remarks, expected)
  })
}
