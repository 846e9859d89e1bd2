import { once } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import timers from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { drainOnClose } from '../../src/server/drain.ts'
import { startApp } from '../support/app.ts'
import { exchange, readToEnd } from '../support/http.ts'

const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'

/** A connection that got its first response and is kept alive. */
async function connectIdle (t: Test, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  t.teardown(() => socket.destroy())
  socket.write(health)
  await once(socket, 'data')
  return socket
}

/** Makes what waits for some time wait for the test instead, which calls what this returns. */
function holdTime (t: Test): () => void {
  const { setTimeout } = timers
  let pass = (): void => {}
  const passed = new Promise<void>(resolve => { pass = resolve })
  const replace = (value: unknown): void => {
    Object.assign(timers, { setTimeout: value })
    syncBuiltinESMExports()
  }
  t.teardown(() => replace(setTimeout))
  replace(async () => await passed)
  return pass
}

t.test('a closing app stops listening, and still responds on open connections', async t => {
  const passTime = holdTime(t)
  const { app, port } = await startApp(t, {}, app => drainOnClose(app))
  const idle = await connectIdle(t, port)
  const busy = await connectIdle(t, port)
  busy.write('GET /health HTTP/1.1\r\n')
  const closing = app.close()
  await t.rejects(exchange(port, health), { code: /^(ECONNREFUSED|ECONNRESET)$/ })
  idle.write(health)
  busy.write('Host: a\r\n\r\n')
  for (const response of await Promise.all([idle, busy].map(readToEnd))) {
    t.match(response, /^HTTP\/1\.1 200 OK\r\n/)
    t.match(response, /\r\nconnection: close\r\n/i)
  }
  passTime()
  await closing
})

t.test('after the drain timeout, it closes all connections', async t => {
  const { app, port } = await startApp(t, {}, app => drainOnClose(app, 1))
  const idle = await connectIdle(t, port)
  const busy = await connectIdle(t, port)
  busy.write('GET /health HTTP/1.1\r\n')
  const connected = once(app.server, 'connection')
  const silent = connect(port, '127.0.0.1').on('error', () => {})
  t.teardown(() => silent.destroy())
  await connected
  const closed = [idle, busy, silent].map(socket => new Promise(resolve => socket.once('close', resolve)))
  await app.close()
  await Promise.all(closed)
})

t.test('an app that never listened can be closed', async t => {
  const { app } = await startApp(t, {}, app => drainOnClose(app, 1))
  app.server.close()
  await app.close()
})
