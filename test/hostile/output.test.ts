import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import t from 'tap'
import type { Test } from 'tap'
import { findFreePort } from '../support/free-ports.ts'
import { request } from '../support/http.ts'
import { count } from './size.ts'
import { eventually, serverDocument, serverPath, spawnServer } from './server.ts'

/** Checks that every request gets its response, however many lines are lost. */
async function sendMany (t: Test, port: number): Promise<void> {
  await eventually(() => request(port, '/health'))
  const requests = count(3_000, 800)
  const begin = performance.now()
  for (let i = 0; i < requests; i++) {
    const { status, body } = await request(port, serverPath)
    if (status !== 200 || body !== serverDocument) throw new Error(`request ${i}: ${status} ${body}`)
  }
  t.comment(`${requests} requests in ${Math.round(performance.now() - begin)} ms`)
}

const dropping = (reason: string): string =>
  `Can't write the log (${reason}); still serving, but log lines are being dropped.\n`

/** The process itself keeps the other end open, so the pipe doesn't break. */
const intoFullPipe = 'mkfifo pipe && exec 3<>pipe && exec "$@" >pipe'

t.test('with a full disk behind standard output, it serves and reports lost lines on standard error', async t => {
  const port = await findFreePort()
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, 'exec "$@" >/dev/full')
  await sendMany(t, port)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.equal(server.output.stderr, dropping('ENOSPC: no space left on device, write'))
})

t.test('the reader of standard output has ended', async t => {
  const port = await findFreePort()
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, 'exec "$@" > >(head -n 1 >/dev/null)')
  await sendMany(t, port)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.equal(server.output.stderr, dropping('write EPIPE'))
})

t.test('with a full pipe, it serves and reports how many lines were lost once the pipe is read', async t => {
  const port = await findFreePort()
  const cwd = t.testdir()
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, intoFullPipe, cwd)
  for (let i = 0; !server.output.stderr.includes('dropped'); i++) {
    t.ok(i < 20)
    await sendMany(t, port)
  }
  t.equal(server.output.stderr, dropping('its reader is too slow'))

  const lines = createInterface(createReadStream(`${cwd}/pipe`))
  let read = 0
  lines.on('line', line => { JSON.parse(line); read++ })
  await eventually(async () => { if (!server.output.stderr.includes('again')) throw new Error('not again yet') })
  const [, dropped] = /^The log is being written again; lines dropped: (\d+)\.$/m.exec(server.output.stderr) ?? []
  t.ok(Number(dropped) > 0)
  await request(port, '/after')
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.comment(`${read} complete lines, ${dropped} dropped`)
  t.ok(read > 0)
  lines.close()
})

t.test('a full pipe does not delay the stop', async t => {
  const port = await findFreePort()
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, intoFullPipe)
  await sendMany(t, port)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
})

t.test('it serves with standard output and standard error closed', async t => {
  const port = await findFreePort()
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, 'exec "$@" >&- 2>&-')
  await sendMany(t, port)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
})

t.test('it serves with both standard output and standard error broken', async t => {
  for (const before of ['exec "$@" >/dev/full 2>&1', 'exec "$@" > >(exit) 2>&1']) {
    const port = await findFreePort()
    const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, before)
    await sendMany(t, port)
    server.kill('SIGTERM')
    t.equal(await server.ended, 0, before)
  }
})

t.test('invalid settings end in status 78 on a full disk as well', async t => {
  const server = spawnServer(t, { PORT: 'x' }, 'exec "$@" >/dev/full')
  t.equal(await server.ended, 78)
  t.match(server.output.stderr, "Can't write the log (ENOSPC")
})
