import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { checkServer } from '../../src/check/check.ts'
import type { Override } from '../../src/check/check.ts'
import { loadSite } from '../../src/config/site-config.ts'
import { buildDocuments, documentNames, documentPath } from '../../src/site/documents.ts'
import { respond } from '../../src/site/responses.ts'
import type { Site } from '../../src/site/site.ts'
import { findFreePort } from '../support/free-ports.ts'
import { buildHomeserver } from '../support/homeserver.ts'
import { generateHostileSettings } from '../support/hostile-settings.ts'
import { startTlsHost } from '../support/tls-host.ts'
import { makeCertificates } from './certificates.ts'
import { openClient } from './client.ts'
import type { Protocol, Response } from './client.ts'
import { requireCommand, startProgram } from './program.ts'
import { snippetHosts } from './snippets.ts'
import type { SnippetHost } from './snippets.ts'

const command = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const protocols: readonly Protocol[] = ['https', 'h2']
const { seed, environment, documents } = generateHostileSettings()

t.comment(`SEED=${seed}`)
t.jobs = snippetHosts.length

for (const host of snippetHosts) {
  t.test(`the snippet for ${host.target}`, { buffered: true }, async t => {
    const setup = await startSnippet(t, host)
    for (const protocol of protocols) {
      await t.test(`responds as the server does, over ${protocol}`, t => testResponses(t, host, setup, protocol))
    }
    await t.test('check finds no problem', t => testCheck(t, setup))
  })
}

interface Setup {
  readonly site: Site
  readonly port: number
  readonly ca: string
  readonly directory: string
}

/** Exports the settings with the command, and starts a proxy with the result. */
async function startSnippet (t: Test, { target, command: program, debianPackage, ready, configure }: SnippetHost):
Promise<Setup> {
  requireCommand(program, debianPackage)
  requireCommand('openssl', 'openssl')
  const directory = mkdtempSync(join(tmpdir(), 'matrix-well-known-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  chmodSync(directory, 0o755)
  const ca = makeCertificates(directory)
  const file = join(directory, 'documents.json')
  writeFileSync(file, JSON.stringify(documents))
  const settings = { ...environment, EXTRA_WELL_KNOWN_DOCUMENTS_FILE: file }
  const exported = join(directory, 'exported')
  await promisify(execFile)(process.execPath, [command, 'export', exported, '--for', target], {
    cwd: directory, env: settings
  })
  const port = await findFreePort()
  const args = configure({ directory, exported, port })
  const running = await startProgram({ command: program, args, ready, directory })
  t.teardown(async () => { await running.stop() })
  return { site: loadSite(settings), port, ca, directory }
}

const requestHeaders = { 'accept-encoding': 'identity', 'x-forwarded-host': 'other.example.com' }

/** Headers that the proxy may set in its own way. */
const ignored = ['content-length', 'etag']

async function testResponses (t: Test, host: SnippetHost, setup: Setup, protocol: Protocol): Promise<void> {
  const { site, port, ca } = setup
  const client = openClient(protocol, { name: 'example.com', port, ca })
  t.teardown(() => client.close())
  const names = new Set([...documentNames, ...buildDocuments(site).map(({ name }) => name)])
  t.ok(names.size > 90)
  for (const path of [...names].map(documentPath)) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']) {
      const expected = respond(site, { method, path, headers: {} })
      const response = await client.send({ method, path, headers: requestHeaders })
      const message = `SEED=${seed} ${method} ${path}`
      t.equal(response.status, expected.status, message)
      t.equal(response.body, method === 'HEAD' ? '' : expected.body, message)
      for (const [name, value] of Object.entries(expected.headers)) {
        if (!ignored.includes(name)) t.strictSame(valuesOf(response, name), [value], `${message}: ${name}, once`)
      }
      for (const name of ['content-type', 'cache-control', 'allow']) {
        if (!(name in expected.headers)) t.strictSame(valuesOf(response, name), [], `${message}: no ${name}`)
      }
    }
    const { headers } = respond(site, { method: 'GET', path, headers: {} })
    const etag = host.hasEntityTags ? headers.etag : undefined
    const current = await client.send({ method: 'GET', path, headers: requestHeaders })
    t.strictSame(valuesOf(current, 'etag'), etag === undefined ? [] : [etag], `${path}: etag`)
    if (etag === undefined) continue
    const sendTag = async (tag: string): Promise<Response> =>
      await client.send({ method: 'GET', path, headers: { ...requestHeaders, 'if-none-match': tag } })
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const unchanged = await sendTag(tag)
      t.equal(unchanged.status, 304, `${path} ${tag}`)
      t.strictSame(valuesOf(unchanged, 'content-length'), [], 'that of an empty body would be wrong')
      t.strictSame(valuesOf(unchanged, 'access-control-allow-origin'), ['*'])
    }
    t.equal((await sendTag('"other"')).status, 200, path)
  }
  for (const path of ['nothing', 'server/', 'server.json', 'serve', 'a/b'].map(documentPath)) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
      const expected = respond(site, { method, path, headers: {} })
      const response = await client.send({ method, path, headers: requestHeaders })
      t.equal(response.status, expected.status, `${method} ${path}`)
      t.strictSame(valuesOf(response, 'access-control-allow-origin'), ['*'], `${method} ${path}`)
      if (method === 'GET') t.match(JSON.parse(response.body), { errcode: 'M_UNRECOGNIZED' }, path)
    }
  }
  const query = await client.send({ method: 'GET', path: `${documentPath('server')}?a=%2F` })
  t.equal(query.status, 200)
  const elsewhere = await client.send({ method: 'GET', path: '/.well-known/matrix-other' })
  t.notMatch(elsewhere.body, 'errcode')
}

/** With a homeserver at matrix.example.com, as other servers and clients find it. */
async function testCheck (t: Test, { site, port, ca, directory }: Setup): Promise<void> {
  const live = join(directory, 'live/matrix.example.com')
  const homeserver = await startTlsHost(t, {
    address: '127.0.0.1',
    certificate: readFileSync(join(live, 'fullchain.pem'), 'utf8'),
    key: readFileSync(join(live, 'privkey.pem'), 'utf8'),
    handler: buildHomeserver({ serverName: 'example.com' })
  })
  const at = (host: string, toPort: number): Override => ({ host, port: 443, address: '127.0.0.1', toPort })
  const report = await checkServer('example.com', {
    intent: site,
    resolve: [at('example.com', port), at('matrix.example.com', homeserver.port)],
    ca: [ca]
  })
  t.strictSame(report.findings, [])
  t.match(report.verdict, { federation: 'works', clients: 'works' })
}

/** Apache httpd adds an empty Allow of its own to a 405. */
function valuesOf ({ headers }: Response, name: string): string[] {
  return headers.filter(([candidate, value]) => candidate === name && value !== '').map(([, value]) => value)
}
