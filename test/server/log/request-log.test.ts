import t from 'tap'
import { startApp } from '../../support/app.ts'
import { exchange, request } from '../../support/http.ts'

t.test('by default, requests are not logged', async t => {
  const { port, lines } = await startApp(t)
  await request(port, '/.well-known/matrix/server')
  await exchange(port, 'nonsense\r\n\r\n')
  t.strictSame(lines, [])
})

t.test('LOG_REQUESTS logs one line per request, without headers or the query', async t => {
  const { port, lines } = await startApp(t, { LOG_REQUESTS: 'true' })
  const secrets = ['X-Forwarded-For: 192.0.2.7', 'Cookie: secret']
  await request(port, '/.well-known/matrix/server?token=secret', 'GET', secrets)
  await request(port, '/nothing', 'POST')
  await request(port, '/%zz')
  await request(port, `/${'a'.repeat(500)}`, 'OPTIONS')
  await exchange(port, 'nonsense\r\n\r\n')
  await exchange(port, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')
  await request(port, 'http://user:secret@example.com/health?secret')
  await request(port, 'ftp://user:secret@example.com/health?secret')
  const common = { level: 'info', msg: 'request', client: '127.0.0.1' }
  const unreadable = { ...common, msg: 'unreadable request' }
  t.match(lines, [
    { ...common, method: 'GET', path: '/.well-known/matrix/server', status: 200, responseTime: Number },
    { ...common, method: 'POST', path: '/nothing', status: 404 },
    { ...common, method: 'GET', path: '/%zz', status: 400 },
    { ...common, method: 'OPTIONS', path: `/${'a'.repeat(198)}…`, status: 204 },
    { ...unreadable, status: 400, error: 'HPE_INVALID_METHOD' },
    { ...unreadable, status: 405, error: 'CONNECT' },
    { ...common, method: 'GET', path: '/health', status: 200 },
    { ...common, method: 'GET', path: '/health', status: 400 }
  ])
  t.equal(lines.length, 8)
  const keys = ['level', 'time', 'method', 'path', 'status', 'responseTime', 'client', 'msg']
  t.strictSame(Object.keys(lines[0] ?? {}), keys)
})

t.test('TRUST_PROXY sets which proxies are trusted to send X-Forwarded-For', async t => {
  const forwarded = 'X-Forwarded-For: 198.51.100.9, 192.0.2.7'
  const cases: [trust: string, client: string][] = [
    ['false', '127.0.0.1'],
    ['true', '198.51.100.9'],
    ['loopback', '192.0.2.7'],
    ['10.0.0.0/8', '127.0.0.1']
  ]
  for (const [TRUST_PROXY, client] of cases) {
    const { port, lines } = await startApp(t, { LOG_REQUESTS: 'true', TRUST_PROXY })
    await request(port, '/health', 'GET', [forwarded])
    t.match(lines, [{ client }], TRUST_PROXY)
  }
})

t.test('a forwarded address is logged as short plain text, whatever it contains', async t => {
  const cases: [forwarded: string, client: string][] = [
    ['\u009b31m\u00e4\tb', '\\u{9b}31m\u00e4\\u{9}b'],
    ['2001:db8::1', '2001:db8::1'],
    ['a'.repeat(500), `${'a'.repeat(59)}…`]
  ]
  const { port, lines } = await startApp(t, { LOG_REQUESTS: 'true', TRUST_PROXY: 'true' })
  for (const [forwarded] of cases) {
    const lines = ['GET /health HTTP/1.1', 'Host: a', 'Connection: close', `X-Forwarded-For: ${forwarded}`, '', '']
    await exchange(port, Buffer.from(lines.join('\r\n'), 'latin1'))
  }
  t.strictSame(lines.map(({ client }) => client), cases.map(([, client]) => client))
})
