import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { replaceStaleSocket } from '../../src/server/socket-file.ts'
import { startProcess } from '../support/cli.ts'

/** A path that is short enough for a socket. */
function makePath (t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'mwk-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  return join(directory, 'w.sock')
}

/** Leaves a stale socket behind, on which no process listens. */
async function leaveSocket (t: Test, path: string): Promise<void> {
  const script = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))'
  const left = startProcess(t, process.execPath, ['-e', script, path], {}, '/')
  t.equal(await left.ended, 'SIGKILL')
  t.ok(lstatSync(path).isSocket())
}

async function listen (t: Test, path: string): Promise<void> {
  const server = createServer()
  t.teardown(() => server.close())
  server.listen(path)
  await once(server, 'listening')
}

t.test('if many start together on a stale socket, one listens, and the others fail with EADDRINUSE', async t => {
  const path = makePath(t)
  await leaveSocket(t, path)
  const attempts = Array.from({ length: 20 }, async () => {
    await replaceStaleSocket(path, async () => await listen(t, path))
  })
  const results = await Promise.allSettled(attempts)
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  t.match(results.filter(result => result.status === 'rejected')[0]?.reason, { code: 'EADDRINUSE' })
  t.notOk(existsSync(`${path}.lock`))
})

t.test('a lock that a killed process left behind is ignored after a while', async t => {
  const path = makePath(t)
  mkdirSync(`${path}.lock`)
  await replaceStaleSocket(path, async () => await listen(t, path))
  t.ok(lstatSync(path).isSocket())
  t.notOk(existsSync(`${path}.lock`))
})
