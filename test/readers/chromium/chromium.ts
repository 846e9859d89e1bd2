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

interface AppOptions {
  /** The URL of the page. One with TLS can't ask a homeserver that has none. */
  readonly app: string
  /** Which addresses hosts have: those that the system knows if this is undefined. */
  readonly hostRules: string | undefined
}

/** Every host is in this network namespace, which only a page from there could ask otherwise. */
const pageWithoutTls: AppOptions = { app: 'http://127.0.0.1/', hostRules: 'MAP * 127.0.0.1' }

/** matrix-js-sdk in a page, as in Element Web: it reads only what CORS allows. The value is as in Node. */
export async function startChromium (
  t: Scope, authority: Authority, { app, hostRules }: AppOptions = pageWithoutTls
): Promise<Reader | undefined> {
  const { READER_CHROMIUM: executablePath, READER_JS_SDK: modules } = process.env
  if (executablePath === undefined || modules === undefined) return undefined
  const context = await chromium.launchPersistentContext(join(makeDirectory(), 'profile'), {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
      '--disable-features=LocalNetworkAccessChecks',
      ...hostRules === undefined ? [] : [`--host-resolver-rules=${hostRules}`],
      `--ignore-certificate-errors-spki-list=${publicKeyHash(authority)}`
    ]
  })
  t.teardown(async () => { await context.close() })
  const page = await context.newPage()
  await openApp(page, app, join(modules, '../browser.js'))
  return {
    name: 'matrix-js-sdk in Chromium',
    documents: ['client'],
    async read (serverName) {
      // As text: what comes back from a page otherwise has a maximum depth.
      const reading = await page.evaluate(async name => JSON.stringify(
        await (globalThis as unknown as BundleGlobal).findClientConfig(name)
          .then(value => ({ value }), (error: unknown) => ({ error: String(error) }))
      ), serverName)
      return JSON.parse(reading)
    }
  }
}

async function openApp (page: Page, url: string, bundle: string): Promise<void> {
  await page.route(url, async route => { await route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }) })
  await page.goto(url)
  await page.addScriptTag({ path: bundle })
}

/** Of the key that all certificates share; to add an authority takes another program. */
function publicKeyHash (authority: Authority): string {
  const { publicKey } = new X509Certificate(authority.issue({ names: ['DNS:example.com'] }).certificate)
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64')
}
