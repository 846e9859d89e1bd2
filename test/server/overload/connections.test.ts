import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import t from 'tap'
import type { Test } from 'tap'
import { boundConnections, trackConnections } from '../../../src/server/overload/connections.ts'
import { HeapBudget } from '../../../src/server/overload/heap-budget.ts'
import { limits } from '../../../src/server/limits.ts'
import { buildLog } from '../../../src/server/log/log.ts'
import { startApp } from '../../support/app.ts'
import { request } from '../../support/http.ts'

const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'

/** What a heap has besides connections and sites. */
const reserved = limits.heapProgram + limits.heapTurn + limits.maxQueued

/** A heap with room for this many connections. */
function buildHeap (maxConnections: number): HeapBudget {
  return new HeapBudget(reserved + maxConnections * limits.heapPerConnection, () => 0)
}

function bound ({ server }: FastifyInstance, log: Logger, heap = buildHeap(0)): void {
  boundConnections(server, trackConnections(server), log, heap)
}

async function connectTo (t: Test, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function ask (socket: Socket): Promise<string> {
  socket.write(health)
  return String(await once(socket, 'data'))
}

t.test('if the heap has no room for more, the longest silent connections are closed, with one warning', async t => {
  const lines: string[] = []
  const log = buildLog('info', { write: line => { lines.push(line) } })
  const { app, port } = await startApp(t, {}, app => bound(app, log, buildHeap(20.5)))
  const sockets: Socket[] = []
  while (sockets.length < 20) sockets.push(await connectTo(t, port))
  t.strictSame(lines, [], 'there is room for 20')
  // The oldest send requests, like the connections of a proxy.
  const busy = sockets.slice(0, 5)
  for (const socket of busy) t.match(await ask(socket), /^HTTP\/1\.1 200 /)
  const silent = sockets.slice(5).map(socket => once(socket, 'close'))
  for (let i = 0; i < 15; i++) {
    sockets.push(await connectTo(t, port))
    await silent[i]
  }
  for (const socket of [...busy, ...sockets.slice(20)]) {
    t.match(await ask(socket), /^HTTP\/1\.1 200 /, 'the others are served')
  }
  t.equal(lines.length, 1)
  const msg = /^more than 20 connections, .* NODE_OPTIONS=--max-old-space-size=/
  t.match(JSON.parse(String(lines)), { level: 'warn', msg })

  await Promise.all(Array.from({ length: 100 }, async () => await connectTo(t, port)))
  t.equal((await request(port, '/health')).status, 200)
  const getConnections = promisify(app.server.getConnections.bind(app.server))
  t.ok(await getConnections() <= 20)
})

t.test('connections that have ended do not count', async t => {
  const lines: string[] = []
  const log = buildLog('info', { write: line => { lines.push(line) } })
  const { port } = await startApp(t, {}, app => bound(app, log))
  const silent = await connectTo(t, port)
  for (let i = 0; i < 40; i++) t.equal((await request(port, '/health')).status, 200)
  t.match(await ask(silent), /^HTTP\/1\.1 200 /, 'a silent connection stays open')
  t.strictSame(lines, [])
})

t.test('if no connection is silent, the oldest is closed, never the latest', async t => {
  const { port } = await startApp(t, {}, app => bound(app, buildLog('silent', { write () {} })))
  const sockets: Socket[] = []
  while (sockets.length < 16) sockets.push(await connectTo(t, port))
  for (const socket of sockets) await ask(socket)
  const [first, second] = sockets.map(socket => once(socket, 'close'))
  const latest = [await connectTo(t, port), await connectTo(t, port)]
  for (const socket of latest) t.match(await ask(socket), /^HTTP\/1\.1 200 /)
  await Promise.all([first, second])
})

t.test('a few connections are allowed with any heap', async t => {
  const { port } = await startApp(t, {}, app => bound(app, buildLog('silent', { write () {} })))
  const sockets: Socket[] = []
  while (sockets.length < 16) sockets.push(await connectTo(t, port))
  for (const socket of sockets) t.match(await ask(socket), /^HTTP\/1\.1 200 /)
})

t.test('if a reload leaves less room, each new connection closes two silent ones', async t => {
  let used = 0
  const heap = new HeapBudget(reserved + 24 * limits.heapPerConnection, () => used)
  const { app, port } = await startApp(t, {}, app => bound(app, buildLog('silent', { write () {} }), heap))
  const getConnections = promisify(app.server.getConnections.bind(app.server))
  const sockets: Socket[] = []
  while (sockets.length < 24) sockets.push(await connectTo(t, port))
  used = limits.heapProgram + 2 * limits.heapPerConnection
  heap.reset()
  for (const [closing, expected] of [[2, 23], [2, 22], [2, 21], [2, 20], [1, 20]] as const) {
    const closed = sockets.splice(0, closing).map(socket => once(socket, 'close'))
    sockets.push(await connectTo(t, port))
    await Promise.all(closed)
    t.equal(await getConnections(), expected)
  }
})
