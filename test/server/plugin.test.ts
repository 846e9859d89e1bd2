import fastify from 'fastify'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { wellKnown } from '../../src/server/plugin.ts'
import { buildDirectory } from '../../src/site/directory.ts'
import type { SiteDirectory } from '../../src/site/directory.ts'

const path = '/.well-known/matrix/server'

function directoryOf (M_SERVER: string): SiteDirectory {
  return buildDirectory(loadConfig({ SERVER_NAME: 'example.com', M_SERVER }).site)
}

t.test('a replaced directory is used from the next request on', async t => {
  let directory = directoryOf('a.example:443')
  const app = fastify()
  app.register(wellKnown, { directory: () => directory })
  t.equal((await app.inject(path)).body, '{"m.server":"a.example:443"}')
  directory = directoryOf('b.example:443')
  t.equal((await app.inject(path)).body, '{"m.server":"b.example:443"}')
  await app.close()
})

t.test('the Host of a request selects the site', async t => {
  const sites = new Map(['a.example', 'b.example'].map(host => [host, directoryOf(`${host}:443`).find(host)]))
  const app = fastify({ trustProxy: 'loopback' })
  app.register(wellKnown, { directory: () => ({ find: host => sites.get(host) }) })
  const get = { method: 'GET', url: path } as const
  t.equal((await app.inject({ ...get, headers: { host: 'a.example' } })).body, '{"m.server":"a.example:443"}')
  const forwarded = { host: 'a.example', 'x-forwarded-host': 'b.example' }
  t.equal((await app.inject({ ...get, headers: forwarded })).body, '{"m.server":"b.example:443"}')

  const headers = { host: 'c.example' }
  const unknown = await app.inject({ ...get, headers })
  t.match(unknown, { statusCode: 404, headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-store' } })
  t.match(unknown.json(), { errcode: 'M_NOT_FOUND', error: 'No documents are configured for the host "c.example"' })
  t.match(await app.inject({ method: 'HEAD', url: path, headers }), { statusCode: 404, body: '' })
  t.equal((await app.inject({ method: 'OPTIONS', url: path, headers })).statusCode, 204)
  await app.close()
})
