import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { boundConnections, trackConnections } from '../../src/server/connections.ts'
import { limits } from '../../src/server/limits.ts'
import { buildLog } from '../../src/server/log.ts'
import { startApp } from '../support/app.ts'
import { request } from '../support/http.ts'

const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'

async function connectTo (t: Test, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

t.test('beyond what the heap has room for, the oldest connections make way, and it is told once', async t => {
  const lines: string[] = []
  const log = buildLog('info', { write: line => { lines.push(line) } })
  const { port } = await startApp(t, {}, app => boundConnections(app.server, trackConnections(app.server), log, limits.heapBase + 20.5 * limits.heapPerConnection))
  const sockets: Socket[] = []
  while (sockets.length < 20) sockets.push(await connectTo(t, port))
  for (const socket of sockets) {
    socket.write(health)
    t.match(String(await once(socket, 'data')), /^HTTP\/1\.1 200 /)
  }
  t.strictSame(lines, [], 'that many are no matter')
  const [first, second] = sockets.map(socket => once(socket, 'close'))
  const newest = [await connectTo(t, port), await connectTo(t, port)]
  await Promise.all([first, second])
  for (const socket of [...sockets.slice(2), ...newest]) {
    socket.write(health)
    t.match(String(await once(socket, 'data')), /^HTTP\/1\.1 200 /, 'the others are served')
  }
  t.equal((await request(port, '/health')).status, 200)
  t.equal(lines.length, 1)
  t.match(JSON.parse(String(lines)), { level: 'warn', msg: /^more than 20 connections at once, .* NODE_OPTIONS=--max-old-space-size=/ })
})

t.test('a few fit into any heap', async t => {
  const { port } = await startApp(t, {}, app => boundConnections(app.server, trackConnections(app.server), buildLog('silent', { write () {} }), 0))
  const sockets: Socket[] = []
  while (sockets.length < 16) sockets.push(await connectTo(t, port))
  for (const socket of sockets) {
    socket.write(health)
    t.match(String(await once(socket, 'data')), /^HTTP\/1\.1 200 /)
  }
})
