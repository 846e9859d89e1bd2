import { gunzipSync } from 'node:zlib'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { matrixWellKnown } from '../src/fastify.ts'
import type { Site } from '../src/fastify.ts'
import { emptySite } from './support/empty-site.ts'

const environment = { SERVER_NAME: 'example.com', M_SERVER: 'matrix.example.com:443' }
const path = '/.well-known/matrix/server'
const body = '{"m.server":"matrix.example.com:443"}'
const site: Site = { ...emptySite, delegatedServer: 'matrix.example.com:443' }

/** One request for each kind of response. */
const requests = [
  { method: 'GET', url: path, status: 200 },
  { method: 'HEAD', url: path, status: 200 },
  { method: 'GET', url: path, headers: { 'if-none-match': '*' }, status: 304 },
  { method: 'GET', url: path, headers: { 'if-match': '"other"' }, status: 412 },
  { method: 'OPTIONS', url: path, status: 204 },
  { method: 'POST', url: path, status: 405 },
  { method: 'GET', url: '/.well-known/matrix/client', status: 404 },
  { method: 'GET', url: '/.well-known/matrix/nothing', status: 404 }
] as const

/** An app that has content of its own, with its own handlers. */
function buildHost (): FastifyInstance {
  const app = fastify()
  app.setNotFoundHandler((_request, reply) => { reply.code(404).send('not found, says the host') })
  app.setErrorHandler((_error, _request, reply) => { reply.code(500).send('error, says the host') })
  app.post('/echo', async request => request.body)
  app.get('/fail', async () => { throw new Error('on purpose') })
  return app
}

t.test('a site and the environment that it is built from are served alike', async t => {
  for (const options of [{ site }, { environment }]) {
    const app = buildHost()
    app.register(matrixWellKnown, options)
    for (const { status, ...request } of requests) {
      const response = await app.inject(request)
      t.equal(response.statusCode, status, `${request.method} ${request.url}`)
      t.equal(response.headers['access-control-allow-origin'], '*')
    }
    const { headers, body: text } = await app.inject(path)
    t.equal(headers['content-type'], 'application/json')
    t.equal(text, body)
    await app.close()
  }
})

t.test("all hooks of the app run, and its plugins' headers are added", async t => {
  const app = buildHost()
  await app.register(helmet)
  await app.register(compress, { threshold: 0 })
  const seen: string[] = []
  app.addHook('onRequest', async () => { seen.push('onRequest') })
  app.register(matrixWellKnown, { environment })
  // Hooks that are added after the plugin run, too.
  app.addHook('onSend', async () => { seen.push('onSend') })
  app.addHook('onResponse', async () => { seen.push('onResponse') })
  for (const { status, ...request } of requests) {
    seen.length = 0
    const response = await app.inject(request)
    t.equal(response.statusCode, status, `${request.method} ${request.url}`)
    t.equal(response.headers['x-frame-options'], 'SAMEORIGIN')
    t.strictSame(seen, ['onRequest', 'onSend', 'onResponse'])
  }
  const zipped = await app.inject({ url: path, headers: { 'accept-encoding': 'gzip' } })
  t.match(zipped.headers, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
  t.equal(gunzipSync(zipped.rawPayload).toString(), body)
  await app.close()
})

t.test('the CORS headers are those of Matrix, whatever @fastify/cors does for the rest of the app', async t => {
  const app = buildHost()
  await app.register(cors, { origin: 'https://app.example', credentials: true })
  app.register(matrixWellKnown, { environment })
  const headers = { origin: 'https://element.example', 'access-control-request-method': 'GET' }
  for (const method of ['GET', 'OPTIONS'] as const) {
    const response = await app.inject({ method, url: path, headers })
    t.match(response.headers, {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
      'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization'
    })
    t.notOk('access-control-allow-credentials' in response.headers)
  }
  const elsewhere = await app.inject({ url: '/nothing', headers })
  t.equal(elsewhere.headers['access-control-allow-origin'], 'https://app.example')
  await app.close()
})

t.test('the rest of the app is not changed', async t => {
  const app = buildHost()
  app.register(matrixWellKnown, { environment })
  t.equal((await app.inject({ method: 'POST', url: '/echo', payload: { a: 1 } })).body, '{"a":1}')
  t.equal((await app.inject({ method: 'OPTIONS', url: '/echo' })).statusCode, 404)
  for (const url of ['/', '/health', '/.well-known/matrix', '/.well-known/other']) {
    const response = await app.inject(url)
    t.match(response, { statusCode: 404, body: 'not found, says the host' }, url)
    t.notOk('access-control-allow-origin' in response.headers)
  }
  t.match(await app.inject('/fail'), { statusCode: 500, body: 'error, says the host' })
  await app.close()
})

t.test('a body is ignored, whatever its Content-Type', async t => {
  const app = buildHost()
  app.register(matrixWellKnown, { environment })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY']) {
    for (const type of [undefined, 'application/json', 'text/html', 'nonsense///']) {
      const headers = type === undefined ? {} : { 'content-type': type }
      const response = await fetch(`${origin}${path}`, { method, headers, body: '{' })
      t.equal(response.status, 405, `${method} ${type}`)
      t.equal(response.headers.get('allow'), 'GET, HEAD, OPTIONS')
    }
  }
  await app.close()
})

