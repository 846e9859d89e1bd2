import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { drainOnClose } from '../../src/server/drain.ts'
import { startApp } from '../support/app.ts'
import { exchange, readToEnd } from '../support/http.ts'

const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'

/** A connection that has had its first answer and is kept alive. */
async function connectIdle (t: Test, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.write(health)
  await once(socket, 'data')
  return socket
}

t.test('goes on answering on the connections that it has, and listens no more', async t => {
  const { app, port } = await startApp(t, {}, app => drainOnClose(app, { drainTimeout: 60_000, closeTimeout: 60_000 }))
  const socket = await connectIdle(t, port)
  const closing = app.close()
  await t.rejects(exchange(port, health), { code: /^(ECONNREFUSED|ECONNRESET)$/ })
  socket.write(health)
  const answer = await readToEnd(socket)
  t.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
  t.match(answer, '\r\nConnection: close\r\n')
  await closing
})

t.test('closes what is idle, then what is not', async t => {
  const { app, port } = await startApp(t, {}, app => drainOnClose(app, { drainTimeout: 1, closeTimeout: 500 }))
  const idle = await connectIdle(t, port)
  const busy = await connectIdle(t, port)
  const silent = connect(port, '127.0.0.1')
  t.teardown(() => silent.destroy())
  await once(app.server, 'connection')
  busy.write('GET /health HTTP/1.1\r\n')
  // Those that are cut off may see a reset.
  for (const socket of [silent, busy]) socket.on('error', () => {})
  const order: string[] = []
  const closed = Object.entries({ idle, silent, busy }).map(([name, socket]) => new Promise<void>(resolve => {
    socket.once('close', () => { order.push(name); resolve() })
  }))
  await app.close()
  await Promise.all(closed)
  t.strictSame(order.slice(0, 2).toSorted(), ['idle', 'silent'])
  t.equal(order[2], 'busy')
})

t.test('closes an application that never listened', async t => {
  const { app } = await startApp(t, {}, app => drainOnClose(app))
  app.server.close()
  await app.close()
})
