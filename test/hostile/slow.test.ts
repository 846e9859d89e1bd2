import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { limits } from '../../src/server/limits.ts'
import { request } from '../support/http.ts'
import { count } from './size.ts'
import { closed, eventually, median, open, openDescriptors, residentMemory, serverDocument, serverPath, startServer } from './server.ts'

/** How late a connection may be closed: the limits are looked at once in a while, and the machine is busy. */
const lateness = 5_000

interface Attack {
  readonly name: string
  /** In milliseconds, for the connection to be open. */
  readonly limit: number
  /** The statuses that it gets. */
  readonly answers: RegExp
  /** Goes on until the connection is closed. */
  readonly run: (socket: Socket) => void
}

/** Writes something every now and then. */
function drip (socket: Socket, first: string, drop: () => string | Buffer, every = 1_000): void {
  socket.write(first)
  const timer = setInterval(() => socket.write(drop()), every)
  socket.once('close', () => clearInterval(timer))
}

const post = 'POST /nothing HTTP/1.1\r\nHost: a\r\n'
const attacks: readonly Attack[] = [
  { name: 'nothing at all', limit: limits.headersTimeout, answers: /^408?$/, run: () => {} },
  { name: 'a request line, a byte a second', limit: limits.headersTimeout, answers: /^408$/, run: socket => drip(socket, 'GET /', () => 'a') },
  { name: 'headers, one a second', limit: limits.headersTimeout, answers: /^408$/, run: socket => drip(socket, 'GET / HTTP/1.1\r\nHost: a\r\n', () => 'X-a: b\r\n') },
  { name: 'headers of a second request, one a second', limit: limits.headersTimeout, answers: /^200,408$/, run: socket => drip(socket, 'GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n', () => 'X-a: b\r\n') },
  { name: 'a body, a byte a second', limit: limits.requestTimeout, answers: /^404$/, run: socket => drip(socket, `${post}Content-Length: 100000\r\n\r\n`, () => 'x') },
  { name: 'a chunked body, a chunk a second', limit: limits.requestTimeout, answers: /^404$/, run: socket => drip(socket, `${post}Transfer-Encoding: chunked\r\n\r\n`, () => '1\r\nx\r\n') },
  { name: 'an endless body, fast', limit: limits.requestTimeout, answers: /^404$/, run: socket => drip(socket, `${post}Transfer-Encoding: chunked\r\n\r\n`, () => `10000\r\n${'x'.repeat(0x10000)}\r\n`, 20) },
  { name: 'a body that stops', limit: limits.requestTimeout, answers: /^404$/, run: socket => { socket.write(`${post}Content-Length: 100000\r\n\r\nx`) } },
  { name: 'trailers, one a second', limit: limits.requestTimeout, answers: /^404$/, run: socket => drip(socket, `${post}Transfer-Encoding: chunked\r\n\r\n0\r\n`, () => 'X-a: b\r\n') }
]

/** Many of each attack at once, next to a client that wants its answers. */
t.test('slow clients are cut off by the limits, and hurt nobody else', async t => {
  const server = await startServer(t)
  await request(server.port, '/health')
  const before = openDescriptors(server.pid)
  const each = count(50, 5)
  const over = new AbortController()
  const resting = rest(t, server.port)
  const honest = sendHonestly(t, server.port, over.signal)
  const victims = attacks.flatMap(attack => Array.from({ length: each }, async () => {
    const socket = open(t, server.port)
    const begin = performance.now()
    let text = ''
    socket.on('data', chunk => { text += chunk.toString() })
    socket.once('connect', () => attack.run(socket))
    await closed(socket)
    return { attack, answers: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status).join(), time: performance.now() - begin }
  }))
  // Few: it takes thousands of answers to fill what lies between, and many that ask for them are a flood.
  const readers = readNothing(t, server.port, server.pid, 5)
  for (const { attack, answers, time } of await Promise.all(victims)) {
    if (!attack.answers.test(answers)) t.fail(attack.name, { answers })
    if (time < attack.limit - 100 || time > attack.limit + lateness) t.fail(attack.name, { time })
  }
  for (const { name, limit } of attacks) {
    const times = (await Promise.all(victims)).filter(({ attack }) => attack.name === name).map(({ time }) => time / 1000)
    t.pass(`${name}: ${times.length} cut off after ${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)} s, the limit being ${limit / 1000}`)
  }
  await readers
  over.abort()
  await honest
  await resting
  await eventually(async () => { if (openDescriptors(server.pid) > before) throw new Error(`${openDescriptors(server.pid)} descriptors, ${before} before`) })
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
})

/** Clients that ask and ask, and never read an answer, until they are cut off: when all is full that lies between. */
async function readNothing (t: Test, port: number, pid: number, each: number): Promise<void> {
  const requests = `GET /${'a'.repeat(200)} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(100)
  const times = await Promise.all(Array.from({ length: each }, async () => {
    const begin = performance.now()
    const socket = open(t, port)
    socket.pause()
    const patience = setTimeout(() => socket.destroy(new Error('not closed')), limits.connectionTimeout + lateness)
    // Paused, it does not see the end; to write into it does.
    while (!socket.destroyed) {
      if (socket.writableLength < 1_000_000) socket.write(requests)
      await sleep(1)
    }
    clearTimeout(patience)
    if (socket.errored?.message === 'not closed') t.fail('a client that reads nothing')
    return (performance.now() - begin) / 1000
  }))
  t.pass(`clients that read nothing: ${times.length} cut off after ${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)} s; memory ${residentMemory(pid).toFixed(0)} MB`)
}

/** A request now and then, on a connection of its own and on one that it keeps. */
async function sendHonestly (t: Test, port: number, over: AbortSignal): Promise<void> {
  const kept = open(t, port)
  const times: number[] = []
  while (!over.aborted) {
    const begin = performance.now()
    const { status, body } = await request(port, serverPath)
    times.push(performance.now() - begin)
    if (status !== 200 || body !== serverDocument) t.fail('another answer', { status, body })
    kept.write(`GET ${serverPath} HTTP/1.1\r\nHost: a\r\n\r\n`)
    if (!String(await once(kept, 'data')).endsWith(serverDocument)) t.fail('another answer on the connection that is kept')
    await sleep(50)
  }
  kept.end()
  await closed(kept)
  t.comment(`${times.length} honest requests: ${median(times).toFixed(1)} ms in the median, ${Math.max(...times).toFixed(1)} at most`)
}

/** A connection that has had an answer, and is idle for longer than any limit but the one for that. */
async function rest (t: Test, port: number): Promise<void> {
  const socket = open(t, port)
  const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'
  socket.write(health)
  await once(socket, 'data')
  await sleep(limits.connectionTimeout + lateness)
  socket.write(health)
  t.match(String(await once(socket, 'data')), /^HTTP\/1\.1 200 /, 'a connection that is only idle is kept')
  socket.end()
  await closed(socket)
}
