import { once } from 'node:events'
import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, Server, connect } from 'node:net'
import type { ListenOptions } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { buildApp } from '../../src/server/app.ts'
import { listen } from '../../src/server/listen.ts'
import { buildLog } from '../../src/server/log/log.ts'
import { buildDirectory } from '../../src/site/directory.ts'
import { buildHeap } from '../support/app.ts'
import { startCli } from '../support/cli.ts'
import { exchange } from '../support/http.ts'

async function listenAt (t: Test, host: string, port = 0): Promise<string> {
  const { server, site } = loadConfig({ SERVER_NAME: 'example.com' })
  const directory = buildDirectory(site)
  const options = { ...server, directory: () => directory, heap: buildHeap() }
  const app = buildApp(options, buildLog('silent', { write () {} }))
  t.teardown(() => app.close())
  return await listen(app, { host, port })
}

/** Makes every attempt to listen at a host fail with this error of the system. */
function failToListen (t: Test, code: string, host: string): void {
  const { listen } = Server.prototype
  t.intercept(Server.prototype, 'listen', {
    value (this: Server, options: ListenOptions, ...rest: never[]) {
      if (options.host !== host) return listen.call(this, options, ...rest)
      process.nextTick(() => this.emit('error', Object.assign(new Error(`listen ${code}`), { code })))
      return this
    }
  })
}

/** A directory whose name is short enough for the path of a socket. */
function makeDirectory (t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'mwk-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  return directory
}

const health = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

t.test('"::" also serves IPv4', async t => {
  const address = await listenAt(t, '::')
  t.match(address, /^http:\/\/\[::\]:\d+$/)
  t.match(await exchange(Number(new URL(address).port), health), /^HTTP\/1\.1 200 /)
})

t.test('on a machine without IPv6, "::" means all IPv4 addresses', async t => {
  for (const code of ['EAFNOSUPPORT', 'EADDRNOTAVAIL']) {
    failToListen(t, code, '::')
    const address = await listenAt(t, '::')
    t.match(address, /^http:\/\/[\d.]+:\d+$/)
    t.match(await exchange(Number(new URL(address).port), health), /^HTTP\/1\.1 200 /, code)
  }
})

t.test('a host name is resolved to one address', async t => {
  const { port, hostname } = new URL(await listenAt(t, 'localhost'))
  t.match(hostname, /^(127\.0\.0\.1|\[::1\])$/)
  const other = createServer().listen({ port: Number(port), host: hostname === '[::1]' ? '127.0.0.1' : '::1' })
  t.teardown(() => other.close())
  // If there is no such address, nothing can listen there.
  const [error] = await Promise.race([once(other, 'listening'), once(other, 'error')])
  t.not(error?.code, 'EADDRINUSE', 'no second server listens on the other address')
})

t.test('an error is one line with the setting, the fault and the fix', async t => {
  const other = createServer()
  t.teardown(() => other.close())
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const taken = (other.address() as { port: number }).port
  const dir = makeDirectory(t)
  writeFileSync(join(dir, 'file'), 'not a socket')
  const cases: [host: string, port: number, message: RegExp][] = [
    ['127.0.0.1', taken,
      new RegExp(`^PORT is ${taken}: the address is already in use; stop the other program, or set`)],
    ['192.0.2.1', 0,
      /^HOST is "192\.0\.2\.1": not an address of this machine; use one that is, or :: for all of them$/],
    // Without a network, the name can't even be looked up.
    ['no.such.host.invalid', 0,
      /^HOST is "no\.such.*": (not an address or a known host name|the name can't be resolved now);/],
    ['fe80::1', 0,
      /^HOST is "fe80::1": (not an address of this machine;|a link-local address needs its interface, as in)/],
    [`unix:${dir}/no/w.sock`, 0, /^HOST is "unix:.*": its directory doesn't exist; create it, or use another path$/],
    [`unix:${dir}/file/w.sock`, 0, /^HOST is "unix:.*": its directory doesn't exist; create it, or use another path$/],
    [`unix:${dir}/file`, 0,
      /^HOST is "unix:.*": the path is already in use by another server, or it isn't a socket; stop/]
  ]
  for (const [host, port, message] of cases) {
    await t.rejects(listenAt(t, host, port), { name: 'ListenError', code: 'ERR_LISTEN', message }, host)
  }
  t.ok(lstatSync(join(dir, 'file')).isFile(), "a file that isn't a socket is kept")
})

t.test('a missing permission is explained, and any other error of the system is reported unchanged', async t => {
  failToListen(t, 'EACCES', '127.0.0.2')
  const message = 'PORT is 80: no permission to listen there; set a PORT above 1023, such as 8080'
  await t.rejects(listenAt(t, '127.0.0.2', 80), { message })
  failToListen(t, 'EWHATEVER', '127.0.0.3')
  await t.rejects(listenAt(t, '127.0.0.3', 80), { message: /^HOST is "127\.0\.0\.3": listen EWHATEVER$/ })
})

t.test('a Unix socket is created for all users, and removed at the end', async t => {
  const path = join(makeDirectory(t), 'w.sock')
  const HOST = `unix:${path}`
  const cli = startCli(t, [], { SERVER_NAME: 'example.com', HOST, LOG_REQUESTS: 'true', TRUST_PROXY: 'loopback' })
  await cli.lineWith(`at ${path}`)
  t.equal(lstatSync(path).mode & 0o666, 0o666)
  const socket = connect(path)
  socket.write(health)
  const [chunk] = await once(socket, 'data') as [Buffer]
  t.match(chunk.toString(), /^HTTP\/1\.1 200 /)
  t.match(await cli.lineWith('"path":"/health"'), /"status":200/)

  await t.rejects(listenAt(t, HOST), { message: /the path is already in use/ }, 'a socket in use is not replaced')
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
  t.throws(() => lstatSync(path), { code: 'ENOENT' })
})

t.test('a Unix socket that a killed process left behind is replaced', async t => {
  const path = join(makeDirectory(t), 'w.sock')
  const environment = { SERVER_NAME: 'example.com', HOST: `unix:${path}` }
  const first = startCli(t, [], environment)
  await first.lineWith('serving')
  first.kill('SIGKILL')
  t.equal(await first.ended, 'SIGKILL')
  t.ok(lstatSync(path).isSocket())
  const second = startCli(t, [], environment)
  await second.lineWith(`at ${path}`)
  second.kill('SIGTERM')
  t.equal(await second.ended, 0)
})
