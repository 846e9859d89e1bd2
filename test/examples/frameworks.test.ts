import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createInterface } from 'node:readline'
import { build } from 'esbuild-wasm'
import t from 'tap'
import type { Test } from 'tap'
import { loadSite } from '../../src/config/site-config.ts'
import { respond } from '../../src/site/responses.ts'
import { consumer, repositoryFile } from '../support/consumer.ts'

const settings = {
  SERVER_NAME: 'example.com',
  M_SERVER: 'matrix.example.com:443',
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com'
}
const environment = { PATH: process.env.PATH, HOME: process.env.HOME, ...settings, PORT: '0' }
const site = loadSite(settings)

/** Where the examples are run, so that they find the package as it is published. */
const folder = `${consumer}/examples`
for (const name of ['express', 'hono', 'fastify', 'cloudflare-worker']) {
  cpSync(repositoryFile(`examples/${name}`), `${folder}/${name}`, { recursive: true })
}

/** Starts a program, and returns the URL that it prints. */
async function start (t: Test, ...args: string[]): Promise<URL> {
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  t.teardown(async () => {
    child.kill('SIGTERM')
    await closed
  })
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^listening at (http.*)$/.exec(line) ?? []
    if (url !== undefined) return new URL(url)
  }
  throw new Error(`${args.join(' ')} ended without a URL`)
}

interface Received {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

async function send (base: URL, method: string, path: string, headers: Record<string, string>): Promise<Received> {
  return await new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, Connection: 'close' } }
    request(new URL(path, base), options, response => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => { body += chunk })
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
    }).once('error', reject).end()
  })
}

/** Everything that `respond` decides arrives at the client unchanged. */
async function compare (t: Test, base: URL): Promise<void> {
  const { etag = '' } = respond(site, { method: 'GET', path: '/.well-known/matrix/client', headers: {} }).headers
  const cases: [method: string, path: string, headers?: Record<string, string>][] = [
    ['GET', '/.well-known/matrix/server'],
    ['GET', '/.well-known/matrix/client'],
    ['GET', '/.well-known/matrix/client?a=b'],
    ['GET', '/.well-known/matrix/client', { 'if-none-match': etag }],
    ['HEAD', '/.well-known/matrix/client'],
    ['GET', '/.well-known/matrix/support'],
    ['GET', '/.well-known/matrix/nothing'],
    ['OPTIONS', '/.well-known/matrix/server', { origin: 'https://app.example' }],
    ['POST', '/.well-known/matrix/server']
  ]
  for (const [method, path, headers = {}] of cases) {
    const { status, body, headers: received } = await send(base, method, path, headers)
    const expected = respond(site, { method, path: path.replace(/\?.*/, ''), headers })
    const title = `${method} ${path}`
    t.strictSame({ status, body }, { status: expected.status, body: expected.body }, title)
    for (const [name, value] of Object.entries(expected.headers)) {
      // A response without a body need not say how long it would be.
      if (name !== 'content-length') t.equal(received[name], value, `${title}: ${name}`)
    }
  }
}

for (const name of ['express', 'hono', 'fastify']) {
  t.test(`the example for ${name} serves the documents next to the app`, async t => {
    const base = await start(t, `${name}/app.js`)
    await compare(t, base)
    t.match(await send(base, 'GET', '/', {}), { status: 200, body: 'Welcome' })
  })
}

t.test('an example whose port is in use says so', async t => {
  const server = createServer().listen(0)
  t.teardown(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  for (const name of ['express', 'hono', 'fastify']) {
    const run = spawnSync(process.execPath, [`${name}/app.js`], {
      cwd: folder, env: { ...environment, PORT: String(port), HOST: '::' }, encoding: 'utf8'
    })
    t.equal(run.status, 1, name)
    t.match(run.stderr, /^Error: listen EADDRINUSE: address already in use /m, name)
  }
})

t.test('the example for Cloudflare Workers serves the documents in workerd', async t => {
  const worker = `${folder}/cloudflare-worker`
  execFileSync(process.execPath, [`${worker}/build.js`], { env: environment })
  await build({
    entryPoints: [`${worker}/worker.js`],
    outfile: `${worker}/bundle.js`,
    bundle: true,
    format: 'esm',
    external: ['node:*'],
    logLevel: 'error'
  })
  const bundle = readFileSync(`${worker}/bundle.js`, 'utf8')
  t.notMatch(bundle, 'new Function', 'without Ajv, which a Worker refuses to run')
  t.notMatch(bundle, /from "node:/, "without Node's own modules")
  copyFileSync(repositoryFile('test/support/run-worker.js'), `${folder}/run-worker.js`)
  await compare(t, await start(t, 'run-worker.js', `${worker}/bundle.js`))
})

t.test('wrangler is configured as the test runs the Worker', async t => {
  const configuration = readFileSync(repositoryFile('examples/cloudflare-worker/wrangler.jsonc'), 'utf8')
  const { main, compatibility_date: date, compatibility_flags: flags }: Record<string, unknown> =
    JSON.parse(configuration.replaceAll(/^ *\/\/.*$/gm, ''))
  t.strictSame({ main, flags }, { main: 'worker.js', flags: ['nodejs_compat'] })
  t.match(readFileSync(repositoryFile('test/support/run-worker.js'), 'utf8'), `compatibilityDate: '${String(date)}'`)
})
