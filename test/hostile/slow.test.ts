import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { limits } from '../../src/server/limits.ts'
import { closed, request } from '../support/http.ts'
import { count } from './size.ts'
import {
  eventually, median, open, openDescriptors, residentMemory, serverDocument, serverPath, startServer
} from './server.ts'

/** How late a connection may be closed: the limits are checked periodically, and the machine is busy. */
const lateness = 5_000

interface Attack {
  readonly name: string
  /** How long the connection may be open, in milliseconds. */
  readonly limit: number
  /** The statuses of the responses it gets. */
  readonly statuses: RegExp
  /** Continues until the connection is closed. */
  readonly run: (socket: Socket) => void
}

/** Writes something at regular intervals. */
function drip (socket: Socket, first: string, drop: () => string | Buffer, every = 1_000): void {
  socket.write(first)
  const timer = setInterval(() => socket.write(drop()), every)
  socket.once('close', () => clearInterval(timer))
}

const get = 'GET / HTTP/1.1\r\nHost: a\r\n'
const getHealth = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'
const post = 'POST /nothing HTTP/1.1\r\nHost: a\r\n'
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`
const header = 'X-a: b\r\n'
const largeChunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`

const inHeaders: ReadonlyArray<Omit<Attack, 'limit'>> = [
  { name: 'nothing at all', statuses: /^408?$/, run: () => {} },
  { name: 'a request line, a byte a second', statuses: /^408$/, run: socket => drip(socket, 'GET /', () => 'a') },
  { name: 'headers, one a second', statuses: /^408$/, run: socket => drip(socket, get, () => header) },
  {
    name: 'headers of a second request, one a second',
    statuses: /^200,408$/,
    run: socket => drip(socket, `${getHealth}GET / HTTP/1.1\r\n`, () => header)
  }
]

const inBody: ReadonlyArray<Omit<Attack, 'limit' | 'statuses'>> = [
  { name: 'a body, a byte a second', run: socket => drip(socket, `${post}Content-Length: 100000\r\n\r\n`, () => 'x') },
  { name: 'a chunked body, a chunk a second', run: socket => drip(socket, chunked, () => '1\r\nx\r\n') },
  { name: 'an endless body, fast', run: socket => drip(socket, chunked, () => largeChunk, 20) },
  { name: 'a body that stops', run: socket => { socket.write(`${post}Content-Length: 100000\r\n\r\nx`) } },
  { name: 'trailers, one a second', run: socket => drip(socket, `${chunked}0\r\n`, () => header) }
]

const attacks: readonly Attack[] = [
  ...inHeaders.map(attack => ({ ...attack, limit: limits.headersTimeout })),
  ...inBody.map(attack => ({ ...attack, limit: limits.requestTimeout, statuses: /^404$/ }))
]

t.test('the limits disconnect slow clients, and other clients are unaffected', async t => {
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
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status).join()
    return { attack, statuses, time: performance.now() - begin }
  }))
  // Only a few: it takes thousands of responses to fill the buffers in between, so many such clients would be a flood.
  const readers = readNothing(t, server.port, server.pid, 5)
  const results = await Promise.all(victims)
  for (const { attack, statuses, time } of results) {
    if (!attack.statuses.test(statuses)) t.fail(attack.name, { statuses })
    if (time < attack.limit - 100 || time > attack.limit + lateness) t.fail(attack.name, { time })
  }
  for (const { name, limit } of attacks) {
    const times = results.filter(({ attack }) => attack.name === name).map(({ time }) => time / 1000)
    t.pass(`${name}: ${disconnected(times)}; the limit is ${limit / 1000} s`)
  }
  await readers
  over.abort()
  await honest
  await resting
  await eventually(async () => {
    const now = openDescriptors(server.pid)
    if (now > before) throw new Error(`${now} descriptors, ${before} before`)
  })
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
})

function disconnected (seconds: readonly number[]): string {
  const [min, max] = [Math.min(...seconds), Math.max(...seconds)].map(time => time.toFixed(1))
  return `${seconds.length} disconnected after ${min} to ${max} s`
}

/** Clients that keep sending requests and never read a response, until all buffers are full and they are cut off. */
async function readNothing (t: Test, port: number, pid: number, each: number): Promise<void> {
  const requests = `GET /${'a'.repeat(200)} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(100)
  const times = await Promise.all(Array.from({ length: each }, async () => {
    const begin = performance.now()
    const socket = open(t, port)
    socket.pause()
    const patience = setTimeout(() => socket.destroy(new Error('not closed')), limits.connectionTimeout + lateness)
    // A paused socket doesn't notice the end of the connection; writing to it does.
    while (!socket.destroyed) {
      if (socket.writableLength < 1_000_000) socket.write(requests)
      await sleep(1)
    }
    clearTimeout(patience)
    if (socket.errored?.message === 'not closed') t.fail('a client that reads nothing')
    return (performance.now() - begin) / 1000
  }))
  t.pass(`clients that read nothing: ${disconnected(times)}; memory ${residentMemory(pid).toFixed(0)} MB`)
}

/** Repeats a request, on new connections and on a persistent one. */
async function sendHonestly (t: Test, port: number, over: AbortSignal): Promise<void> {
  const kept = open(t, port)
  const times: number[] = []
  while (!over.aborted) {
    const begin = performance.now()
    const { status, body } = await request(port, serverPath)
    times.push(performance.now() - begin)
    if (status !== 200 || body !== serverDocument) t.fail('unexpected response', { status, body })
    kept.write(`GET ${serverPath} HTTP/1.1\r\nHost: a\r\n\r\n`)
    const response = String(await once(kept, 'data'))
    if (!response.endsWith(serverDocument)) t.fail('unexpected response on the persistent connection', { response })
    await sleep(50)
  }
  kept.end()
  await closed(kept)
  const [middle, max] = [median(times), Math.max(...times)].map(time => time.toFixed(1))
  t.comment(`${times.length} honest requests: median ${middle} ms, max ${max} ms`)
}

/** A connection that got a response and is then idle for longer than any limit except the keep-alive timeout. */
async function rest (t: Test, port: number): Promise<void> {
  const socket = open(t, port)
  socket.write(getHealth)
  await once(socket, 'data')
  await sleep(limits.connectionTimeout + lateness)
  socket.write(getHealth)
  t.match(String(await once(socket, 'data')), /^HTTP\/1\.1 200 /, 'a connection that is only idle is kept')
  socket.end()
  await closed(socket)
}
