import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readPage } from '../support/pages.ts'

const source = fileURLToPath(new URL('../../src', import.meta.url))
const entries = readdirSync(source, { recursive: true, withFileTypes: true })
  .map(entry => ({ path: relative(source, join(entry.parentPath, entry.name)), isFolder: entry.isDirectory() }))

t.test('docs/design.md lists the folders of src, and the files directly in it', async t => {
  const lines = readPage('docs/design.md').matchAll(/^[│ ]*[├└]── ([a-z]+\/|[a-z-]+\.ts) /gm)
  const tree = [...lines].map(([, name]) => name)
  const names = entries
    .filter(({ path, isFolder }) => isFolder || !path.includes('/'))
    .map(({ path, isFolder }) => isFolder ? `${path.split('/').at(-1)}/` : path)
  t.strictSame(tree.toSorted(), names.toSorted())
})

t.test('each folder imports only from those that docs/design.md allows', async t => {
  const rows = [...readPage('docs/design.md').matchAll(/^\| `([a-z/]+)` \| (.*) \|$/gm)]
  const files = entries.filter(({ path }) => path.endsWith('.ts')).map(({ path }) => path)
  for (const [, folder = '', others = ''] of rows) {
    const allowed = [folder, ...others.replaceAll('`', '').split(', ')]
    const within = files.filter(file => file.startsWith(`${folder}/`))
    t.ok(within.length > 0, folder)
    for (const { file, imported } of within.flatMap(findImports)) {
      t.ok(allowed.some(name => imported === name || imported.startsWith(`${name}/`)), `${file}: ${imported}`)
    }
  }
})

function findImports (file: string): Array<{ file: string, imported: string }> {
  return [...readFileSync(join(source, file), 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)]
    .map(([, path = '']) => ({ file, imported: join(dirname(file), path) }))
}
