import t from 'tap'
import { loadSite } from '../../src/config/site-config.ts'
import { shorten } from '../../src/matrix/short-text.ts'
import { buildHostDirectory, respondFrom } from '../../src/site/directory.ts'
import { hostsOf } from '../../src/site/hosts.ts'
import { buildResponses } from '../../src/site/responses.ts'

const path = '/.well-known/matrix/server'
const settings = [
  { SERVER_NAME: 'Example.com:8448', HOST_ALIASES: 'matrix.example.com,example.COM' },
  { SERVER_NAME: 'xn--bcher-kva.example' },
  { SERVER_NAME: '[2001:db8::1]' },
  { SERVER_NAME: '192.0.2.1' }
]
const sites = settings.map(environment => loadSite(environment))
const byHost = new Map(sites.flatMap(site => hostsOf(site).map(host => [host, { responses: buildResponses(site) }])))
const other = buildResponses(loadSite({ SERVER_NAME: 'other.example' }))

t.test('a site has the host of its server name, and its aliases', async t => {
  t.strictSame(sites.map(hostsOf), [
    ['example.com', 'matrix.example.com'], ['xn--bcher-kva.example'], ['[2001:db8::1]'], ['192.0.2.1']
  ])
})

t.test('the host selects the site, however it is written', async t => {
  const cases: [host: string, serverName: string][] = [
    ['example.com', 'Example.com:8448'],
    ['EXAMPLE.com.:443', 'Example.com:8448'],
    ['matrix.example.com:', 'Example.com:8448'],
    ['Bücher.example', 'xn--bcher-kva.example:443'],
    ['XN--BCHER-KVA.example.', 'xn--bcher-kva.example:443'],
    ['[2001:DB8:0:0:0:0:0:1]:443', '[2001:db8::1]:443'],
    ['192.0.2.1:80', '192.0.2.1:443']
  ]
  const directory = buildHostDirectory(byHost)
  for (const [host, delegatedServer] of cases) {
    const { body } = respondFrom(directory, host, { method: 'GET', path, headers: {} })
    t.equal(body, JSON.stringify({ 'm.server': delegatedServer }), host)
  }
})

const unknown = [
  '', '.', '*', ':443', 'www.example.com', 'com', 'example.com.evil.example', '__proto__', 'constructor', 'toString',
  '2001:db8::1', '[2001:db8::2]', '[', 'a@example.com', 'example.com/', 'b%FCcher.example', 'a"b<c>', 'x'.repeat(8_000)
]

t.test('another host gets a 404 that names it, cut if it is long', async t => {
  const directory = buildHostDirectory(byHost)
  for (const host of unknown) {
    const { status, body } = respondFrom(directory, host, { method: 'GET', path, headers: {} })
    const shown = shorten(host, 200)
    t.equal(status, 404)
    t.strictSame(JSON.parse(body), {
      errcode: 'M_NOT_FOUND', error: `No documents are configured for the host ${JSON.stringify(shown)}`
    })
  }
})

t.test('or the documents of the site for all other hosts', async t => {
  const directory = buildHostDirectory(byHost, other)
  for (const host of unknown) {
    t.match(respondFrom(directory, host, { method: 'GET', path, headers: {} }), { status: 200, body: /other\.example/ })
  }
})
