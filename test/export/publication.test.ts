import t from 'tap'
import { loadSiteConfig } from '../../src/config/site-config.ts'
import { headersOf } from '../../src/export/publication.ts'
import { documentPath } from '../../src/site/documents.ts'
import { respond } from '../../src/site/responses.ts'
import { publicationOf } from '../support/publication.ts'

t.test('the responses are those of the server', async t => {
  const environment = {
    SERVER_NAME: 'example.com:8448',
    HOST_ALIASES: 'example.org',
    M_HOMESERVER_BASE_URL: 'https://m.example.com',
    EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{"a":1}}',
    CACHE_MAX_AGE: '600'
  }
  const { site } = loadSiteConfig(environment)
  const { documents, missing, serverName, hosts, methodNotAllowed, options } = publicationOf(environment)
  t.strictSame(documents.map(({ name }) => name), ['server', 'client', 'mautrix'])
  t.strictSame(missing.map(({ name }) => name), ['support', 'policy_server'])
  for (const { name, path, response } of [...documents, ...missing]) {
    t.equal(path, documentPath(name))
    t.strictSame(response, respond(site, { method: 'GET', path, headers: {} }), path)
  }
  t.strictSame(methodNotAllowed, respond(site, { method: 'POST', path: documentPath('server'), headers: {} }))
  t.strictSame(options, respond(site, { method: 'OPTIONS', path: documentPath('server'), headers: {} }))
  t.equal(serverName, 'example.com:8448')
  t.strictSame(hosts, ['example.com', 'example.org'])
})

t.test('headers have the names that people write', async t => {
  const [server] = publicationOf({ CACHE_MAX_AGE: '600' }).documents
  t.strictSame(server && headersOf(server.response), [
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE, OPTIONS'],
    ['Access-Control-Allow-Headers', 'X-Requested-With, Content-Type, Authorization'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Cache-Control', 'public, max-age=600'],
    ['Content-Type', 'application/json']
  ])
})
