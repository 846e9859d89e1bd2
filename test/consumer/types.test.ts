import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { consumer, repositoryFile, runInConsumer } from '../support/consumer.ts'

const compilers = readdirSync(`${consumer}/node_modules`).filter(name => name.startsWith('typescript-'))
copyFileSync(repositoryFile('test/support/package-usage.ts'), `${consumer}/usage.ts`)

t.test('the types compile in every TypeScript from 5.4 on, in each way to resolve modules', async t => {
  t.strictSame(compilers, ['typescript-5.4', 'typescript-5.6', 'typescript-5.8', 'typescript-6.0'])
  const resolutions = [['node16', 'node16'], ['nodenext', 'nodenext'], ['esnext', 'bundler']] as const
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck', 'false']
  for (const [module, resolution] of resolutions) {
    const options = ['--module', module, '--moduleResolution', resolution, '--target', 'es2022', '--types', 'node']
    const compile = async (compiler: string): Promise<void> => {
      const run = await runInConsumer(`${compiler}/bin/tsc`, [...strict, ...options, '--noEmit', 'usage.ts'])
      t.strictSame(run, { status: 0, output: '' }, `${compiler} ${resolution}`)
    }
    await Promise.all(compilers.map(compile))
  }
})

t.test('a CommonJS file can import it, from TypeScript 5.8 on', async t => {
  copyFileSync(repositoryFile('test/support/package-usage.ts'), `${consumer}/usage.cts`)
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', '--noEmit', 'usage.cts']
  const compile = async (compiler: string): Promise<number> =>
    (await runInConsumer(`${compiler}/bin/tsc`, options)).status
  t.strictSame(await Promise.all(compilers.map(compile)), [2, 2, 0, 0])
})

/** An app with a logger of its own, one with HTTP/2, and a wrong option. */
const plugin = `
import Fastify from 'FASTIFY'
import { matrixWellKnown } from 'matrix-well-known/fastify'
const environment = { SERVER_NAME: 'example.com' }
const quiet = () => {}
const levels = { fatal: quiet, error: quiet, warn: quiet, info: quiet, debug: quiet, trace: quiet, silent: quiet }
const loggerInstance = { ...levels, level: 'info', msgPrefix: '', own: 1, child: () => loggerInstance }
await Fastify().register(matrixWellKnown, { environment })
await Fastify({ http2: true }).register(matrixWellKnown, { environment })
await Fastify({ loggerInstance }).register(matrixWellKnown, { environment })
// @ts-expect-error
await Fastify().register(matrixWellKnown, { environments: environment })
`

t.test('the plugin fits any Fastify 5 and any kind of app', async t => {
  for (const name of ['fastify', 'fastify-5.0']) {
    writeFileSync(`${consumer}/plugin.ts`, plugin.replace('FASTIFY', name))
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', '--noEmit']
    const run = await runInConsumer('typescript-6.0/bin/tsc', [...options, 'plugin.ts'])
    t.strictSame(run, { status: 0, output: '' }, name)
  }
})

t.test('publint and "Are the types wrong?" find no problem', async t => {
  const lint = await runInConsumer('publint/src/cli.js', ['node_modules/matrix-well-known', '--strict'])
  t.equal(lint.status, 0, lint.output)
  t.match(lint.output, 'All good!')
  // There is no CommonJS build: Node 20.19 and later can require() ES modules.
  const [tarball = ''] = readdirSync(consumer).filter(name => name.endsWith('.tgz'))
  const types = await runInConsumer('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'esm-only'])
  t.equal(types.status, 0, types.output)
})

t.test('no file refers to a source map, since none is published', async t => {
  const folder = `${consumer}/node_modules/matrix-well-known/dist`
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /\.(js|ts|map)$/.test(name))
  t.ok(files.length > 100)
  t.strictSame(files.filter(file => readFileSync(`${folder}/${file}`, 'utf8').includes('sourceMappingURL')), [])
  t.strictSame(files.filter(file => file.endsWith('.map')), [])
})

t.test('the installed command runs', async t => {
  const run = await runInConsumer('matrix-well-known/dist/cli.js', ['--version'])
  t.match(run.output, /^\d+\.\d+\.\d+/)
})
