import { once } from 'node:events'
import { METHODS } from 'node:http'
import { connect } from 'node:net'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import t from 'tap'
import { limits } from '../../src/server/limits.ts'
import { startApp } from '../support/app.ts'
import { exchange, request, requestAll } from '../support/http.ts'

const everything = {
  M_SERVER: 'matrix.example.com:443',
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com/',
  EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.name":"Zoë"}',
  SUPPORT_PAGE: 'https://example.com/help',
  POLICY_SERVER_ED25519: '6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s'
}
const bodies = {
  '/.well-known/matrix/server': '{"m.server":"matrix.example.com:443"}',
  '/.well-known/matrix/client': '{"m.homeserver":{"base_url":"https://matrix.example.com"},"com.example.name":"Zoë"}',
  '/.well-known/matrix/support': '{"support_page":"https://example.com/help"}',
  '/.well-known/matrix/policy_server': '{"public_keys":{"ed25519":"6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s"}}'
}
const cors = {
  'access-control-allow-origin': ['*'],
  'access-control-allow-methods': ['GET, POST, PUT, DELETE, OPTIONS'],
  'access-control-allow-headers': ['X-Requested-With, Content-Type, Authorization']
}
const nosniff = { 'x-content-type-options': ['nosniff'] }
const json = { 'content-type': ['application/json'] }
const allow = { allow: ['GET, HEAD, OPTIONS'] }
const noStore = { 'cache-control': ['no-store'] }

/** The headers but those of the connection, which are Node's. */
function withoutConnection (headers: Readonly<Record<string, string[]>>): Record<string, string[]> {
  const { date, connection, 'keep-alive': keepAlive, ...rest } = headers
  return rest
}

t.test('serves each document that is configured, byte for byte', async t => {
  const { port } = await startApp(t, everything)
  for (const [path, body] of Object.entries(bodies)) {
    const response = await request(port, path)
    t.equal(response.status, 200, path)
    t.equal(response.body, body, path)
    const [etag = ''] = response.headers['etag'] ?? []
    t.match(etag, /^"[\w-]{22}"$/)
    const headers = { ...cors, ...nosniff, ...json, 'cache-control': ['public, max-age=3600'], etag: [etag], 'content-length': [String(Buffer.byteLength(body))] }
    t.strictSame(withoutConnection(response.headers), headers, `${path} has these headers and no others`)

    const head = await request(port, path, 'HEAD')
    t.strictSame({ ...head, headers: withoutConnection(head.headers) }, { status: 200, headers, body: '' }, `HEAD ${path}`)

    const { 'content-type': _type, 'content-length': _length, ...without } = headers
    for (const method of ['GET', 'HEAD']) {
      const unchanged = await request(port, path, method, [`If-None-Match: ${etag}`])
      t.strictSame({ ...unchanged, headers: withoutConnection(unchanged.headers) }, { status: 304, headers: without, body: '' }, `${method} ${path} again`)
    }
  }
})

t.test('reads If-None-Match as HTTP has it: lists, weak tags, "*"', async t => {
  const { port } = await startApp(t)
  const path = '/.well-known/matrix/server'
  const [etag = ''] = (await request(port, path)).headers['etag'] ?? []
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
  for (const [lines, status] of cases) t.equal((await request(port, path, 'GET', lines)).status, status, lines.join())
  t.equal((await request(port, '/.well-known/matrix/client', 'GET', ['If-None-Match: *'])).status, 404, 'there is nothing to be unchanged')
})

t.test('another setting is another ETag, the same setting the same', async t => {
  const etags = await Promise.all(['a.example:1', 'b.example:1', 'a.example:1'].map(async M_SERVER => {
    const { port } = await startApp(t, { M_SERVER })
    return (await request(port, '/.well-known/matrix/server')).headers['etag']?.[0]
  }))
  t.equal(etags[0], etags[2])
  t.not(etags[0], etags[1])
})

t.test('CACHE_MAX_AGE is what readers are told', async t => {
  const { port } = await startApp(t, { CACHE_MAX_AGE: '600' })
  t.strictSame((await request(port, '/.well-known/matrix/server')).headers['cache-control'], ['public, max-age=600'])
})

