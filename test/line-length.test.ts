import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('..', import.meta.url))
const list = ['ls-files', '--cached', '--others', '--exclude-standard']
/** ESLint reads code, and JSON, tables in Markdown and what tools write have lines of any length. */
const otherFiles = /\.(?:[jt]s|c[jt]s|mjs|json|md|sum|lock|pem|png)$|requirements\.txt$/

t.test('lines of shell, YAML and other files have at most 120 columns, too', async t => {
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).trim().split('\n')
    .filter(file => !otherFiles.test(file))
  t.ok(files.length > 50)
  t.strictSame(files.flatMap(file => readFileSync(`${root}/${file}`, 'utf8').split('\n')
    .flatMap((line, i) => [...line].length > 120 ? `${file}:${i + 1}` : [])), [])
})
