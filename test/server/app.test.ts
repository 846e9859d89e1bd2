import { METHODS } from 'node:http'
import t from 'tap'
import { startApp } from '../support/app.ts'
import { request, requestAll } from '../support/http.ts'
import {
  allow, cors, errorHeaders, json, matrixError, noStore, nosniff, withoutConnection
} from '../support/public-headers.ts'

const key = '6yhHGKhCiXTSEN2ksjV7kXwN6rBQZ3XbwM7LlC6NSws'
const everything = {
  M_SERVER: 'matrix.example.com:443',
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com/',
  EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.name":"Zoë"}',
  SUPPORT_PAGE: 'https://example.com/help',
  POLICY_SERVER_ED25519: key
}
const serverPath = '/.well-known/matrix/server'
const bodies = {
  [serverPath]: '{"m.server":"matrix.example.com:443"}',
  '/.well-known/matrix/client': '{"m.homeserver":{"base_url":"https://matrix.example.com"},"com.example.name":"Zoë"}',
  '/.well-known/matrix/support': '{"support_page":"https://example.com/help"}',
  '/.well-known/matrix/policy_server': `{"public_keys":{"ed25519":"${key}"}}`
}
const methodNotAllowed = matrixError('M_UNRECOGNIZED', 'Method not allowed: use GET, HEAD, OPTIONS')

t.test('each configured document is served byte for byte', async t => {
  const { port } = await startApp(t, everything)
  for (const [path, body] of Object.entries(bodies)) {
    const response = await request(port, path)
    t.equal(response.status, 200, path)
    t.equal(response.body, body, path)
    const [etag = ''] = response.headers['etag'] ?? []
    t.match(etag, /^"[0-9a-f]{16}"$/)
    const caching = { 'cache-control': ['public, max-age=3600'], etag: [etag] }
    const headers = { ...cors, ...nosniff, ...json, ...caching, 'content-length': [String(Buffer.byteLength(body))] }
    t.strictSame(withoutConnection(response).headers, headers, `${path} has these headers and no others`)
    const head = await request(port, path, 'HEAD')
    t.strictSame(withoutConnection(head), { status: 200, headers, body: '' }, `HEAD ${path}`)

    const unchanged = { status: 304, headers: { ...cors, ...nosniff, ...caching }, body: '' }
    for (const method of ['GET', 'HEAD']) {
      const again = await request(port, path, method, [`If-None-Match: ${etag}`])
      t.strictSame(withoutConnection(again), unchanged, `${method} ${path} again`)
    }
  }
})

t.test('If-None-Match can be a list, have weak tags, or be "*"', async t => {
  const { port } = await startApp(t)
  const [etag = ''] = (await request(port, serverPath)).headers['etag'] ?? []
  const cases: [lines: string[], status: number][] = [
    [['If-None-Match: *'], 304],
    [[`If-None-Match: W/${etag}`], 304],
    [[`If-None-Match: "a", W/"b" ,${etag}`], 304],
    [['If-None-Match: "a"', `If-None-Match: ${etag}`], 304],
    [[`If-None-Match: "a,${etag}"`], 200],
    [['If-None-Match: "a", "*"'], 200],
    [[`If-None-Match: ${etag.replaceAll('"', '')}`], 200],
    [['If-None-Match:'], 200]
  ]
  for (const [lines, status] of cases) {
    t.equal((await request(port, serverPath, 'GET', lines)).status, status, lines.join())
  }
  const missing = await request(port, '/.well-known/matrix/client', 'GET', ['If-None-Match: *'])
  t.equal(missing.status, 404, "a document that isn't configured has no tag")
})

t.test('If-Match with another tag is 412', async t => {
  const { port } = await startApp(t)
  t.match(await request(port, serverPath, 'GET', ['If-Match: "other"']), { status: 412, headers: errorHeaders })
  t.equal((await request(port, serverPath, 'GET', ['If-Match: *'])).status, 200)
})

t.test('the ETag depends on the content of the document', async t => {
  const etags = await Promise.all(['a.example:1', 'b.example:1', 'a.example:1'].map(async M_SERVER => {
    const { port } = await startApp(t, { M_SERVER })
    return (await request(port, serverPath)).headers['etag']?.[0]
  }))
  t.equal(etags[0], etags[2])
  t.not(etags[0], etags[1])
})

t.test('CACHE_MAX_AGE is in Cache-Control', async t => {
  const { port } = await startApp(t, { CACHE_MAX_AGE: '600' })
  t.strictSame((await request(port, serverPath)).headers['cache-control'], ['public, max-age=600'])
})

