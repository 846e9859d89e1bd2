import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import t from 'tap'
import { closed, request } from '../support/http.ts'
import { count } from './size.ts'
import {
  median, openDescriptors, processorTime, residentMemory, serverDocument, serverPath, startServer
} from './server.ts'

const wanted = count(10_000, 2_000)

t.test(`requests get responses while ${wanted} connections are held`, async t => {
  const server = await startServer(t)
  const atRest = residentMemory(server.pid)
  const sockets: Socket[] = []
  t.teardown(() => { for (const socket of sockets) socket.destroy() })
  const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'
  const unexpected: string[] = []
  async function hold (): Promise<void> {
    const localAddress = `127.0.0.${2 + sockets.length % 8}`
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress })
    sockets.push(socket)
    socket.on('error', error => unexpected.push(String(error)))
    socket.on('close', () => unexpected.push('closed'))
    socket.write(health)
    const held = await Promise.race([once(socket, 'data').catch(() => undefined), closed(socket)])
    if (held !== undefined) return
    throw new Error(
      `only ${sockets.length} connections can be held here (${unexpected[0]}); ` +
      'raise the limit of open files (ulimit -n)'
    )
  }
  while (sockets.length < wanted) {
    await Promise.all(Array.from({ length: Math.min(100, wanted - sockets.length) }, hold))
  }
  t.ok(openDescriptors(server.pid) >= wanted, 'the server holds all of them')
  const held = residentMemory(server.pid)

  const times: number[] = []
  const cpuBefore = processorTime(server.pid)
  for (let i = 0; i < 500; i++) {
    const begin = performance.now()
    const { status, body } = await request(server.port, serverPath)
    times.push(performance.now() - begin)
    if (status !== 200 || body !== serverDocument) t.fail('unexpected response', { status, body })
  }
  const [middle, max] = [median(times), Math.max(...times)].map(time => time.toFixed(1))
  t.comment(`${wanted} idle connections: a request on a new one takes ${middle} ms (median) to ${max} ms (max); ` +
    `memory ${atRest.toFixed(0)} MB at rest, ${held.toFixed(0)} MB now`)
  // Of CPU time, because others may use the machine, too.
  t.ok((processorTime(server.pid) - cpuBefore) / times.length < 0.05)

  t.strictSame(unexpected, [], 'no connection was closed')
  for (const socket of [sockets[0], sockets.at(-1)]) {
    socket?.write(health)
    const response = String(await once(socket as Socket, 'data'))
    t.match(response, /^HTTP\/1\.1 200 /, 'the oldest and the newest get a response')
  }
  for (const socket of sockets) socket.removeAllListeners('close')
  const ends = sockets.map(closed)
  server.kill('SIGTERM')
  await Promise.all(ends)
  t.equal(await server.ended, 0, 'it stops gracefully')
})
