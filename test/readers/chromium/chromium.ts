import { createHash, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import type { Authority } from '../../support/certificates.ts'
import type { Scope } from '../../support/listen.ts'
import type { Reader } from '../reader.ts'
import { makeDirectory } from '../world/world.ts'

/** What the bundle of matrix-js-sdk adds to a page. */
interface BundleGlobal {
  readonly findClientConfig: (serverName: string) => Promise<unknown>
}

/** matrix-js-sdk in a page, as in Element Web: it reads only what CORS allows. The value is as in Node. */
export async function startChromium (t: Scope, authority: Authority): Promise<Reader | undefined> {
  const { READER_CHROMIUM: executablePath, READER_JS_SDK: modules } = process.env
  if (executablePath === undefined || modules === undefined) return undefined
  const context = await chromium.launchPersistentContext(join(makeDirectory(), 'profile'), {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
      // Every host is in this network namespace, which only a page from there could ask otherwise.
      '--host-resolver-rules=MAP * 127.0.0.1', '--disable-features=LocalNetworkAccessChecks',
      `--ignore-certificate-errors-spki-list=${publicKeyHash(authority)}`
    ]
  })
  t.teardown(async () => { await context.close() })
  const page = await context.newPage()
  await openApp(page, join(modules, '../browser.js'))
  return {
    name: 'matrix-js-sdk in Chromium',
    documents: ['client'],
    async read (serverName) {
      // As text: what comes back from a page otherwise has a maximum depth.
      const value = await page.evaluate(async name =>
        JSON.stringify(await (globalThis as unknown as BundleGlobal).findClientConfig(name)), serverName)
      return { value: JSON.parse(value) }
    }
  }
}

/** Without TLS: a page with TLS can't ask a homeserver that has none. */
async function openApp (page: Page, bundle: string): Promise<void> {
  const url = 'http://127.0.0.1/'
  await page.route(url, async route => { await route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }) })
  await page.goto(url)
  await page.addScriptTag({ path: bundle })
}

/** Of the key that all certificates share; to add an authority takes another program. */
function publicKeyHash (authority: Authority): string {
  const { publicKey } = new X509Certificate(authority.issue({ names: ['DNS:example.com'] }).certificate)
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64')
}
