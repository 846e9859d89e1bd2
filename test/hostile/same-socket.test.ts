import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readToEnd } from '../support/http.ts'
import { serverDocument, serverPath, spawnServer } from './server.ts'
import { count } from './size.ts'

const pairs = count(100, 12)

t.test(`of two processes that start together on a stale Unix socket, exactly one serves: ${pairs} pairs`, async t => {
  const directory = mkdtempSync(join(tmpdir(), 'mwk-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'w.sock')
  const cwd = t.testdir()
  for (let i = 0; i < pairs; i++) {
    const pair = [1, 2].map(() => spawnServer(t, { HOST: `unix:${path}` }, undefined, cwd))
    const outcomes = await Promise.all(pair.map(async server => await Promise.race([
      server.lineWith('serving the well-known documents').then(() => 'serves', () => 'ended'),
      server.ended
    ])))
    const serving = pair.filter((_, index) => outcomes[index] === 'serves')
    const other = pair.find(server => !serving.includes(server))
    if (serving.length !== 1 || other === undefined) t.fail(`pair ${i}`, { outcomes })
    t.equal(await other?.ended, 1)
    t.match(other?.output.stdout, /the path is already in use by another server/)
    const socket = connect(path)
    socket.write(`GET ${serverPath} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    t.ok((await readToEnd(socket)).endsWith(serverDocument), 'the serving one is reachable')
    // This leaves a stale socket for the next pair.
    for (const server of serving) {
      server.kill('SIGKILL')
      await server.ended
    }
  }
})
