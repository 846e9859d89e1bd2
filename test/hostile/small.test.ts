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
const lineCount = Math.min(limits.maxHeaders, Math.floor(limits.maxHeaderSize / line.length)) - 2
const headers = `Host: a\r\n${line.repeat(lineCount)}`
/** As short as requests can be. */
const short = 'GET / HTTP/1.1\r\nHost:\r\n\r\n'
/** As much as the server reads in one go. */
const ahead = short.repeat(2_600)

/** How much memory the process may use at its peak, in MB: the node binary, 40 for the heap, and the rest. */
const maxMemory = 150

/** What a connection can do to stay open and use memory. */
const attacks: readonly Attack[] = [
  { name: 'sends nothing', connections: count(6_000, 1_500), run: async () => {} },
  {
    name: 'is idle after a request',
    connections: count(6_000, 1_500),
    run: socket => write(socket, 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
  },
  {
    name: 'has sent almost all of the largest possible headers',
    connections: count(3_000, 1_500),
    run: async socket => { socket.write(`GET / HTTP/1.1\r\n${headers}`) }
  },
  {
    name: 'has sent the largest possible headers and a body that does not end',
    connections: count(3_000, 1_500),
    run: socket => write(socket, `POST / HTTP/1.1\r\nContent-Length: 1000000\r\n${headers}\r\nx`)
  },
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
    name: 'sends requests ahead in small batches, then in a large one',
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

/** Writes, and waits for a response. */
async function write (socket: Socket, text: string): Promise<void> {
  socket.write(text)
  await Promise.race([once(socket, 'data').catch(() => {}), closed(socket)])
}

t.test('with the small heap of the image, the server keeps serving whatever connections do', async t => {
  for (const { name, connections, run } of attacks) {
    const server = await startSmallServer(t)
    const sockets: Socket[] = []
    t.teardown(() => { for (const socket of sockets) socket.destroy() })
    const times: number[] = []
    while (sockets.length < connections) {
      await Promise.all(Array.from({ length: 20 }, async () => {
        // One client address has only 28,000 ports.
        const localAddress = `127.0.0.${2 + sockets.length % 8}`
        const socket = connect({ port: server.port, host: '127.0.0.1', localAddress })
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
    const latency = Math.max(...times).toFixed(0)
    t.ok(memory < maxMemory,
      `each of ${sockets.length} ${name}: ${memory.toFixed(0)} MB; other requests: ${latency} ms at most`)
    for (const socket of sockets) socket.destroy()
    server.kill('SIGTERM')
    t.equal(await server.ended, 0, name)
    t.equal(server.output.stderr, '')
    const warned = server.output.stdout.includes('"msg":"more than ')
    t.equal(warned, connections > 1_000, 'it logs a warning if there are more connections than its heap has room for')
  }
})