t.test('a route of the app for another document takes precedence', async t => {
  const app = buildHost()
  app.register(matrixWellKnown, { environment })
  app.get('/.well-known/matrix/mautrix', async () => 'by the host')
  t.equal((await app.inject('/.well-known/matrix/mautrix')).body, 'by the host')
  await app.close()
})

t.test('a prefix is rejected, and so are wrong settings', async t => {
  const message = 'The prefix "/matrix" isn\'t allowed: Matrix clients and servers look for /.well-known/matrix/… ' +
    'at the root of a host'
  await t.rejects(async () => await fastify().register(matrixWellKnown, { environment, prefix: '/matrix' }), {
    code: 'ERR_PREFIX',
    message
  })
  await t.rejects(async () => await fastify().register(async app => {
    app.register(matrixWellKnown, { environment })
  }, { prefix: '/matrix' }).ready(), { message })
  await t.rejects(async () => await fastify().register(matrixWellKnown, { environment: {} }), {
    code: 'ERR_CONFIG',
    message: /^SERVER_NAME isn't set/
  })
  await t.rejects(async () => await fastify().register(matrixWellKnown, JSON.parse('{}')), {
    name: 'TypeError',
    message: 'matrixWellKnown has no option "site", "sites" or "environment"; use one, for example { environment }'
  })
})

t.test('of several sites, the host of a request selects one', async t => {
  const other: Site = {
    ...site,
    serverName: 'other.example:8448',
    hostAliases: ['www.other.example'],
    delegatedServer: 'm.other.example:443'
  }
  const app = fastify()
  await app.register(matrixWellKnown, { sites: [site, other] })
  const cases: Array<[host: string, server: string]> = [
    ['example.com', 'matrix.example.com:443'],
    ['EXAMPLE.com:443', 'matrix.example.com:443'],
    ['other.example', 'm.other.example:443'],
    ['www.other.example', 'm.other.example:443']
  ]
  for (const [host, server] of cases) {
    const response = await app.inject({ url: path, headers: { host } })
    t.strictSame(response.json(), { 'm.server': server }, host)
  }
  const unknown = await app.inject({ url: path, headers: { host: 'unknown.example' } })
  t.equal(unknown.statusCode, 404)
  t.match(unknown.json(), { errcode: 'M_NOT_FOUND', error: /"unknown\.example"/ })
})

t.test('two sites with the same host are refused, and each host is named', async t => {
  const other = { ...site, serverName: 'other.example', hostAliases: ['www.example'] }
  const third = { ...site, hostAliases: ['WWW.example'] }
  await t.rejects(async () => await fastify().register(matrixWellKnown, { sites: [site, other, third] }), {
    name: 'TypeError',
    message: 'matrixWellKnown: "example.com" is a host of example.com and example.com, ' +
      '"www.example" is a host of other.example and example.com; keep each in only one site'
  })
})

t.test('warnings about settings go to the log of the app', async t => {
  const lines: string[] = []
  const app = fastify({ logger: { stream: { write: (line: string) => { lines.push(line) } } } })
  await app.register(matrixWellKnown, { environment: { SERVER_NAME: 'example.com', SERVE_SERVER_WELLKNOWN: 'false' } })
  t.match(lines.map(line => JSON.parse(line)), [{ level: 40, msg: /nothing is served/ }])
  await app.close()
})

t.test('another version of Fastify is refused', async t => {
  await t.rejects(matrixWellKnown({ prefix: '', version: '4.29.1' }, { environment }), {
    name: 'TypeError', message: 'Fastify is 4.29.1: matrixWellKnown needs version 5; update it'
  })
})
