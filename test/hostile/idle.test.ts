import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import t from 'tap'
import { request } from '../support/http.ts'
import { count } from './size.ts'
import { closed, median, openDescriptors, residentMemory, serverDocument, serverPath, startServer } from './server.ts'

const wanted = count(10_000, 2_000)

t.test(`answers while ${wanted} connections are held`, async t => {
  const server = await startServer(t)
  const atRest = residentMemory(server.pid)
  const sockets: Socket[] = []
  t.teardown(() => { for (const socket of sockets) socket.destroy() })
  const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'
  const unexpected: string[] = []
  async function hold (): Promise<void> {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: `127.0.0.${2 + sockets.length % 8}` })
    sockets.push(socket)
    socket.on('error', error => unexpected.push(String(error)))
    socket.on('close', () => unexpected.push('closed'))
    socket.write(health)
    const held = await Promise.race([once(socket, 'data').catch(() => undefined), closed(socket)])
    if (held === undefined) throw new Error(`only ${sockets.length} connections can be held here (${unexpected[0]}): raise the limit of file descriptors, ulimit -n`)
  }
  while (sockets.length < wanted) await Promise.all(Array.from({ length: Math.min(100, wanted - sockets.length) }, hold))
  t.ok(openDescriptors(server.pid) >= wanted, 'the server holds all of them')
  const held = residentMemory(server.pid)

  const times: number[] = []
  for (let i = 0; i < 500; i++) {
    const begin = performance.now()
    const { status, body } = await request(server.port, serverPath)
    times.push(performance.now() - begin)
    if (status !== 200 || body !== serverDocument) t.fail('another answer', { status, body })
  }
  t.comment(`${wanted} idle connections: a request on a new one takes ${median(times).toFixed(1)} ms in the median, ${Math.max(...times).toFixed(1)} at most; ` +
    `memory ${atRest.toFixed(0)} MB at rest, ${held.toFixed(0)} MB now`)
  t.ok(median(times) < 50)

  t.strictSame(unexpected, [], 'none was closed')
  for (const socket of [sockets[0], sockets.at(-1)]) {
    socket?.write(health)
    t.match(String(await once(socket as Socket, 'data')), /^HTTP\/1\.1 200 /, 'the oldest and the youngest are answered')
  }
  for (const socket of sockets) socket.removeAllListeners('close')
  const ends = sockets.map(closed)
  server.kill('SIGTERM')
  await Promise.all(ends)
  t.equal(await server.ended, 0, 'and it ends with grace')
})
