import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import t from 'tap'
import type { Test } from 'tap'
import { request } from '../support/http.ts'
import { count } from './size.ts'
import { eventually, findPort, serverDocument, serverPath, spawnServer } from './server.ts'

/** Every request has its answer, however many lines are lost. */
async function answersAll (t: Test, port: number): Promise<void> {
  await eventually(() => request(port, '/health'))
  const requests = count(3_000, 800)
  const begin = performance.now()
  for (let i = 0; i < requests; i++) {
    const { status, body } = await request(port, serverPath)
    if (status !== 200 || body !== serverDocument) throw new Error(`request ${i}: ${status} ${body}`)
  }
  t.comment(`${requests} requests in ${Math.round(performance.now() - begin)} ms`)
}

t.test('a full disk below standard output: it serves, and says on standard error that the log is lost', async t => {
  const port = await findPort()
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, 'exec "$@" >/dev/full')
  await answersAll(t, port)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.equal(server.output.stderr, "Can't write the log (ENOSPC: no space left on device, write); still serving, but log lines are being dropped.\n")
})

t.test('a reader of standard output that has gone', async t => {
  const port = await findPort()
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, 'exec "$@" > >(head -n 1 >/dev/null)')
  await answersAll(t, port)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.equal(server.output.stderr, "Can't write the log (write EPIPE); still serving, but log lines are being dropped.\n")
})

t.test('a pipe that is full: it serves, and once somebody reads says how much is lost', async t => {
  const port = await findPort()
  const cwd = t.testdir()
  // The process itself has the other end open, so that the pipe does not break.
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, 'mkfifo pipe && exec 3<>pipe && exec "$@" >pipe', cwd)
  for (let i = 0; !server.output.stderr.includes('dropped'); i++) {
    t.ok(i < 20)
    await answersAll(t, port)
  }
  t.equal(server.output.stderr, "Can't write the log (its reader is too slow); still serving, but log lines are being dropped.\n")

  const lines = createInterface(createReadStream(`${cwd}/pipe`))
  let read = 0
  lines.on('line', line => { JSON.parse(line); read++ })
  await eventually(async () => { if (!server.output.stderr.includes('again')) throw new Error('not again yet') })
  const [, dropped] = /^The log is being written again; (\d+) lines were dropped\.$/m.exec(server.output.stderr) ?? []
  t.ok(Number(dropped) > 0)
  await request(port, '/after')
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
  t.comment(`${read} lines, each of them whole, ${dropped} dropped`)
  t.ok(read > 0)
  lines.close()
})

t.test('a full pipe does not hold up the end', async t => {
  const port = await findPort()
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, 'mkfifo pipe && exec 3<>pipe && exec "$@" >pipe')
  await answersAll(t, port)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
})

t.test('without any standard output', async t => {
  const port = await findPort()
  const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, 'exec "$@" >&- 2>&-')
  await answersAll(t, port)
  server.kill('SIGTERM')
  t.equal(await server.ended, 0)
})

t.test('with standard error broken as well it serves all the same', async t => {
  for (const before of ['exec "$@" >/dev/full 2>&1', 'exec "$@" > >(exit) 2>&1']) {
    const port = await findPort()
    const server = spawnServer(t, { PORT: String(port), LOG_REQUESTS: 'true' }, before)
    await answersAll(t, port)
    server.kill('SIGTERM')
    t.equal(await server.ended, 0, before)
  }
})

t.test('wrong settings are status 78 with a full disk, too', async t => {
  const server = spawnServer(t, { PORT: 'x' }, 'exec "$@" >/dev/full')
  t.equal(await server.ended, 78)
  t.match(server.output.stderr, "Can't write the log (ENOSPC")
})
