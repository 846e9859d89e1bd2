import { once } from 'node:events'
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { limits } from '../../src/server/limits.ts'
import { closed, request } from '../support/http.ts'
import { eventually, open, serverDocument, serverPath, startServer } from './server.ts'

const day = 86_400_000
const health = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'

/** Debian's libfaketime, which replaces the system time that a program sees. */
function findLibrary (): string {
  const paths = readdirSync('/usr/lib').map(name => `/usr/lib/${name}/faketime/libfaketime.so.1`)
  const found = paths.find(path => existsSync(path))
  if (found !== undefined) return found
  throw new Error('libfaketime is not installed; use apt-get install --no-install-recommends libfaketime')
}

t.test('nothing depends on the system clock, whether it jumps forward or back', async t => {
  const file = `${t.testdir()}/offset`
  function setClock (days: number): void {
    writeFileSync(`${file}.new`, `${days < 0 ? '' : '+'}${days}d\n`)
    renameSync(`${file}.new`, file)
  }
  setClock(0)
  const environment = {
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
    LOG_REQUESTS: 'true'
  }
  const server = await startServer(t, environment, `exec env LD_PRELOAD=${findLibrary()} "$@"`)
  const kept = open(t, server.port)
  kept.write(health)
  await once(kept, 'data')
  for (const days of [400, -400, 20_000, -10_000, 0]) {
    // Neither an idle connection nor an incomplete request times out because of the jump.
    const underWay = open(t, server.port)
    underWay.write(`GET ${serverPath} HTTP/1.1\r\nHost: a\r\n`)
    const slow = open(t, server.port)
    const slowBegin = performance.now()
    const slowEnd = closed(slow).then(() => performance.now() - slowBegin)
    slow.resume()
    await request(server.port, '/health')
    setClock(days)
    const date = await eventually(async () => {
      const { headers, status, body } = await request(server.port, serverPath)
      if (status !== 200 || body !== serverDocument) t.fail('unexpected response', { status, body })
      const off = Date.parse(headers.date?.[0] ?? '') - Date.now() - days * day
      if (Math.abs(off) > day) throw new Error(`the server's clock has not jumped: ${headers.date?.[0]}`)
      return headers.date?.[0]
    })
    t.comment(`the server's clock: ${date}`)
    kept.write(health)
    t.match(String(await once(kept, 'data')), /^HTTP\/1\.1 200 /)
    await sleep(2 * limits.connectionsCheckingInterval)
    underWay.write('\r\n')
    t.match(String(await once(underWay, 'data')), /^HTTP\/1\.1 200 /)
    underWay.destroy()
    if (days === 400) t.ok(await slowEnd > limits.headersTimeout - 100, 'a slow client is not disconnected too early')
  }
  const begin = performance.now()
  server.kill('SIGTERM')
  setClock(-400)
  t.equal(await server.ended, 0)
  t.ok(performance.now() - begin < limits.drainTimeout + limits.stopTimeout, 'it stops in time')
  t.match(server.output.stdout, '"msg":"SIGTERM: stopping"')
})
