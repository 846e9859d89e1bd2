import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../src/server/limits.ts'
import { closed, request } from '../support/http.ts'
import { count } from './size.ts'

export interface Attack {
  readonly name: string
  readonly connections: number
  /** @param index how many connections have been opened before. */
  readonly run: (socket: Socket, index: number) => Promise<void>
}

const line = `X-Header-${'x'.repeat(40)}: ${'y'.repeat(100)}\r\n`
const lineCount = Math.min(limits.maxHeaders, Math.floor(limits.maxHeaderSize / line.length)) - 2
const headers = `Host: a\r\n${line.repeat(lineCount)}`
const endless = `POST / HTTP/1.1\r\nContent-Length: 1000000\r\n${headers}\r\nx`
const trailers = `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${headers}\r\n0\r\n${line.repeat(lineCount)}`
/** As short as requests can be. */
const short = 'GET / HTTP/1.1\r\nHost:\r\n\r\n'
/** As much as the server reads in one go. */
const ahead = short.repeat(2_600)

/** What a connection can do to stay open and use memory. */
export const attacks: readonly Attack[] = [
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
    run: socket => write(socket, endless)
  },
  {
    name: 'has sent the largest possible headers and a body, and almost all of such headers again',
    connections: count(3_000, 1_500),
    async run (socket) {
      await write(socket, `POST / HTTP/1.1\r\nContent-Length: 1\r\n${headers}\r\nx`)
      socket.write(`GET / HTTP/1.1\r\n${headers}`)
    }
  },
  {
    name: 'has sent the largest possible headers and a body that does not end, and the last ones send ahead',
    connections: count(2_000, 1_200),
    async run (socket, index) {
      if (index < count(1_960, 1_180)) await write(socket, endless)
      else await sendAhead(socket)
    }
  },
  {
    name: 'has sent the largest possible headers, and trailers that do not end, and the last ones send ahead',
    connections: count(2_000, 1_200),
    async run (socket, index) {
      if (index < count(1_960, 1_180)) await write(socket, trailers)
      else await sendAhead(socket)
    }
  },
  {
    name: 'sends requests ahead and reads nothing',
    connections: count(60, 20),
    run: async socket => await sendAhead(socket)
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

/** A query with as many names as possible, of which each has three values; and short requests behind it. */
const query = Array.from({ length: 36 * 24 }, (_, i) => `&${(i + 36).toString(36)}`.repeat(3)).join('')
const aheadWithQueries = `GET /?${query.slice(0, 7_990)} HTTP/1.1\r\nHost:\r\n\r\n${short.repeat(3)}`.repeat(8)

/** What takes memory only if requests are logged. */
export const attackOnLog: Attack = {
  name: 'sends long queries ahead and reads nothing',
  connections: count(200, 40),
  run: async socket => await sendAhead(socket, aheadWithQueries, 100)
}

/** Reads no responses. */
async function sendAhead (socket: Socket, text = ahead, times = 10): Promise<void> {
  socket.pause()
  for (let i = 0; i < times && !socket.destroyed; i++) {
    socket.write(text)
    await sleep(10)
  }
}

/** Writes, and waits for a response. */
async function write (socket: Socket, text: string): Promise<void> {
  socket.write(text)
  await Promise.race([once(socket, 'data').catch(() => {}), closed(socket)])
}

export interface AttackResult {
  /** How many connections there are, open or not. */
  readonly connections: number
  /** What another client received, if it wasn't the document. */
  readonly wrong: string[]
  /** How long another client waited at most, in ms. */
  readonly latency: number
  /** Closes all connections. */
  readonly end: () => void
}

/** Runs an attack on a server on this machine; meanwhile, another client requests a document. */
export async function runAttack (
  port: number, { connections, run }: Attack, path: string, document: string
): Promise<AttackResult> {
  const sockets: Socket[] = []
  const wrong: string[] = []
  const times: number[] = []
  while (sockets.length < connections) {
    await Promise.all(Array.from({ length: 20 }, async () => {
      const index = sockets.length
      // One client address has only 28,000 ports.
      const localAddress = `127.0.0.${2 + index % 8}`
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      sockets.push(socket)
      socket.on('error', () => {})
      await Promise.race([once(socket, 'connect').catch(() => {}), closed(socket)])
      if (!socket.destroyed) await run(socket, index)
    }))
    const begin = performance.now()
    const body = await request(port, path).then(({ body }) => body, String)
    times.push(performance.now() - begin)
    if (body !== document) wrong.push(body)
  }
  const end = (): void => { for (const socket of sockets) socket.destroy() }
  return { connections: sockets.length, wrong, latency: Math.max(...times), end }
}
