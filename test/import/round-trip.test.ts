import fc from 'fast-check'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { openNetwork } from '../../src/check/network/network.ts'
import { loadSiteConfig } from '../../src/config/site-config.ts'
import type { SiteConfig } from '../../src/config/site-config.ts'
import { readFileSource } from '../../src/import/file-source.ts'
import { fetchSiteSource } from '../../src/import/site-source.ts'
import { findInvalidValue } from '../../src/matrix/invalid-value.ts'
import { parseBaseUrl } from '../../src/matrix/url.ts'
import { isDocumentName } from '../../src/site/documents.ts'
import { configuration } from '../readers/generator/generator.ts'
import { faultsOf } from '../support/faults.ts'
import { importFrom } from '../support/imports.ts'
import { startWorld } from '../support/world.ts'

const count = 100
/** What makes a run repeatable: SEED, or one of its own. */
const seed = Number(process.env.SEED ?? Date.now() % 1e9)

/** Sites with settings that are accepted, each with its documents. */
function generateSites (): SiteConfig[] {
  const sites: SiteConfig[] = []
  for (let number = 0; sites.length < count; number++) {
    const [generated] = fc.sample(configuration(number), { numRuns: 1, seed: seed + number })
    const environment = {
      ...generated?.settings,
      SERVER_NAME: `site${sites.length}.example`,
      ...number % 3 === 0 && { EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{"fi.mau.bridges":[]}}' }
    }
    if (faultsOf(environment, loadSiteConfig).length > 0) continue
    const site = loadSiteConfig(environment)
    // A site without documents leaves nothing to import.
    if (site.documents.length > 0) sites.push(site)
  }
  return sites
}

/** The documents, with their keys in any order, and each URL of a LiveKit service as its setting serves it. */
function documentsOf (documents: SiteConfig['documents']): Record<string, unknown> {
  return Object.fromEntries(documents.map(({ name, body }) => [name, JSON.parse(body, normalizeUrl) as unknown]))
}

function normalizeUrl (key: string, value: unknown): unknown {
  if (key !== 'livekit_service_url' || typeof value !== 'string') return value
  return findInvalidValue(parseBaseUrl, value) === undefined ? parseBaseUrl(value).href : value
}

t.test(`${count} generated sites are served, imported, and then the same`, async t => {
  t.comment(`SEED=${seed}`)
  const sites = generateSites()
  const bodies = new Map<string, string>(sites.flatMap(({ site, documents }) =>
    documents.map(({ name, body }) => [`${site.serverName}/.well-known/matrix/${name}`, body] as const)))
  const handler: RequestListener = (request, response) => {
    const body = bodies.get(`${request.headers.host}${request.url}`)
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'application/json' }).end(body)
  }
  const names = sites.map(({ site }) => site.serverName)
  const { dns, connect, ca } = await startWorld(t, {
    records: Object.fromEntries(names.map(name => [name, { A: ['45.0.0.2'] }])),
    hosts: { '45.0.0.2:443': { certificate: names.map(name => `DNS:${name}`), handler } }
  })
  const root = t.testdir()
  for (const site of sites) {
    const { site: { serverName }, documents } = site
    const expected = documentsOf(documents)
    const four = Object.fromEntries(Object.entries(expected).filter(([name]) => isDocumentName(name)))
    if (Object.keys(four).length > 0) {
      const network = openNetwork({ dns: dns.address, connect, ca: [ca] })
      const { description } = await fetchSiteSource(network, serverName).finally(() => network.close())
      t.strictSame(documentsOf(importFrom(description).documents), four, `${serverName} over the network`)
    }
    if (documents.length === 0) continue
    const folder = join(root, serverName, '.well-known', 'matrix')
    mkdirSync(folder, { recursive: true })
    for (const { name, body } of documents) writeFileSync(join(folder, name), body)
    const { description } = readFileSource([join(root, serverName)])
    t.strictSame(documentsOf(importFrom(description, serverName).documents), expected, `${serverName} from a folder`)
  }
})