t.test('a document that is not configured is 404 M_NOT_FOUND', async t => {
  const { port } = await startApp(t, { SERVE_SERVER_WELLKNOWN: 'false' })
  for (const path of Object.keys(bodies)) {
    const { status, headers, body } = await request(port, path)
    const expected = `{"errcode":"M_NOT_FOUND","error":"${path} is not configured"}`
    t.strictSame({ status, body }, { status: 404, body: expected }, path)
    t.strictSame(withoutConnection(headers), { ...cors, ...nosniff, ...noStore, ...json, 'content-length': [String(expected.length)] })
    t.match(await request(port, path, 'HEAD'), { status: 404, headers: cors, body: '' })
  }
})

t.test('any other path is 404 M_UNRECOGNIZED and names what arrived', async t => {
  const { port } = await startApp(t, everything)
  const paths = ['/', '/server', '/.well-known/matrix', '/.well-known/matrix/', '/.well-known/matrix/server/', '/.well-known/matrix/servers',
    '//.well-known/matrix/server', '/.well-known//matrix/server', '/.WELL-KNOWN/matrix/server', '/x/.well-known/matrix/server', '/.well-known/matrix/./server',
    '/health/', '/%2e%2e/', '/.well-known/matrix%2Fserver', '/"><script>']
  for (const path of paths) {
    const { status, headers, body } = await request(port, `${path}?token=secret`)
    t.equal(status, 404, path)
    t.match(headers, { ...cors, ...nosniff, ...noStore, ...json })
    const { errcode, error } = JSON.parse(body) as Record<string, string>
    t.equal(errcode, 'M_UNRECOGNIZED')
    t.equal(error?.split('. Documents')[0], `No such path: ${path}`)
  }
  const { body } = await request(port, `/${'a'.repeat(500)}`)
  t.ok(body.includes(`/${'a'.repeat(199)}….`), 'a long path is cut')
  t.equal((await request(port, '/nothing', 'POST', ['Content-Type: nonsense///', 'Content-Length: 1', '', 'x'])).status, 404)
})

