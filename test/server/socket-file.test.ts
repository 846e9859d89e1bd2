import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { replaceStaleSocket } from '../../src/server/socket-file.ts'
import { startProcess } from '../support/cli.ts'

/** The path of a socket, short enough for one. */
function makePath (t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'mwk-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  return join(directory, 'w.sock')
}

/** Leaves a socket behind that no process listens on. */
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

t.test('of many that start at the same time on a stale socket, one listens, and the others see that it does', async t => {
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

t.test('a lock that a killed process has left is ignored after a while', async t => {
  const path = makePath(t)
  mkdirSync(`${path}.lock`)
  await replaceStaleSocket(path, async () => await listen(t, path))
  t.ok(lstatSync(path).isSocket())
  t.notOk(existsSync(`${path}.lock`))
})