t.test("a document that isn't configured is 404 M_NOT_FOUND", async t => {
  const { port } = await startApp(t, { SERVE_SERVER_WELLKNOWN: 'false' })
  for (const path of Object.keys(bodies)) {
    const body = matrixError('M_NOT_FOUND', `${path} is not configured`)
    const headers = { ...errorHeaders, 'content-length': [String(body.length)] }
    t.strictSame(withoutConnection(await request(port, path)), { status: 404, headers, body }, path)
    t.strictSame(withoutConnection(await request(port, path, 'HEAD')), { status: 404, headers, body: '' }, path)
  }
})

t.test('any other path is 404 M_UNRECOGNIZED and names the path that arrived', async t => {
  const { port } = await startApp(t, everything)
  const paths = [
    '/', '/server', '/.well-known/matrix', '/.well-known/matrix/', '/.well-known/matrix/server/',
    '/.well-known/matrix/servers', '//.well-known/matrix/server', '/.well-known//matrix/server',
    '/.WELL-KNOWN/matrix/server', '/x/.well-known/matrix/server', '/.well-known/matrix/./server', '/health/',
    '/%2e%2e/', '/.well-known/matrix%2Fserver', '/"><script>'
  ]
  for (const path of paths) {
    const { status, headers, body } = await request(port, `${path}?token=secret`)
    t.equal(status, 404, path)
    t.match(headers, errorHeaders)
    const { errcode, error }: Record<string, string> = JSON.parse(body)
    t.equal(errcode, 'M_UNRECOGNIZED')
    t.equal(error?.split('. Documents')[0], `No such path: ${path}`)
  }
  const { body } = await request(port, `/${'a'.repeat(500)}`)
  t.ok(body.includes(`/${'a'.repeat(198)}….`), 'a long path is shortened')
  for (const type of ['application/json', 'nonsense///']) {
    const response = await request(port, '/nothing', 'POST', [`Content-Type: ${type}`, 'Content-Length: 1', '', 'x'])
    t.equal(response.status, 404, 'the body does not matter')
  }
})

t.test('another method on a known path is 405 with Allow', async t => {
  const { port } = await startApp(t, { M_SERVER: 'matrix.example.com:443' })
  const headers = { ...errorHeaders, ...allow, 'content-length': [String(methodNotAllowed.length)] }
  for (const method of METHODS.filter(method => !['GET', 'HEAD', 'OPTIONS', 'CONNECT'].includes(method))) {
    const response = withoutConnection(await request(port, serverPath, method))
    t.strictSame(response, { status: 405, headers, body: methodNotAllowed }, method)
  }
  t.equal((await request(port, '/.well-known/matrix/client', 'POST')).status, 405, 'also if it is not configured')
  const forms = [
    `${serverPath}?a=b`, '/.well-known/matrix/serve%72', `${serverPath}#x?y`, '/%68ealth', 'http://example.com/health?x'
  ]
  for (const path of forms) {
    for (const method of ['POST', 'PROPFIND']) t.equal((await request(port, path, method)).status, 405, path)
  }
})

t.test('OPTIONS is 204 with CORS on any path, with Allow on a known one, whether it is a preflight or not', async t => {
  const { port } = await startApp(t)
  const origin = 'Origin: https://app.example'
  const preflight = [origin, 'Access-Control-Request-Method: PUT', 'Access-Control-Request-Headers: X-Custom']
  const paths = [serverPath, '/.well-known/matrix/client', '/nothing', '*', `/${'a'.repeat(500)}`, '/%zz']
  for (const path of paths) {
    const headers = { ...cors, ...nosniff, ...path in bodies && allow }
    for (const lines of [[], [origin], preflight]) {
      const response = withoutConnection(await request(port, path, 'OPTIONS', lines))
      t.strictSame(response, { status: 204, headers, body: '' }, path.slice(0, 40))
    }
  }
})

t.test('an Origin makes no difference', async t => {
  const { port } = await startApp(t)
  const { status, headers } = await request(port, serverPath, 'GET', ['Origin: https://app.example'])
  t.equal(status, 200)
  t.match(headers, cors)
  t.notOk('vary' in headers)
})

