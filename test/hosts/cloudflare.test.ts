import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { startProgram } from '../proxies/program.ts'
import { findFreePort } from '../support/free-ports.ts'
import {
  checkSite, exportSite, get, installed, testDocuments, valuesOf, writeCertificate
} from './exported-site.ts'
import type { ExportedSite } from './exported-site.ts'

/** Serves a folder as Cloudflare does, and returns the port. */
async function startWrangler (t: Test, words: readonly string[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'matrix-well-known-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const { certificate, key } = writeCertificate(directory)
  const port = await findFreePort()
  const program = await startProgram({
    command: process.execPath,
    args: [
      installed('wrangler/bin/wrangler.js'), ...words, '--ip', '127.0.0.1', '--port', String(port),
      '--local-protocol', 'https', '--https-cert-path', certificate, '--https-key-path', key,
      '--persist-to', join(directory, 'state')
    ],
    ready: [/Ready on/],
    directory,
    // Without these, it connects to the Internet.
    environment: { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', CI: 'true' },
    timeout: 600_000
  })
  t.teardown(async () => { await program.stop() })
  return port
}

async function testCloudflare (t: Test, port: number, exported: ExportedSite, page?: string): Promise<void> {
  await t.test('serves the documents', t => testDocuments(t, port, exported, page))
  await t.test('serves JSON with a 404', async t => {
    const response = await get(port, '/.well-known/matrix/policy_server')
    t.match(JSON.parse(response.body), { errcode: 'M_NOT_FOUND' })
    t.strictSame(valuesOf(response, 'content-type'), ['application/json'])
  })
  await t.test('check finds no problem', async t => {
    const report = await checkSite(t, port, exported)
    // Cloudflare responds with 405 to OPTIONS, whatever is configured. No client sends it for these documents.
    t.match(report.findings, [{ id: 'cors.preflight-document', severity: 'notice' }])
    t.equal(report.findings.length, 1)
    t.match(report.verdict, { federation: 'works', clients: 'works' })
  })
}

t.test('Cloudflare Pages', async t => {
  const exported = await exportSite(t, 'cloudflare')
  const port = await startWrangler(t, ['pages', 'dev', exported.folder, '--compatibility-date', '2026-01-01'])
  await testCloudflare(t, port, exported)
})

t.test('Cloudflare Workers with static assets', async t => {
  const exported = await exportSite(t, 'cloudflare')
  const configuration = join(exported.folder, '../wrangler-test.json')
  t.teardown(() => rmSync(configuration))
  writeFileSync(configuration, JSON.stringify({
    name: 'test',
    compatibility_date: '2026-01-01',
    assets: { directory: exported.folder, not_found_handling: '404-page' }
  }))
  const port = await startWrangler(t, ['dev', '--config', configuration])
  await testCloudflare(t, port, exported, '/')
})
