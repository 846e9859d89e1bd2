import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import t from 'tap'
import { limits } from '../../../src/server/limits.ts'
import { startApp } from '../../support/app.ts'
import { request, requestAll } from '../../support/http.ts'
import { allow, errorHeaders, matrixError } from '../../support/public-headers.ts'

const closed = { ...errorHeaders, connection: ['close'] }
const tunnel = 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n'

t.test("bytes that aren't an HTTP request get a Matrix error, and the connection closes", async t => {
  const { port } = await startApp(t)
  const notHttp = 'Not an HTTP request'
  const cases: [bytes: string | Buffer, status: number, error: string][] = [
    ['nonsense\r\n\r\n', 400, notHttp],
    [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), 400, notHttp],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, notHttp],
    ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, notHttp],
    ['GET / HTTP/1.1\r\nH@st: a\r\n\r\n', 400, notHttp],
    [`GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(limits.maxHeaderSize)}\r\n\r\n`, 431,
      'The request line and headers are longer than 16384 bytes']
  ]
  for (const [bytes, status, error] of cases) {
    const [response, ...more] = await requestAll(port, bytes)
    t.match(response, { status, headers: { ...closed, date: [/GMT$/] }, body: matrixError('M_UNRECOGNIZED', error) })
    t.strictSame(more, [])
  }
})

t.test('a request that takes too long to arrive is 408', async t => {
  const { app, port } = await startApp(t)
  app.server.headersTimeout = 10
  const body = matrixError('M_UNRECOGNIZED', 'The request took too long to arrive')
  const responses = await requestAll(port, 'GET /.well-known/matrix/server HTTP/1.1\r\nHost: a\r\n')
  t.match(responses, [{ status: 408, headers: closed, body }])
})

t.test('CONNECT is 405, and the connection closes', async t => {
  const { port } = await startApp(t)
  t.match(await requestAll(port, tunnel), [{ status: 405, headers: { ...closed, ...allow } }])
})

t.test('resetting the connection after CONNECT does not crash the server', async t => {
  const { app, port } = await startApp(t)
  const client = connect(port, '127.0.0.1').on('error', () => {})
  client.write(tunnel)
  const [, socket]: [unknown, Socket] = await new Promise(resolve => {
    app.server.once('connect', (request, socket: Socket) => resolve([request, socket]))
  })
  client.resetAndDestroy()
  await new Promise(resolve => socket.once('close', resolve))
  t.equal((await request(port, '/health')).status, 200)
})

t.test('the response to unreadable bytes follows the responses to all earlier requests', async t => {
  const { port } = await startApp(t)
  const before = ['/a', '/b', '/c'].map(path => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join('')
  for (const [bytes, status] of [['nonsense\r\n\r\n', 400], [tunnel, 405]] as const) {
    const responses = await requestAll(port, before + bytes)
    t.strictSame(responses.map(response => response.status), [404, 404, 404, status])
    const paths = responses.slice(0, 3).map(({ body }) => /path: (\/.)\./.exec(body)?.[1])
    t.strictSame(paths, ['/a', '/b', '/c'])
  }
})

t.test('unreadable bytes get no response while an earlier response is unread', async t => {
  const { app, port } = await startApp(t)
  // Simulates a client that reads nothing.
  app.server.prependListener('clientError', (_error, socket) => socket.cork())
  const requests = ['/a', '/b'].map(path => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join('')
  t.strictSame((await requestAll(port, `${requests}nonsense\r\n\r\n`)).map(({ status }) => status), [404, 404])
})

t.test('a client that sends unreadable bytes and never closes is disconnected', async t => {
  const { app, port } = await startApp(t)
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  t.teardown(() => client.destroy())
  client.resume().write('nonsense\r\n\r\n')
  const [socket]: Socket[] = await once(app.server, 'connection')
  if (socket === undefined) throw new Error('no connection')
  await once(socket, 'finish')
  t.notOk(socket.destroyed, 'not immediately, so that it can read the response')
  client.write('more nonsense\r\n\r\n')
  await once(socket, 'close')
})