t.test('/health is for probes: no CORS, never cached', async t => {
  const { port } = await startApp(t)
  const headers = { ...noStore, ...json, 'content-length': ['15'] }
  const get = await request(port, '/health')
  t.strictSame(withoutConnection(get), { status: 200, headers, body: '{"status":"ok"}' })
  t.strictSame(withoutConnection(await request(port, '/health', 'HEAD')), { status: 200, headers, body: '' })
  const options = await request(port, '/health', 'OPTIONS')
  t.strictSame(withoutConnection(options), { status: 204, headers: allow, body: '' })
  for (const method of ['POST', 'PROPFIND']) {
    const length = { 'content-length': [String(methodNotAllowed.length)] }
    t.strictSame(withoutConnection(await request(port, '/health', method)),
      { status: 405, headers: { ...noStore, ...json, ...allow, ...length }, body: methodNotAllowed })
  }
})

t.test('HTTP/1.0, keep-alive and pipelining work', async t => {
  const { port } = await startApp(t, { M_SERVER: 'matrix.example.com:443' })
  const old = await requestAll(port, `GET ${serverPath} HTTP/1.0\r\n\r\n`)
  t.match(old, [{ status: 200, headers: { connection: ['close'] }, body: bodies[serverPath] }])

  const line = (method: string, path: string, more = ''): string =>
    `${method} ${path} HTTP/1.1\r\nHost: example.com\r\n${more}\r\n`
  const responses = await requestAll(port, [
    line('GET', '/health'),
    line('HEAD', serverPath),
    line('GET', '/nothing'),
    line('OPTIONS', '/nothing'),
    line('POST', serverPath, 'Content-Length: 5\r\n') + 'GET /',
    line('GET', serverPath, 'Connection: close\r\n')
  ].join(''), ['GET', 'HEAD', 'GET', 'OPTIONS', 'POST', 'GET'])
  t.strictSame(responses.map(({ status }) => status), [200, 200, 404, 204, 405, 200])
  t.equal(responses[0]?.headers['connection']?.[0], 'keep-alive')
  t.equal(responses[5]?.headers['connection']?.[0], 'close')
})

t.test('a request to upgrade to WebSocket gets the usual response, and the connection closes', async t => {
  const { port } = await startApp(t)
  const upgrade = `GET ${serverPath} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
  const [response, ...more] = await requestAll(port, `${upgrade}GET /health HTTP/1.1\r\nHost: a\r\n\r\n`)
  t.match(response, { status: 200, headers: { ...cors, connection: ['close'] } })
  t.strictSame(more, [])
})

t.test('a route with a schema is refused, because the compilers of schemas are not loaded', async t => {
  const schema = { querystring: { type: 'object' }, response: { 200: { type: 'object' } } }
  await t.rejects(startApp(t, {}, app => { app.get('/', { schema }, async () => ({})) }), {
    message: /routes with a schema aren't supported/
  })
})

t.test('hooks run for every response, and onListen once', async t => {
  const seen: string[] = []
  const { port } = await startApp(t, { LOG_REQUESTS: 'true' }, app => {
    app.addHook('onListen', async () => { seen.push('onListen') })
    app.addHook('onRequest', async () => { seen.push('onRequest') })
    app.addHook('onSend', async (_request, reply) => {
      seen.push('onSend')
      reply.header('X-Added', 'yes')
    })
    app.addHook('onResponse', async () => { seen.push('onResponse') })
  })
  t.strictSame(seen, ['onListen'])
  const cases: [method: string, path: string, status: number][] = [
    ['GET', serverPath, 200],
    ['POST', serverPath, 405],
    ['PROPFIND', serverPath, 405],
    ['OPTIONS', serverPath, 204],
    ['GET', '/.well-known/matrix/client', 404],
    ['GET', '/nothing', 404],
    ['OPTIONS', '/nothing', 204],
    ['GET', '/health', 200],
    ['PUT', '/health', 405],
    ['LOCK', '/health', 405]
  ]
  for (const [method, path, status] of cases) {
    seen.length = 0
    t.match(await request(port, path, method), { status, headers: { 'x-added': ['yes'] } }, `${method} ${path}`)
    t.strictSame(seen, ['onRequest', 'onSend', 'onResponse'])
  }
})

t.test('an error of the program is a 500 without details, and is logged', async t => {
  const { port, lines } = await startApp(t, {}, app => {
    app.get('/fail', () => { throw new Error('on purpose') })
  })
  const body = matrixError('M_UNKNOWN', 'Internal server error')
  t.match(await request(port, '/fail'), { status: 500, headers: errorHeaders, body })
  t.match(lines, [{ level: 'error', err: { message: 'on purpose' }, msg: 'a request failed' }])
})
