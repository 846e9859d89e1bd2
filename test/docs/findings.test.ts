import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { checkServer } from 'matrix-well-known'
import { catalogue } from '../../src/check/judge/catalogue.ts'
import { readPage } from '../support/pages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const build = fileURLToPath(new URL('../../docs/build.js', import.meta.url))

t.test('the page of findings is that of the code', async t => {
  const written = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8')
  const { stdout } = await promisify(execFile)(process.execPath, [build])
  t.equal(written, stdout, 'npm run docs')
  const ids = [...written.matchAll(/^## `([a-z.-]+)`$/gm)].map(([, id]) => id)
  t.strictSame(ids, Object.keys(catalogue))
})

t.test('the package can be used from code, as docs/check.md shows', async t => {
  const report = await checkServer('nowhere.invalid', { timeout: 1, dns: '127.0.0.1:1' })
  t.match(report, { version: 2, serverName: 'nowhere.invalid', verdict: { federation: 'fails' } })

  const [, example = ''] = /^```js\n(.*?)^```$/ms.exec(readPage('docs/check.md')) ?? []
  const script = example.replace("'example.com'", "'nowhere.invalid', { timeout: 1, dns: '127.0.0.1:1' }")
  t.not(script, example)
  const args = ['--input-type=module', '--eval', `${script}\nconsole.log(verdict.federation, findings.length > 0)`]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root })
  t.equal(stdout, 'fails true\n')
})
