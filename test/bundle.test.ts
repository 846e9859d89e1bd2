import { execFile } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { wellKnown } from './support/responses.ts'
import { healthyOptions } from './support/check-cli.ts'
import { cli, preload, startProcess } from './support/cli.ts'
import { startHealthyWorld } from './support/healthy-world.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
// Inside the repository, where the packages are found that it imports.
const folder = t.testdir()
const bundled = `${folder}/dist/cli.js`

/** Node without what measures coverage, which would be among the modules. */
const node = ['--unset=NODE_OPTIONS', process.execPath]

t.before(async () => {
  await promisify(execFile)('env', [...node, 'package/bundle.js', `${folder}/dist`], { cwd: root })
  cpSync(`${root}package.json`, `${folder}/package.json`)
})

t.test('the commands are in a few files', async t => {
  const all = readdirSync(`${folder}/dist`, { recursive: true, encoding: 'utf8' })
  const names = all.filter(name => name.endsWith('.js'))
  t.strictSame(names.filter(name => !/^cli\/[\w-]+\.js$/.test(name)), ['cli.js'])
  t.ok(names.length < 80, `${names.length} files`)
})

t.test('of the modules, those stay that apps import', async t => {
  const copy = `${folder}/copy`
  cpSync(`${root}dist`, copy, { recursive: true })
  await promisify(execFile)('env', [...node, 'package/bundle.js', copy], { cwd: root })
  for (const name of ['index', 'site', 'fastify']) await import(`${copy}/${name}.js`)
  const names = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'))
  t.ok(names.includes('site/responses.js'))
  t.strictSame(names.filter(name => /^(commands|export|import|monitor)\//.test(name)), [])
})

t.test('a bundled check finds the same as the modules, and loads only what it needs', async t => {
  const world = await startHealthyWorld(t, {
    site: {
      'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'https://matrix.example.com' }),
      'GET /.well-known/matrix/client': wellKnown({ 'm.homeserver': 'https://matrix.example.com' }),
      'GET /.well-known/matrix/support': wellKnown({ contacts: [{ role: 'm.role.nobody' }], support_page: 'help' }),
      'GET /.well-known/matrix/policy_server': wellKnown({ public_keys: { ed25519: 'short' } })
    }
  })
  const args = ['check', 'example.com', '--json', ...await healthyOptions(world)]
  const check = async (debug: string, ...words: string[]): Promise<{ findings: string, stderr: string }> => {
    const running = startProcess(t, 'env', [...node, ...words, ...args], { NODE_DEBUG: debug }, folder)
    t.equal(await running.ended, 1)
    const { findings } = JSON.parse(running.output.stdout) as { findings: readonly object[] }
    t.ok(findings.length >= 4)
    const text = JSON.stringify(findings, (key, value: unknown) => key === 'milliseconds' ? undefined : value, 2)
    return { findings: text, stderr: running.output.stderr }
  }
  const { findings, stderr } = await check('esm,module', bundled)
  t.equal(findings, (await check('', cli)).findings)

  const files = new Set([...stderr.matchAll(/file:\/\/[^ '"]+\.js\b/g)].map(([file]) => file))
  t.ok(files.size < 40, `${files.size} files`)
  t.notMatch(stderr, /node_modules\//)
  // By itself: what a pipe has no room for is lost when a process exits.
  const { stderr: list } = await check('', preload('list-node-modules'), bundled)
  const modules = [...list.matchAll(/^NativeModule (.+)$/gm)].map(([, name = '']) => name)
  t.ok(modules.includes('tls'))
  t.strictSame(modules.filter(name => /undici|http2|^worker_threads$/.test(name)), [])
})
