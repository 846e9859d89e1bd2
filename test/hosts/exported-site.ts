import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { checkServer } from '../../src/check/check.ts'
import type { Override, Report } from '../../src/check/check.ts'
import { loadSite } from '../../src/config/site-config.ts'
import type { TargetName } from '../../src/export/targets.ts'
import { buildDocuments, documentNames, documentPath } from '../../src/site/documents.ts'
import type { Site } from '../../src/site/site.ts'
import { sharedAuthority } from '../support/certificates.ts'
import { buildHomeserver } from '../support/homeserver.ts'
import { generateHostileSettings } from '../support/hostile-settings.ts'
import { startTlsHost } from '../support/tls-host.ts'

const command = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** The node_modules that `install` prints. */
export function installed (name: string): string {
  const folder = process.env.HOSTS
  if (folder === undefined) throw new Error('HOSTS is not set: run npm run test:hosts')
  return join(folder, name)
}

/** A single-page application with exported documents. */
export interface ExportedSite {
  readonly folder: string
  readonly site: Site
}

/** Exports to the folder of a web site, in which every unknown path would be `index.html`. */
export async function exportSite (
  t: Test, target: TargetName, files: Readonly<Record<string, string>> = {}
): Promise<ExportedSite> {
  const folder = t.testdir({ 'index.html': '<h1>index</h1>', ...files })
  const { environment, documents } = generateHostileSettings()
  const settings = {
    ...environment,
    EXTRA_WELL_KNOWN_DOCUMENTS: JSON.stringify(Object.fromEntries(
      Object.entries(documents).filter(([name]) => !name.startsWith('fragment'))
    ))
  }
  await promisify(execFile)(process.execPath, [command, 'export', folder, '--for', target], {
    cwd: t.testdirName, env: settings
  })
  return { folder, site: loadSite(settings) }
}

export interface Response {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string
}

export async function get (port: number, path: string, method = 'GET'): Promise<Response> {
  return await new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      servername: 'example.com',
      ca: sharedAuthority().certificate,
      agent: false,
      headers: { host: 'example.com' }
    }
    request(options, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject).on('end', () => {
        const { rawHeaders, statusCode: status = 0 } = response
        const headers = Array.from({ length: rawHeaders.length / 2 }, (_, index) =>
          [String(rawHeaders[2 * index]).toLowerCase(), String(rawHeaders[2 * index + 1])] as const)
        resolve({ status, headers, body: Buffer.concat(chunks).toString() })
      })
    }).on('error', reject).end()
  })
}

export function valuesOf ({ headers }: Response, name: string): string[] {
  return headers.filter(([candidate]) => candidate === name).map(([, value]) => value)
}

/**
 * Each document as it is configured, and the others as 404.
 *
 * @param page a path at which the site has its index.html.
 */
export async function testDocuments (
  t: Test, port: number, { site }: ExportedSite, page = '/some/page'
): Promise<void> {
  const documents = buildDocuments(site)
  for (const { name, body } of documents) {
    const response = await get(port, documentPath(name))
    t.equal(response.status, 200, name)
    t.equal(response.body, body, name)
    t.strictSame(valuesOf(response, 'content-type'), ['application/json'], name)
    t.strictSame(valuesOf(response, 'access-control-allow-origin'), ['*'], name)
    t.strictSame(valuesOf(response, 'cache-control'), ['public, max-age=7200'], name)
    t.equal((await get(port, documentPath(name), 'HEAD')).status, 200, name)
  }
  const missing = documentNames.filter(name => !documents.some(document => document.name === name))
  t.strictSame(missing, ['policy_server'])
  for (const name of missing) {
    const response = await get(port, documentPath(name))
    t.equal(response.status, 404, name)
    t.notMatch(response.body, '<h1>index')
    t.strictSame(valuesOf(response, 'access-control-allow-origin'), ['*'], name)
    t.strictSame(valuesOf(response, 'cache-control'), ['no-store'], name)
  }
  const nothing = await get(port, documentPath('nothing'))
  t.equal(nothing.status, 404)
  t.strictSame(valuesOf(nothing, 'access-control-allow-origin'), ['*'])
  t.match((await get(port, page)).body, '<h1>index', 'the rest is the site')
}

/** What `check` reports, with a homeserver at matrix.example.com. */
export async function checkSite (t: Test, port: number, { site }: ExportedSite): Promise<Report> {
  const authority = sharedAuthority()
  const homeserver = await startTlsHost(t, {
    address: '127.0.0.1',
    ...authority.issue({ names: ['DNS:matrix.example.com'] }),
    handler: buildHomeserver({ serverName: 'example.com' })
  })
  const at = (host: string, toPort: number): Override => ({ host, port: 443, address: '127.0.0.1', toPort })
  return await checkServer('example.com', {
    intent: site,
    resolve: [at('example.com', port), at('matrix.example.com', homeserver.port)],
    ca: [authority.certificate]
  })
}

/** The files of a certificate for example.com. */
export function writeCertificate (folder: string): { readonly certificate: string, readonly key: string } {
  const issued = sharedAuthority().issue({ names: ['DNS:example.com'] })
  const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') }
  writeFileSync(files.certificate, issued.certificate)
  writeFileSync(files.key, issued.key)
  return files
}