t.test('another method on a known path is 405 and says which are allowed', async t => {
  const { port } = await startApp(t, { M_SERVER: 'matrix.example.com:443' })
  const others = METHODS.filter(method => !['GET', 'HEAD', 'OPTIONS', 'CONNECT'].includes(method))
  for (const method of others) {
    const { status, headers, body } = await request(port, '/.well-known/matrix/server', method)
    const expected = '{"errcode":"M_UNRECOGNIZED","error":"Method not allowed: use GET, HEAD, OPTIONS"}'
    t.strictSame({ status, body }, { status: 405, body: expected }, method)
    t.strictSame(withoutConnection(headers), { ...cors, ...nosniff, ...noStore, ...json, allow: ['GET, HEAD, OPTIONS'], 'content-length': [String(expected.length)] })
  }
  t.equal((await request(port, '/.well-known/matrix/client', 'POST')).status, 405, 'on a document that is not configured, too')
  t.equal((await request(port, '/.well-known/matrix/server?a=b', 'POST')).status, 405, 'with a query, too')
  for (const path of ['/.well-known/matrix/serve%72', '/.well-known/matrix/server#x?y', '/%68ealth', 'http://example.com/health?x']) {
    t.equal((await request(port, path, 'POST')).status, 405, path)
  }
  t.equal((await request(port, '/nothing#%zz', 'POST')).status, 404, 'a fragment, which has no business there, is no matter')
  for (const path of ['/%zz', '/%', '/%c3%28?x', '/.well-known/%ff', 'http://example.com/%E0%A4%A#x']) t.equal((await request(port, path, 'POST')).status, 400, path)
  t.match(await requestAll(port, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'), [{ status: 405, headers: { ...cors, connection: ['close'] } }])
})

t.test('OPTIONS is 204 with CORS on any path, a preflight or not', async t => {
  const { port } = await startApp(t)
  const preflight = ['Origin: https://app.example', 'Access-Control-Request-Method: PUT', 'Access-Control-Request-Headers: X-Custom']
  for (const path of ['/.well-known/matrix/server', '/.well-known/matrix/client', '/nothing', '*', `/${'a'.repeat(500)}`, '/%zz']) {
    for (const lines of [[], ['Origin: https://app.example'], preflight]) {
      const { status, headers, body } = await request(port, path, 'OPTIONS', lines)
      const expected = { ...cors, ...nosniff, ...path in bodies && allow }
      t.strictSame({ status, headers: withoutConnection(headers), body }, { status: 204, headers: expected, body: '' }, path.slice(0, 40))
    }
  }
})

t.test('an Origin makes no difference', async t => {
  const { port } = await startApp(t)
  const { status, headers } = await request(port, '/.well-known/matrix/server', 'GET', ['Origin: https://app.example'])
  t.equal(status, 200)
  t.match(headers, cors)
  t.notOk('vary' in headers)
})

t.test('/health is for probes: no CORS, never cached', async t => {
  const { port } = await startApp(t)
  const headers = { ...noStore, ...json, 'content-length': ['15'] }
  const get = await request(port, '/health')
  t.strictSame({ ...get, headers: withoutConnection(get.headers) }, { status: 200, headers, body: '{"status":"ok"}' })
  const head = await request(port, '/health', 'HEAD')
  t.strictSame({ ...head, headers: withoutConnection(head.headers) }, { status: 200, headers, body: '' })
  const options = await request(port, '/health', 'OPTIONS')
  t.strictSame({ ...options, headers: withoutConnection(options.headers) }, { status: 204, headers: { allow: ['GET, HEAD, OPTIONS'] }, body: '' })
  const post = await request(port, '/health', 'POST')
  t.match(post, { status: 405, headers: { allow: ['GET, HEAD, OPTIONS'] } })
  t.notOk('access-control-allow-origin' in post.headers)
})

t.test('takes request targets in every form that HTTP has', async t => {
  const { port } = await startApp(t, { M_SERVER: 'matrix.example.com:443' })
  const body = '{"m.server":"matrix.example.com:443"}'
  const targets = [
    '/.well-known/matrix/server?', '/.well-known/matrix/server?a=b&c=%zz', 'http://example.com/.well-known/matrix/server',
    'https://elsewhere.example:8448/.well-known/matrix/server?x', '/.well-known/matrix/serve%72'
  ]
  for (const target of targets) t.match(await request(port, target), { status: 200, body }, target)
  const bad = '{"errcode":"M_UNRECOGNIZED","error":"Bad request target: /%zz"}'
  t.match(await request(port, '/%zz?secret'), { status: 400, headers: { ...cors, ...nosniff, ...noStore, ...json }, body: bad })
})

t.test('speaks HTTP/1.0, keeps connections alive and answers pipelined requests in their order', async t => {
  const { port } = await startApp(t, { M_SERVER: 'matrix.example.com:443' })
  const old = await requestAll(port, 'GET /.well-known/matrix/server HTTP/1.0\r\n\r\n')
  t.match(old, [{ status: 200, headers: { connection: ['close'] }, body: '{"m.server":"matrix.example.com:443"}' }])

  const line = (method: string, path: string, more = ''): string => `${method} ${path} HTTP/1.1\r\nHost: example.com\r\n${more}\r\n`
  const responses = await requestAll(port, [
    line('GET', '/health'), line('HEAD', '/.well-known/matrix/server'), line('GET', '/nothing'), line('OPTIONS', '/nothing'),
    line('POST', '/.well-known/matrix/server', 'Content-Length: 5\r\n') + 'GET /', line('GET', '/.well-known/matrix/server', 'Connection: close\r\n')
  ].join(''), ['GET', 'HEAD', 'GET', 'OPTIONS', 'POST', 'GET'])
  t.strictSame(responses.map(({ status }) => status), [200, 200, 404, 204, 405, 200])
  t.equal(responses[0]?.headers['connection']?.[0], 'keep-alive')
  t.equal(responses[5]?.headers['connection']?.[0], 'close')

  const [first, second] = await requestAll(port, line('GET', '/health') + 'nonsense\r\n\r\n')
  t.equal(first?.status, 200, 'what can not be read does not take the place of an answer before it')
  t.equal(second?.status, 400)
})

t.test('what can not be read gets its answer after those of all requests before it', async t => {
  const { port } = await startApp(t)
  const before = ['/a', '/b', '/c'].map(path => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join('')
  for (const [bytes, status] of [['nonsense\r\n\r\n', 400], ['CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 405]] as const) {
    const responses = await requestAll(port, before + bytes)
    t.strictSame(responses.map(response => response.status), [404, 404, 404, status])
    t.strictSame(responses.slice(0, 3).map(({ body }) => /path: (\/.)\./.exec(body)?.[1]), ['/a', '/b', '/c'])
  }
})

t.test('a client that asks for a tunnel and resets the connection does no harm', async t => {
  const { app, port } = await startApp(t)
  const client = connect(port, '127.0.0.1').on('error', () => {})
  client.write('CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n')
  const [, socket] = await once(app.server, 'connect') as [IncomingMessage, Socket]
  client.resetAndDestroy()
  await new Promise(resolve => socket.once('close', resolve))
  t.equal((await request(port, '/health')).status, 200)
})

t.test('what can not be read gets no answer while the one before it is not taken', async t => {
  const { app, port } = await startApp(t)
  // As if the client took nothing.
  app.server.prependListener('clientError', (_error, socket) => socket.cork())
  const responses = await requestAll(port, ['/a', '/b'].map(path => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join('') + 'nonsense\r\n\r\n')
  t.strictSame(responses.map(({ status }) => status), [404, 404])
})

t.test('what is no HTTP request gets a Matrix error, and the connection closes', async t => {
  const { port } = await startApp(t)
  const cases: [bytes: string | Buffer, status: number, error: string][] = [
    ['nonsense\r\n\r\n', 400, 'Not an HTTP request'],
    [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), 400, 'Not an HTTP request'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'Not an HTTP request'],
    ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, 'Not an HTTP request'],
    ['GET / HTTP/1.1\r\nH@st: a\r\n\r\n', 400, 'Not an HTTP request'],
    [`GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(limits.maxHeaderSize)}\r\n\r\n`, 431, 'The request line and headers are longer than 16384 bytes']
  ]
  for (const [bytes, status, error] of cases) {
    const [response, ...more] = await requestAll(port, bytes)
    t.equal(response?.status, status)
    t.match(response?.headers, { ...cors, ...nosniff, ...noStore, ...json, connection: ['close'], date: [/GMT$/] })
    t.strictSame(JSON.parse(response?.body ?? ''), { errcode: 'M_UNRECOGNIZED', error })
    t.strictSame(more, [])
  }
})

t.test('what is too much of a request is refused', async t => {
  const { port } = await startApp(t)
  const headers = { ...cors, ...nosniff, ...noStore, ...json }
  const path = '/.well-known/matrix/server'
  const query = 'x'.repeat(limits.maxTargetLength - path.length - 1)
  t.equal((await request(port, `${path}?${query}`)).status, 200)
  t.match(await request(port, `${path}?${query}x`), { status: 414, headers, body: '{"errcode":"M_UNRECOGNIZED","error":"The request target is longer than 8000 bytes"}' })
  t.match(await request(port, `/%zz${path}${query}`), { status: 414 })

  const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => `X-${i}: y`)
  t.equal((await request(port, path, 'GET', lines(98))).status, 200, 'Host, Connection and 98 more')
  t.match(await request(port, path, 'GET', lines(99)), { status: 431, headers, body: '{"errcode":"M_UNRECOGNIZED","error":"More than 100 header lines"}' })
  t.equal((await request(port, path, 'GET', lines(900))).status, 431)
  for (const bytes of [`GET /${query}${query} HTTP/1.1\r\nHost: a\r\n\r\n`, `GET ${path} HTTP/1.1\r\n${lines(101).join('\r\n')}\r\n\r\n`, `GET ${path} HTTP/1.1\r\n\r\n`, 'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n']) {
    t.match(await requestAll(port, bytes), [{ headers: { connection: ['close'] } }], 'and the connection closes')
  }

  t.match(await requestAll(port, `GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`), [{ status: 400, headers, body: '{"errcode":"M_UNRECOGNIZED","error":"HTTP/1.1 requires a Host header"}' }])
})

t.test('answers before the body, which is never read', async t => {
  const { port } = await startApp(t)
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.write('PUT /.well-known/matrix/server HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\nx')
  const [chunk] = await new Promise<[Buffer]>(resolve => socket.once('data', data => resolve([data])))
  t.match(chunk.toString(), /^HTTP\/1\.1 405 /)

  for (const expectation of ['100-continue', 'something-else']) {
    const response = await request(port, '/.well-known/matrix/server', 'PUT', [`Expect: ${expectation}`])
    t.equal(response.status, 405, `Expect: ${expectation}`)
  }
})

t.test('a body is thrown away as it comes, even while the answer has to wait for another', async t => {
  const { app, port } = await startApp(t)
  const connected = once(app.server, 'connection')
  const client = connect(port, '127.0.0.1').on('error', () => {})
  t.teardown(() => client.destroy())
  const [socket] = await connected as [Socket]
  // As if the client took nothing.
  socket._write = () => {}
  socket._writev = () => {}
  const size = 10_000_000
  client.write(`GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
  client.write(Buffer.alloc(size - 1))
  while (socket.bytesRead < size) await new Promise(resolve => setImmediate(resolve))
  t.notOk(socket.destroyed)
})

t.test('a body that breaks off or can not be read gets no second answer', async t => {
  const { port } = await startApp(t)
  for (const [target, status] of [['/.well-known/matrix/server', 405], ['/%zz', 400]] as const) {
    const bytes = `PUT ${target} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n`
    t.strictSame((await requestAll(port, bytes)).map(({ status }) => status), [status], target)
  }
})

t.test('a request to become a WebSocket is answered like any other, and the connection closes', async t => {
  const { port } = await startApp(t)
  const bytes = 'GET /.well-known/matrix/server HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n' +
    'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'
  const [response, ...more] = await requestAll(port, bytes)
  t.match(response, { status: 200, headers: { ...cors, connection: ['close'] } })
  t.strictSame(more, [])
})

t.test('a request that does not arrive in time is 408', async t => {
  const { app, port } = await startApp(t)
  app.server.headersTimeout = 10
  const [response] = await requestAll(port, 'GET /.well-known/matrix/server HTTP/1.1\r\nHost: a\r\n')
  t.match(response, { status: 408, headers: { ...cors, ...json, connection: ['close'] }, body: '{"errcode":"M_UNRECOGNIZED","error":"The request took too long to arrive"}' })
})

t.test('a client that can not be read and never closes is cut off', async t => {
  const { app, port } = await startApp(t)
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  t.teardown(() => client.destroy())
  client.write('nonsense\r\n\r\n')
  const [socket] = await once(app.server, 'connection') as [Socket]
  await once(client, 'data')
  client.write('more nonsense\r\n\r\n')
  await once(socket, 'close')
  t.ok(socket.destroyed)
})

t.test('logs nothing of requests unless it is told to', async t => {
  const { port, lines } = await startApp(t)
  await request(port, '/.well-known/matrix/server')
  await exchange(port, 'nonsense\r\n\r\n')
  t.strictSame(lines, [])
})

t.test('LOG_REQUESTS is a line a request, without headers and query', async t => {
  const { port, lines } = await startApp(t, { LOG_REQUESTS: 'true' })
  await request(port, '/.well-known/matrix/server?token=secret', 'GET', ['X-Forwarded-For: 192.0.2.7', 'Cookie: secret'])
  await request(port, '/nothing', 'POST')
  await request(port, '/%zz')
  await request(port, `/${'a'.repeat(500)}`, 'OPTIONS')
  await exchange(port, 'nonsense\r\n\r\n')
  await exchange(port, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')
  await request(port, 'http://user:secret@example.com/health?secret')
  const common = { level: 'info', msg: 'request', client: '127.0.0.1' }
  t.match(lines, [
    { ...common, method: 'GET', path: '/.well-known/matrix/server', status: 200, responseTime: Number },
    { ...common, method: 'POST', path: '/nothing', status: 404 },
    { ...common, method: 'GET', path: '/%zz', status: 400 },
    { ...common, method: 'OPTIONS', path: `/${'a'.repeat(199)}…`, status: 204 },
    { level: 'info', msg: 'unreadable request', client: '127.0.0.1', status: 400, error: 'HPE_INVALID_METHOD' },
    { level: 'info', msg: 'unreadable request', client: '127.0.0.1', status: 405, error: 'CONNECT' },
    { ...common, method: 'GET', path: '/health', status: 200 }
  ])
  t.equal(lines.length, 7)
  t.strictSame(Object.keys(lines[0] ?? {}), ['level', 'time', 'method', 'path', 'status', 'responseTime', 'client', 'msg'])
})

t.test('TRUST_PROXY says whose word about the client counts', async t => {
  const forwarded = 'X-Forwarded-For: 198.51.100.9, 192.0.2.7'
  const cases: [trust: string, client: string][] = [['false', '127.0.0.1'], ['true', '198.51.100.9'], ['loopback', '192.0.2.7'], ['10.0.0.0/8', '127.0.0.1']]
  for (const [TRUST_PROXY, client] of cases) {
    const { port, lines } = await startApp(t, { LOG_REQUESTS: 'true', TRUST_PROXY })
    await request(port, '/health', 'GET', [forwarded])
    t.match(lines, [{ client }], TRUST_PROXY)
  }
})

t.test('a client that a proxy tells of is short and plain text in the log', async t => {
  const cases: [forwarded: string, client: string][] = [
    ['\u009b31m\u00e4\tb', '\\u{9b}31m\u00e4\\u{9}b'],
    ['2001:db8::1', '2001:db8::1'],
    ['a'.repeat(500), 'a'.repeat(60)]
  ]
  const { port, lines } = await startApp(t, { LOG_REQUESTS: 'true', TRUST_PROXY: 'true' })
  for (const [forwarded] of cases) {
    await exchange(port, Buffer.from(`GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: ${forwarded}\r\n\r\n`, 'latin1'))
  }
  t.strictSame(lines.map(({ client }) => client), cases.map(([, client]) => client))
})

t.test('hooks run for every response, and onListen', async t => {
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
    ['GET', '/.well-known/matrix/server', 200],
    ['POST', '/.well-known/matrix/server', 405],
    ['PROPFIND', '/.well-known/matrix/server', 405],
    ['OPTIONS', '/.well-known/matrix/server', 204],
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
  t.match(await request(port, '/fail'), { status: 500, body: '{"errcode":"M_UNKNOWN","error":"Internal server error"}' })
  t.match(lines, [{ level: 'error', err: { message: 'on purpose' }, msg: 'a request failed' }])
})

t.test('If-Match that names another version is 412', async t => {
  const { port } = await startApp(t)
  const path = '/.well-known/matrix/server'
  t.match(await request(port, path, 'GET', ['If-Match: "other"']), { status: 412, headers: { ...cors, ...noStore } })
  t.equal((await request(port, path, 'GET', ['If-Match: *'])).status, 200)
})

// https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2
t.test('the Host header is required, appears once and is a host with an optional port', async t => {
  const { port } = await startApp(t)
  const cases: [hosts: string[], error: string | undefined][] = [
    [['example.com'], undefined],
    [['example.com:8448'], undefined],
    [['example.com:'], undefined],
    [['[2001:db8::1]:8080'], undefined],
    [['my_host.example'], undefined],
    [[''], undefined],
    [[], 'HTTP/1.1 requires a Host header'],
    [['example.com', 'example.com'], 'More than one Host header'],
    ...['a b', 'a,b ', 'a/b', 'user@example.com', 'http://example.com', 'a:b', '[::1', 'zo\u00eb', 'a%zz', 'a:1:2']
      .map((host): [string[], string | undefined] => [[host], host === 'a,b '
        ? undefined
        : 'The Host header is not a host with an optional port'])
  ]
  for (const [hosts, error] of cases) {
    for (const path of ['/.well-known/matrix/server', '/nothing', '/health']) {
      const lines = hosts.map(host => `Host: ${host}\r\n`).join('')
      const [response] = await requestAll(port, Buffer.from(`GET ${path} HTTP/1.1\r\nConnection: close\r\n${lines}\r\n`, 'latin1'))
      if (error === undefined) {
        t.equal(response?.status, path === '/nothing' ? 404 : 200, hosts.join())
      } else {
        t.match(response, { status: 400, headers: { ...cors, connection: ['close'] } }, hosts.join())
        t.strictSame(JSON.parse(response?.body ?? ''), { errcode: 'M_UNRECOGNIZED', error })
      }
    }
  }
  const old = await requestAll(port, 'GET /health HTTP/1.0\r\nHost: a\r\nhost: a\r\n\r\n')
  t.match(old, [{ status: 400 }], 'in HTTP/1.0, too')
})

t.test('a target that is no HTTP URL is a bad request, whatever its path and method', async t => {
  const { port } = await startApp(t)
  for (const target of ['ftp://a/.well-known/matrix/server', 'ws://a/health', 'ftp://a/nothing', 'https:///health', '*']) {
    for (const method of ['GET', 'POST', 'HEAD', 'PROPFIND']) {
      const response = await request(port, target, method)
      t.match(response, { status: 400, headers: { ...cors, connection: ['close'] } }, `${method} ${target}`)
      if (method !== 'HEAD') t.match(response.body, /Bad request target/)
    }
  }
  for (const target of ['HTTP://EXAMPLE.COM/health', 'https://example.com/.well-known/matrix/server']) {
    t.equal((await request(port, target)).status, 200, target)
  }
  t.equal((await request(port, 'http://example.com')).status, 404, 'without a path')
})
