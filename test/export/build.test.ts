import t from 'tap'
import { loadSiteConfig } from '../../src/config/site-config.ts'
import { buildExport } from '../../src/export/build.ts'
import type { SiteToExport } from '../../src/export/build.ts'
import { isTargetName, targetNames, targetOf } from '../../src/export/targets.ts'
import type { TargetName } from '../../src/export/targets.ts'

function site (serverName: string, environment: Readonly<Record<string, string>> = {}): SiteToExport {
  return loadSiteConfig({ SERVER_NAME: serverName, ...environment })
}

const withEverything = site('example.com', {
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com',
  EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{"a":"$\'`%{}\\\\"}}'
})

const documents = ['server', 'client', 'mautrix'].map(name => `.well-known/matrix/${name}`)

t.test('the files of each target', async t => {
  const files: Readonly<Record<TargetName, readonly string[]>> = {
    files: documents,
    cloudflare: [...documents, '.well-known/matrix/404.html', '_headers'],
    netlify: [...documents, '.well-known/matrix/404.json', '_headers', '_redirects'],
    vercel: [...documents.map(path => `public/${path}`), 'vercel.json'],
    'github-pages': [...documents, '.nojekyll'],
    s3: ['upload-to-s3.sh'],
    nginx: ['matrix-well-known.conf', 'matrix-well-known-dollar.conf'],
    caddy: ['matrix-well-known.caddy'],
    apache: ['matrix-well-known.conf'],
    haproxy: ['matrix-well-known.cfg']
  }
  t.strictSame(targetNames, Object.keys(files))
  for (const [name, paths] of Object.entries(files)) {
    if (!isTargetName(name)) throw new Error(name)
    const output = buildExport(targetOf(name), [withEverything], false)
    t.strictSame(output.files.map(({ path }) => path), paths, name)
    const { snippet } = targetOf(name)
    if (snippet !== undefined) t.ok(paths.includes(snippet), name)
    t.ok(output.notes.length > 0, name)
    t.strictSame(output.notes.filter(note => note.includes('\n')), [])
  }
  t.equal(isTargetName('toString'), false)
})

t.test('documents are written byte for byte', async t => {
  for (const name of ['files', 'cloudflare', 'netlify', 'vercel', 'github-pages'] as const) {
    const { files } = buildExport(targetOf(name), [withEverything], false)
    for (const document of withEverything.documents) {
      const file = files.find(({ path }) => path.endsWith(`.well-known/matrix/${document.name}`))
      t.equal(file?.text, document.body, `${name}: ${document.name}`)
    }
  }
})

t.test('each site of a folder has its own folder', async t => {
  const sites = [site('a.example'), site('b.example:8448')]
  const { files, notes } = buildExport(targetOf('netlify'), sites, true)
  const names = ['.well-known/matrix/server', '.well-known/matrix/404.json', '_headers', '_redirects']
  t.strictSame(files.map(({ path }) => path),
    ['a.example', 'b.example:8448'].flatMap(folder => names.map(name => `${folder}/${name}`)))
  const once = buildExport(targetOf('netlify'), [site('a.example')], true).notes
  t.strictSame(once, buildExport(targetOf('netlify'), [site('a.example')], false).notes)
  const about = 'Each site has a folder of its own. This is for a.example: do the same for each of the others.'
  t.strictSame(notes, [about, ...once], 'once, and for which site')
  t.strictSame(buildExport(targetOf('netlify'), [], true), { files: [], notes: [], warnings: [] })
})

t.test('without any document, everything is 404', async t => {
  const nothing = site('example.com', { SERVE_SERVER_WELLKNOWN: 'false' })
  for (const name of ['nginx', 'caddy', 'apache', 'haproxy', 's3'] as const) {
    const [file] = buildExport(targetOf(name), [nothing], false).files
    t.match(file?.text, /\/\.well-known\/matrix\/server/, name)
    t.notMatch(file?.text, /return 200|\[R=200|status 200|respond .* 200|upload \//, name)
  }
})

t.test('a long document is put together for nginx, which reads short strings', async t => {
  const long = site('example.com', { EXTRA_WELL_KNOWN_DOCUMENTS: JSON.stringify({ long: { a: '$\''.repeat(5_000) } }) })
  const [file] = buildExport(targetOf('nginx'), [long], false).files
  const strings = file?.text.match(/'(?:[^'\\]|\\.)*'/gs) ?? []
  t.ok(strings.length > 40)
  t.strictSame(strings.filter(string => Buffer.byteLength(string) >= 4_096), [])
})

t.test('a document with the name of a file that a host needs is refused', async t => {
  const named = (name: string): SiteToExport =>
    site('example.com', { EXTRA_WELL_KNOWN_DOCUMENTS: JSON.stringify({ [name]: {} }) })
  t.throws(() => buildExport(targetOf('cloudflare'), [named('404.html')], false), {
    code: 'ERR_EXPORT',
    messages: ['.well-known/matrix/404.html: the name of a document, and of another file that this host needs; ' +
      'rename the document']
  })
  t.throws(() => buildExport(targetOf('netlify'), [named('404.json')], true), { code: 'ERR_EXPORT' })
  t.equal(buildExport(targetOf('cloudflare'), [named('404.json')], false).files.length, 4)
})

t.test('warns of what a host or proxy does with some documents', async t => {
  const warningsOf = (name: TargetName, ...sites: SiteToExport[]): readonly string[] | undefined =>
    buildExport(targetOf(name), sites, sites.length > 1).warnings
  const many = Object.fromEntries(Array.from({ length: 96 }, (_, index) => [`document-${index}`, {}]))
  const fewer = Object.fromEntries(Object.entries(many).slice(1))
  const withDocuments = (content: object): SiteToExport =>
    site('example.com', { EXTRA_WELL_KNOWN_DOCUMENTS: JSON.stringify(content) })
  t.strictSame(warningsOf('cloudflare', withDocuments(fewer)), [])
  t.strictSame(warningsOf('cloudflare', withDocuments(many)),
    ['_headers has 101 rules, but Cloudflare reads only the first 100.'])
  t.strictSame(warningsOf('cloudflare', withDocuments({ 'a.html': {} })),
    ['Cloudflare redirects /.well-known/matrix/a.html to a path without ".html": use another name.'])
  t.strictSame(warningsOf('nginx', withDocuments({ a: {} })), [])
  t.strictSame(warningsOf('nginx', site('a.example'), withEverything), [
    'example.com: nginx can\'t write "$" in a server block: copy matrix-well-known-dollar.conf to ' +
    "/etc/nginx/conf.d/. It has: geo $matrix_well_known_dollar { default '$'; }"
  ])
  t.strictSame(warningsOf('haproxy', withDocuments({ a: { b: 'x'.repeat(14_000) } })), [])
  t.strictSame(warningsOf('haproxy', withDocuments({ a: { b: 'x'.repeat(14_400) } })),
    ['A response has to fit in a buffer, so the snippet sets tune.bufsize to 17408, for all connections.'])
})
