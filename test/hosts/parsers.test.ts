import { existsSync, readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { sharedAuthority } from '../support/certificates.ts'
import { startTlsHost } from '../support/tls-host.ts'
import { checkSite, exportSite, installed, testDocuments } from './exported-site.ts'

// Neither host can be run here. Their own parsers read the files, and a server follows the rules as their pages say.

interface HeaderRule {
  readonly forRegExp: RegExp
  readonly values: Readonly<Record<string, string>>
}
interface RedirectRule {
  readonly path: string
  readonly to: string
  readonly status: number
}
interface Route {
  readonly src: string
  readonly headers: Readonly<Record<string, string>>
}

async function load (name: string): Promise<Record<string, (...args: readonly unknown[]) => unknown>> {
  return await import(pathToFileURL(installed(name)).href)
}

/** The text of a file of a site; undefined if it is missing. */
function readFile (folder: string, url = ''): string | undefined {
  const path = join(folder, url)
  return existsSync(path) && !url.endsWith('/') ? readFileSync(path, 'utf8') : undefined
}

async function startHost (t: Test, handler: RequestListener): Promise<number> {
  const { certificate, key } = sharedAuthority().issue({ names: ['DNS:example.com'] })
  return (await startTlsHost(t, { address: '127.0.0.1', certificate, key, handler })).port
}

t.test('Netlify', async t => {
  const exported = await exportSite(t, 'netlify', {
    _redirects: '/.well-known/matrix/* /.well-known/matrix/404.json 404\n/* /index.html 200\n'
  })
  const { folder } = exported
  const { parseAllHeaders } = await load('@netlify/headers-parser/lib/index.js')
  const { parseAllRedirects } = await load('@netlify/redirect-parser/lib/index.js')
  const parsedHeaders = await parseAllHeaders?.({
    headersFiles: [join(folder, '_headers')], configHeaders: [], minimal: false
  }) as { headers: HeaderRule[], errors: Error[] }
  const parsedRedirects = await parseAllRedirects?.({
    redirectsFiles: [join(folder, '_redirects')], configRedirects: [], minimal: false
  }) as { redirects: RedirectRule[], errors: Error[] }
  t.strictSame([...parsedHeaders.errors, ...parsedRedirects.errors], [])

  const port = await startHost(t, ({ url = '' }, response) => {
    response.setHeader('content-type', 'text/plain')
    for (const { forRegExp, values } of parsedHeaders.headers) {
      if (!forRegExp.test(url)) continue
      for (const [name, value] of Object.entries(values)) response.setHeader(name, value)
    }
    const rule = parsedRedirects.redirects.find(({ path }) => path.endsWith('*')
      ? url.startsWith(path.slice(0, -1))
      : url === path)
    const file = readFile(folder, url)
    response.writeHead(file === undefined ? rule?.status ?? 404 : 200).end(file ?? readFile(folder, rule?.to))
  })
  await testDocuments(t, port, exported)
  t.strictSame((await checkSite(t, port, exported)).findings, [])
})

t.test('Vercel', async t => {
  const exported = await exportSite(t, 'vercel', { 'index.html': 'not public' })
  const { getTransformedRoutes } = await load('@vercel/routing-utils/dist/index.js')
  const configuration: unknown = JSON.parse(readFileSync(join(exported.folder, 'vercel.json'), 'utf8'))
  const { routes, error } = getTransformedRoutes?.(configuration) as { routes: Route[], error: unknown }
  t.equal(error, null)
  const port = await startHost(t, ({ url = '' }, response) => {
    response.setHeader('content-type', 'application/octet-stream')
    const file = readFile(join(exported.folder, 'public'), url)
    const isSite = !url.startsWith('/.well-known/')
    if (file === undefined) response.setHeader('content-type', 'text/html')
    for (const { src, headers } of routes) {
      if (!new RegExp(src).test(url)) continue
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    }
    response.writeHead(file === undefined && !isSite ? 404 : 200)
      .end(file ?? (isSite ? '<h1>index</h1>' : 'The page could not be found'))
  })
  await testDocuments(t, port, exported)
  t.strictSame((await checkSite(t, port, exported)).findings, [])
})
