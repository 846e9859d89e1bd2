import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import t from 'tap'
import type { Test } from 'tap'
import { documents } from './backends.ts'
import { requireCommand } from './program.ts'
import { nginx } from './proxies.ts'
import { startSetup } from './setup.ts'
import type { Setup } from './setup.ts'

t.test('a page from another origin', async t => {
  const setup = await startSetup(t, nginx)
  const page = await openPage(t, setup)
  async function read (path: string, headers: Record<string, string> = {}): Promise<unknown> {
    return await readFromPage(page, path, headers)
  }

  await t.test('reads every document', async t => {
    for (const [name, body] of Object.entries(documents)) {
      t.strictSame(await read(`/.well-known/matrix/${name}`), { status: 200, body: JSON.parse(body) })
    }
  })
  await t.test('reads a 404', async t => {
    t.match(await read('/.well-known/matrix/nothing'), { status: 404, body: { errcode: 'M_UNRECOGNIZED' } })
  })
  await t.test('reads what requires a preflight request, with the headers that Matrix allows', async t => {
    const headers = { 'X-Requested-With': 'test', 'Content-Type': 'application/json', Authorization: 'Bearer abc' }
    t.strictSame(await read('/.well-known/matrix/server', headers), { status: 200, body: JSON.parse(documents.server) })
    t.match(await read('/.well-known/matrix/nothing', headers), { status: 404 })
    // A header that isn't allowed fails, so there was a preflight request.
    t.equal(await read('/.well-known/matrix/server', { 'X-Other': 'test' }), 'TypeError')
  })
  await t.test('can\'t read a response without CORS headers', async t => {
    t.equal(await read('/'), 'TypeError')
  })
})

/** Opens a page of http://127.0.0.1. In its browser, example.com is the proxy. */
async function openPage (t: Test, { ports, directory }: Setup): Promise<Page> {
  requireCommand('chromium', 'chromium')
  // Trusts only the key of the test's certificate; adding an authority requires another program.
  const certificate = new X509Certificate(readFileSync(join(directory, 'live/example.com/fullchain.pem')))
  const publicKey = certificate.publicKey.export({ type: 'spki', format: 'der' })
  const key = createHash('sha256').update(publicKey).digest('base64')
  const context = await chromium.launchPersistentContext(join(directory, 'browser'), {
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
      `--host-resolver-rules=MAP example.com:443 127.0.0.1:${ports.https}`,
      `--ignore-certificate-errors-spki-list=${key}`
    ]
  })
  t.teardown(async () => { await context.close() })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${ports.site}/`)
  return page
}

/** What a script on the page sees: status and JSON, or the name of the error. */
async function readFromPage (page: Page, path: string, headers: Record<string, string>): Promise<unknown> {
  return await page.evaluate(async ({ url, headers }) => {
    try {
      const response = await fetch(url, { headers })
      return { status: response.status, body: await response.json() }
    } catch (error) {
      return error instanceof Error ? error.name : 'no error'
    }
  }, { url: `https://example.com${path}`, headers })
}
