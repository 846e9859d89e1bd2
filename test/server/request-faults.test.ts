import t from 'tap'
import { limits } from '../../src/server/limits.ts'
import { startApp } from '../support/app.ts'
import { request, requestAll } from '../support/http.ts'
import { cors, errorHeaders, matrixError } from '../support/public-headers.ts'

const path = '/.well-known/matrix/server'
const closed = { ...errorHeaders, connection: ['close'] }

t.test('requests that are too large are rejected', async t => {
  const { port } = await startApp(t)
  const query = 'x'.repeat(limits.maxTargetLength - path.length - 1)
  t.equal((await request(port, `${path}?${query}`)).status, 200)
  const tooLong = matrixError('M_UNRECOGNIZED', 'The request target is longer than 8000 bytes')
  t.match(await request(port, `${path}?${query}x`), { status: 414, headers: closed, body: tooLong })
  t.match(await request(port, `/%zz${path}${query}`), { status: 414, headers: closed, body: tooLong })

  const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => `X-${i}: y`)
  t.equal((await request(port, path, 'GET', lines(98))).status, 200, 'Host, Connection and 98 more')
  const tooMany = matrixError('M_UNRECOGNIZED', 'More than 100 header lines')
  t.match(await request(port, path, 'GET', lines(99)), { status: 431, headers: closed, body: tooMany })
  t.equal((await request(port, path, 'GET', lines(900))).status, 431)
})

t.test('the connection closes after the response to a rejected request', async t => {
  const { port } = await startApp(t)
  const targets = [`/${'x'.repeat(limits.maxTargetLength)}`, '/%zz', 'ftp://a/']
  const requests = [
    ...targets.map(target => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`),
    `GET ${path} HTTP/1.1\r\n${'X: y\r\n'.repeat(101)}\r\n`,
    `GET ${path} HTTP/1.1\r\n\r\n`
  ]
  for (const bytes of requests) {
    t.match(await requestAll(port, bytes), [{ headers: { ...cors, connection: ['close'] } }], bytes.slice(0, 40))
  }
})

// https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2
t.test('the Host header is required, occurs once and is a host with an optional port', async t => {
  const { port } = await startApp(t)
  const missing = 'HTTP/1.1 requires a Host header'
  const twice = 'More than one Host header'
  const invalid = 'The Host header is not a host with an optional port'
  const cases: [hosts: string[], error: string | undefined][] = [
    [['example.com'], undefined],
    [['example.com:8448'], undefined],
    [['example.com:'], undefined],
    [['[2001:db8::1]:8080'], undefined],
    [['my_host.example'], undefined],
    [['a%2Db'], undefined],
    [[''], undefined],
    [[], missing],
    [['example.com', 'example.com'], twice],
    [['', 'example.com'], twice],
    [['a b'], invalid],
    [['a/b'], invalid],
    [['user@example.com'], invalid],
    [['http://example.com'], invalid],
    [['a:b'], invalid],
    [['a:1:2'], invalid],
    [['[::1'], invalid],
    [['zo\u00eb'], invalid],
    [['a%zz'], invalid]
  ]
  for (const [hosts, error] of cases) {
    for (const target of [path, '/nothing', '/health']) {
      const lines = hosts.map(host => `Host: ${host}\r\n`).join('')
      const bytes = Buffer.from(`GET ${target} HTTP/1.1\r\nConnection: close\r\n${lines}\r\n`, 'latin1')
      const expected = error === undefined
        ? { status: target === '/nothing' ? 404 : 200 }
        : { status: 400, headers: closed, body: matrixError('M_UNRECOGNIZED', error) }
      t.match(await requestAll(port, bytes), [expected], `${target}, Host: ${hosts.join()}`)
    }
  }
  const old = await requestAll(port, 'GET /health HTTP/1.0\r\nHost: a\r\nhost: a\r\n\r\n')
  t.match(old, [{ status: 400 }], 'also in HTTP/1.0')
})

t.test('request targets can be paths or HTTP URLs', async t => {
  const { port } = await startApp(t, { M_SERVER: 'matrix.example.com:443' })
  const targets = [
    `${path}?`, `${path}?a=b&c=%zz`, '/.well-known/matrix/serve%72', `http://example.com${path}`,
    `https://elsewhere.example:8448${path}?x`, `HTTP://EXAMPLE.COM${path}`, `http://user:secret@example.com${path}`
  ]
  for (const target of targets) {
    t.match(await request(port, target), { status: 200, body: '{"m.server":"matrix.example.com:443"}' }, target)
  }
  t.equal((await request(port, 'http://example.com')).status, 404, 'a URL without a path')
  t.equal((await request(port, '/nothing#%zz', 'POST')).status, 404, 'a fragment is ignored')
})

t.test('any other target is a bad request, whatever its path and method', async t => {
  const { port } = await startApp(t)
  const targets = [
    `ftp://a${path}`, 'ws://a/health', 'ftp://a/nothing', 'https:///health', '*',
    '/%zz', '/%', '/%c3%28?x', '/.well-known/%ff', 'http://example.com/%E0%A4%A#x'
  ]
  for (const target of targets) {
    for (const method of ['GET', 'POST', 'HEAD', 'PROPFIND']) {
      const response = await request(port, target, method)
      t.match(response, { status: 400, headers: closed }, `${method} ${target}`)
      if (method !== 'HEAD') t.match(response.body, /Bad request target/)
    }
  }
  const ftp = 'Bad request target: use a path, or a URL with http:// or https://'
  t.match(await request(port, `ftp://a${path}`), { body: matrixError('M_UNRECOGNIZED', ftp) })
  const body = matrixError('M_UNRECOGNIZED', 'Bad request target: /%zz')
  t.match(await request(port, '/%zz?secret'), { status: 400, headers: errorHeaders, body })
})
