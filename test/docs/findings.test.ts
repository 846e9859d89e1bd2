import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { catalogue } from '../../src/check/judge/catalogue.ts'

const build = fileURLToPath(new URL('../../docs/build.js', import.meta.url))

t.test('the page of findings is that of the code', async t => {
  const written = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8')
  const { stdout } = await promisify(execFile)(process.execPath, [build])
  t.equal(written, stdout, 'npm run docs')
  const ids = [...written.matchAll(/^## `([a-z.-]+)`$/gm)].map(([, id]) => id)
  t.strictSame(ids, Object.keys(catalogue))
})
