import { lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { findFreePort } from '../support/free-ports.ts'
import { closed, readToEnd } from '../support/http.ts'
import { count } from './size.ts'
import { eventually, serverDocument, serverPath, spawnServer } from './server.ts'

const rounds = count(5, 2)

type Address = { port: number, host: string } | { path: string }

/** Sends a request over a new connection. */
async function ask (address: Address): Promise<string> {
  const socket = connect(address)
  socket.write(`GET ${serverPath} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  return await readToEnd(socket)
}

/** Repeatedly kills a server that is handling many requests, and restarts it at the same address. */
async function killAndRestart (t: Test, address: Address, environment: Record<string, string>): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now()
    const server = spawnServer(t, environment)
    await server.lineWith('serving the well-known documents')
    const time = performance.now() - begin
    if (!(await ask(address)).endsWith(serverDocument)) t.fail('unexpected response')
    const sockets = Array.from({ length: 50 }, () => {
      const socket = connect(address)
      socket.on('error', () => {})
      const more = (): unknown => socket.write(`GET ${serverPath} HTTP/1.1\r\nHost: a\r\n\r\n`)
      socket.once('connect', more).on('data', more)
      return socket
    })
    const ends = sockets.map(closed)
    await Promise.all(sockets.map(socket => new Promise(resolve => socket.once('data', resolve))))
    server.kill('SIGKILL')
    t.equal(await server.ended, 'SIGKILL')
    await Promise.all(ends)
    t.comment(`served ${Math.round(time)} ms after the start`)
  }
  const server = spawnServer(t, environment)
  t.ok((await eventually(() => ask(address))).endsWith(serverDocument))
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
}

t.test('killed while it handles many requests, it can reuse its port immediately', async t => {
  const port = await findFreePort()
  await killAndRestart(t, { port, host: '127.0.0.1' }, { PORT: String(port) })
})

t.test('killed while it handles many requests, it can reuse its Unix socket immediately', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'mwk-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'w.sock')
  await killAndRestart(t, { path }, { HOST: `unix:${path}` })
  t.throws(() => lstatSync(path), { code: 'ENOENT' }, 'a graceful stop removes the socket')
})
