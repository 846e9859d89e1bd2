import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import t from 'tap'
import { startApp } from '../../support/app.ts'
import { readToEnd, request, requestAll } from '../../support/http.ts'

t.test('the response is sent before the body arrives', async t => {
  const { port } = await startApp(t)
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.write('PUT /.well-known/matrix/server HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\nx')
  t.match(String(await once(socket, 'data')), /^HTTP\/1\.1 405 /)

  for (const expectation of ['100-continue', 'something-else']) {
    const response = await request(port, '/.well-known/matrix/server', 'PUT', [`Expect: ${expectation}`])
    t.equal(response.status, 405, `Expect: ${expectation}`)
  }
})

t.test('a body is discarded as it arrives, even while its response is queued behind another', async t => {
  const { app, port } = await startApp(t)
  const connected = once(app.server, 'connection')
  const client = connect(port, '127.0.0.1').on('error', () => {})
  t.teardown(() => client.destroy())
  const [socket]: Socket[] = await connected
  if (socket === undefined) throw new Error('no connection')
  // Simulates a client that reads nothing.
  socket._write = () => {}
  socket._writev = () => {}
  const size = 10_000_000
  client.write(`GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
  client.write(Buffer.alloc(size - 1))
  while (socket.bytesRead < size) await new Promise(resolve => setImmediate(resolve))
  t.notOk(socket.destroyed)
})

t.test('an unreadable body gets no second response', async t => {
  const { port } = await startApp(t)
  for (const [target, status] of [['/.well-known/matrix/server', 405], ['/%zz', 400]] as const) {
    const bytes = `PUT ${target} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n`
    t.strictSame((await requestAll(port, bytes)).map(({ status }) => status), [status], target)
  }
})

t.test('an unreadable body gets no second response, also behind a request whose body has arrived', async t => {
  const { port } = await startApp(t)
  const line = 'PUT /.well-known/matrix/server HTTP/1.1\r\nHost: a\r\n'
  const bytes = `${line}Content-Length: 1\r\n\r\nx${line}Transfer-Encoding: chunked\r\n\r\n`
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  let received = ''
  while (received.split('HTTP/1.1 405 ').length <= 2) received += String(await once(socket, 'data'))
  socket.write('nonsense\r\n')
  t.equal(await readToEnd(socket), '')
})

t.test('unreadable bytes behind a body that has arrived get a response', async t => {
  const { port } = await startApp(t)
  const socket = connect(port, '127.0.0.1')
  socket.write('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx')
  t.match(String(await once(socket, 'data')), /^HTTP\/1\.1 404 /)
  socket.write('nonsense\r\n\r\n')
  t.match(await readToEnd(socket), /^HTTP\/1\.1 400 /)
})
