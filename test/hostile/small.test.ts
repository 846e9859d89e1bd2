import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { limits } from '../../src/server/limits.ts'
import { request } from '../support/http.ts'
import { closed, residentMemory, serverDocument, serverPath, startSmallServer } from './server.ts'
import { count } from './size.ts'

interface Attack {
  readonly name: string
  readonly connections: number
  readonly run: (socket: Socket) => Promise<void>
}

const line = `X-Header-${'x'.repeat(40)}: ${'y'.repeat(100)}\r\n`
const headers = `Host: a\r\n${line.repeat(Math.min(limits.maxHeaders, Math.floor(limits.maxHeaderSize / line.length)) - 2)}`
/** As short as requests can be. */
const short = 'GET / HTTP/1.1\r\nHost:\r\n\r\n'
/** What the server reads at once. */
const ahead = short.repeat(2_600)

/** What the process may take at its peak, in MB: the node binary, 40 for the heap, and the rest. */
const most = 150

/** What a connection can do to stay, and to take memory. */
const attacks: readonly Attack[] = [
  { name: 'says nothing', connections: count(6_000, 1_500), run: async () => {} },
  { name: 'is idle after a request', connections: count(6_000, 1_500), run: socket => write(socket, 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n') },
  { name: 'has sent nearly all of the largest headers', connections: count(3_000, 1_500), run: async socket => { socket.write(`GET / HTTP/1.1\r\n${headers}`) } },
  { name: 'has sent the largest headers, and a body that does not end', connections: count(3_000, 1_500), run: socket => write(socket, `POST / HTTP/1.1\r\nContent-Length: 1000000\r\n${headers}\r\nx`) },
  {
    name: 'sends requests ahead and reads nothing',
    connections: count(60, 20),
    run: async socket => {
      socket.pause()
      for (let i = 0; i < 10 && !socket.destroyed; i++) {
        socket.write(ahead)
        await sleep(10)
      }
    }
  },
  {
    name: 'sends requests ahead bit by bit, and then many at once',
    connections: count(60, 20),
    run: async socket => {
      socket.pause()
      for (let i = 0; i < 20; i++) {
        socket.write(short.repeat(250))
        await sleep(20)
      }
      socket.write(ahead)
    }
  }
]

/** Writes, and waits for an answer. */
async function write (socket: Socket, text: string): Promise<void> {
  socket.write(text)
  await Promise.race([once(socket, 'data').catch(() => {}), closed(socket)])
}

t.test('as the image runs it, with its small heap, it goes on serving whatever connections do', async t => {
  for (const { name, connections, run } of attacks) {
    const server = await startSmallServer(t)
    const sockets: Socket[] = []
    t.teardown(() => { for (const socket of sockets) socket.destroy() })
    const times: number[] = []
    while (sockets.length < connections) {
      await Promise.all(Array.from({ length: 20 }, async () => {
        // A client's address has no more than 28,000 ports.
        const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: `127.0.0.${2 + sockets.length % 8}` })
        sockets.push(socket)
        socket.on('error', () => {})
        await Promise.race([once(socket, 'connect').catch(() => {}), closed(socket)])
        if (!socket.destroyed) await run(socket)
      }))
      const begin = performance.now()
      const { body } = await request(server.port, serverPath)
      times.push(performance.now() - begin)
      if (body !== serverDocument) t.fail(name, { body })
    }
    const memory = residentMemory(server.pid, 'VmHWM')
    t.ok(memory < most, `each of ${sockets.length} ${name}: fresh requests among them had their answer, after ${Math.max(...times).toFixed(0)} ms at most; ${memory.toFixed(0)} MB`)
    for (const socket of sockets) socket.destroy()
    server.kill('SIGTERM')
    t.equal(await server.ended, 0, name)
    t.equal(server.output.stderr, '')
    t.equal(server.output.stdout.includes('"msg":"more than '), connections > 1_000, 'where there are more than its heap has room for, it says so')
  }
})
