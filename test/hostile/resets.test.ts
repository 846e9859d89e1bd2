import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import type { NetConnectOpts, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import type { Test } from 'tap'
import { closed, readToEnd } from '../support/http.ts'
import {
  eventually, openDescriptors, serverDocument, serverPath, spawnServer, startServer
} from './server.ts'
import type { RunningServer } from './server.ts'
import { count, seed } from './size.ts'

const total = count(20_000, 2_000)
const connections = 32
const upgradeToHttp2 = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n'

/** One request of each kind that Node handles in a different code path. */
const requests = [
  `GET ${serverPath} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `HEAD ${serverPath} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n',
  `GET ${serverPath} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  `GET ${serverPath} HTTP/1.1\r\nHost: a\r\n${upgradeToHttp2}\r\n`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  `PUT ${serverPath} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello`,
  `PUT ${serverPath} HTTP/1.1\r\nHost: a\r\nExpect: something\r\nContent-Length: 5\r\n\r\nhello`,
  `POST ${serverPath} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  `POST ${serverPath} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n`,
  'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n',
  `GET ${serverPath} HTTP/1.1\r\n\r\n`,
  `GET /${'a'.repeat(9_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'a'.repeat(20_000)}\r\n\r\n`,
  'nonsense\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00'
]

const ends = ['reset', 'reset after the response begins', 'half-close, then reset', 'half-close', 'destroy'] as const
type End = typeof ends[number]

interface Case {
  /** Some requests, the last one cut anywhere. */
  readonly bytes: Buffer
  readonly end: End
}

const cases = fc.record({
  bytes: fc.tuple(
    fc.array(fc.constantFrom(...requests.slice(0, 3)), { maxLength: 2 }),
    fc.constantFrom(...requests),
    fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }))
  ).map(([before, last, at]) => Buffer.from(before.join('') + last.slice(0, Math.ceil(at * last.length)), 'latin1')),
  end: fc.constantFrom(...ends)
})

async function abuse (address: NetConnectOpts, { bytes, end }: Case): Promise<void> {
  const socket = connect({ ...address, allowHalfOpen: true }).on('error', () => {})
  const close = closed(socket)
  await Promise.race([once(socket, 'connect').catch(() => {}), close])
  socket.write(bytes)
  await breathe()
  await endings[end](socket, close)
  await close
}

/** Unix sockets have no reset; closing one with unread data looks the same to the server. */
function reset (socket: Socket): void {
  if (socket.remoteFamily === undefined) socket.destroy()
  else socket.resetAndDestroy()
}

const endings: Record<End, (socket: Socket, close: Promise<void>) => unknown> = {
  reset,
  async 'reset after the response begins' (socket, close) {
    // An incomplete request gets no response, and both ends would wait.
    const patience = new Promise(resolve => setTimeout(resolve, 20))
    await Promise.race([once(socket, 'readable').catch(() => {}), close, patience])
    reset(socket)
  },
  async 'half-close, then reset' (socket) {
    socket.end()
    await breathe()
    reset(socket)
  },
  'half-close' (socket) {
    socket.resume().end()
  },
  destroy: socket => socket.destroy()
}

async function abuseAll (t: Test, server: RunningServer, address: NetConnectOpts): Promise<void> {
  t.comment(`SEED=${seed}`)
  const ask = async (): Promise<string> => {
    const socket = connect(address)
    socket.write(`GET ${serverPath} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    return await readToEnd(socket)
  }
  t.ok((await ask()).endsWith(serverDocument))
  const before = openDescriptors(server.pid)
  const all = fc.sample(cases, { seed, numRuns: total })[Symbol.iterator]()
  let alive = true
  server.ended.then(() => { alive = false })
  async function work (): Promise<void> {
    for (const one of all) {
      if (!alive) return
      await abuse(address, one)
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  t.ok(alive, 'the process is still running')
  t.ok((await ask()).endsWith(serverDocument), 'and still serves')
  await eventually(async () => {
    const now = openDescriptors(server.pid)
    if (now > before) throw new Error(`${now} descriptors are open, ${before} were`)
  })
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.equal(server.output.stderr, '')
}

t.test(`${total} connections that are reset or half-closed anywhere, over TCP`, async t => {
  const server = await startServer(t)
  await abuseAll(t, server, { port: server.port, host: '127.0.0.1' })
})

t.test(`${total} connections that are reset or half-closed anywhere, over a Unix socket`, async t => {
  const directory = mkdtempSync(join(tmpdir(), 'mwk-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'w.sock')
  const server = spawnServer(t, { HOST: `unix:${path}` })
  await server.lineWith('serving the well-known documents')
  await abuseAll(t, { ...server, port: 0 }, { path })
})
