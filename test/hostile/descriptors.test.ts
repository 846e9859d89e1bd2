import { once } from 'node:events'
import type { Socket } from 'node:net'
import t from 'tap'
import { closed, request } from '../support/http.ts'
import {
  eventually, open, openDescriptors, processorTime, serverDocument, serverPath, startServer
} from './server.ts'

const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'

t.test('with all file descriptors in use, it serves open connections, and new ones after others close', async t => {
  const server = await startServer(t, {}, 'ulimit -n 64 && exec "$@"')
  const inside: Socket[] = []
  let refused = 0
  for (let i = 0; i < 200; i++) {
    const socket = open(t, server.port)
    socket.write(health)
    const response = once(socket, 'data').then(() => true, () => false)
    if (await Promise.race([response, closed(socket).then(() => false)])) inside.push(socket)
    else refused++
  }
  t.comment(`${inside.length} connections held, ${refused} refused, ${openDescriptors(server.pid)} descriptors open`)
  t.ok(inside.length > 20)
  t.ok(refused > 100, 'the others are closed immediately')
  const again = await Promise.all(inside.map(async socket => {
    socket.write(health)
    return String(await once(socket, 'data')).slice(0, 15)
  }))
  t.ok(again.every(response => response === 'HTTP/1.1 200 OK'), 'open connections are served')
  const before = processorTime(server.pid)
  await new Promise(resolve => setTimeout(resolve, 2_000))
  const busy = (processorTime(server.pid) - before) / 2
  t.comment(`${Math.round(busy * 100)} % of a CPU used meanwhile`)
  t.ok(busy < 0.5, 'there is no busy loop')

  for (const socket of inside.slice(1)) socket.destroy()
  await eventually(() => request(server.port, '/health'))
  const responses = await Promise.all(Array.from({ length: 20 }, () => request(server.port, serverPath)))
  t.ok(responses.every(({ body }) => body === serverDocument), 'new connections are served again')
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.equal(server.output.stderr, '')
})

t.test('with all file descriptors in use, it stops gracefully', async t => {
  const server = await startServer(t, {}, 'ulimit -n 64 && exec "$@"')
  const sockets = Array.from({ length: 100 }, () => open(t, server.port))
  for (const socket of sockets) socket.write(health)
  await eventually(async () => { if (openDescriptors(server.pid) < 63) throw new Error('not all in use') })
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
})
