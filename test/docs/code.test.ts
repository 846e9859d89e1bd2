import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { pageNames, readPage } from '../support/pages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What takes the place of a line that would reach the Internet or not end, and what the example then prints. */
const examples = [
  {
    page: 'docs/check.md',
    from: "checkServer('example.com')",
    to: "checkServer('nowhere.invalid', { timeout: 1, dns: '127.0.0.1:1' })",
    then: 'console.log(verdict.federation, findings.length > 0)',
    prints: 'unknown true\n'
  },
  {
    page: 'docs/embedding.md',
    from: 'await app.listen({ port: 8080 })',
    to: "const { body } = await app.inject('/.well-known/matrix/server')",
    then: 'console.log(body)',
    prints: '{"m.server":"matrix.example.com:443"}\n'
  },
  {
    page: 'docs/embedding.md',
    from: 'await app.listen({ port: 8081 })',
    to: "const { body } = await app.inject({ url: '/.well-known/matrix/server', headers: { host: 'example.org' } })",
    then: 'console.log(body)',
    prints: '{"m.server":"matrix.example.org:443"}\n'
  },
  {
    page: 'docs/embedding.md',
    from: 'server.listen(8080)',
    to: 'await new Promise(resolve => server.listen(0, resolve))',
    then: 'const { port } = server.address()\n' +
      "const url = new URL('/.well-known/matrix/server', 'http://localhost')\n" +
      'url.port = port\n' +
      'console.log(await (await fetch(url)).text())\nserver.close()',
    prints: '{"m.server":"matrix.example.com:443"}\n'
  }
]

t.test('every example in JavaScript on the pages runs', async t => {
  const blocks = pageNames.flatMap(page =>
    [...readPage(page).matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => ({ page, code })))
  t.strictSame(blocks.map(({ page }) => page), examples.map(({ page }) => page))
  for (const [index, { page, from, to, then, prints }] of examples.entries()) {
    const code = blocks[index]?.code ?? ''
    t.ok(code.includes(from), page)
    // In the project, its own name leads to its exports.
    const args = ['--input-type=module', '--eval', `${code.replace(from, () => to)}\n${then}`]
    t.equal((await promisify(execFile)(process.execPath, args, { cwd: root })).stdout, prints, page)
  }
})
