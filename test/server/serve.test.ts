import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import t from 'tap'
import { portOf, preload, startCli } from '../support/cli.ts'
import { readToEnd, requestAll } from '../support/http.ts'

const base = { SERVER_NAME: 'example.com', HOST: '127.0.0.1', PORT: '0' }
const path = '/.well-known/matrix/server'

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} stops it gracefully: requests in flight are finished, new connections are refused`, async t => {
    const cli = startCli(t, [], base)
    const port = await portOf(cli)

    const idle = connect(port, '127.0.0.1')
    idle.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(idle, 'data')
    const inFlight = connect(port, '127.0.0.1')
    inFlight.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n`)
    // The response to a complete request on another connection shows that the incomplete one has been read.
    await requestAll(port, 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')

    cli.kill(signal)
    await cli.lineWith(`${signal}: stopping`)
    inFlight.write('\r\n')
    const response = await readToEnd(inFlight)
    t.match(response, /^HTTP\/1\.1 200 OK\r\n/)
    t.match(response, /\r\nconnection: close\r\n/i)
    t.match(response, /\r\n\r\n{"m\.server":"example\.com:443"}$/)
    await readToEnd(idle)
    // It is reset if it was accepted just before the server stopped listening.
    await t.rejects(requestAll(port, ''), { code: /^(ECONNREFUSED|ECONNRESET)$/ })
    t.equal(await cli.ended, 0)
  })
}

t.test("a client that never finishes its request doesn't delay the stop", async t => {
  const cli = startCli(t, [], base)
  const port = await portOf(cli)
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\n')
  await requestAll(port, 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  cli.kill('SIGTERM')
  await readToEnd(socket)
  t.equal(await cli.ended, 0)
})

t.test('an unexpected error is logged before the process ends', async t => {
  const cli = startCli(t, [], base, { nodeOptions: [preload('throw-on-sigpipe')] })
  await portOf(cli)
  cli.kill('SIGPIPE')
  t.equal(await cli.ended, 1)
  t.match(cli.output.stdout, /"level":"fatal".*"message":"on purpose".*"msg":"stopping after an error of the program"/)
})

const getHealth = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

for (const shell of ['exec "$@"', 'exec nohup "$@"']) {
  t.test(`SIGHUP, SIGUSR1 and SIGUSR2 change nothing, and the log says so of a reload: ${shell}`, async t => {
    const cli = startCli(t, [], base, { shell })
    const port = await portOf(cli)
    for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) {
      for (let i = 0; i < 2; i++) {
        cli.kill(signal)
        t.match(await requestAll(port, getHealth), [{ status: 200 }])
      }
    }
    t.match(await cli.lineWith('SIGHUP'), 'without SITES_DIR, there is nothing to reload; restart to apply')
    cli.kill('SIGTERM')
    t.equal(await cli.ended, 0)
    t.notMatch(cli.output.stderr, /Debugger/, "Node's inspector wasn't opened")
  })
}

t.test('a crash ends the process', async t => {
  for (const signal of ['SIGSEGV', 'SIGILL', 'SIGABRT'] as const) {
    const cli = startCli(t, [], base)
    await portOf(cli)
    cli.kill(signal)
    t.equal(await cli.ended, signal)
  }
})

t.test('serving loads no modules of check', async t => {
  const folder = t.testdir()
  // When Node exits, it lists there all scripts that it has loaded. Coverage measurement would use another folder.
  const options = { measured: false, shell: 'NODE_OPTIONS= exec "$@"' }
  const cli = startCli(t, [], { ...base, NODE_V8_COVERAGE: folder }, options)
  const port = await portOf(cli)
  await requestAll(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
  const scripts = readdirSync(folder).flatMap(file => {
    const { result } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { result: { url: string }[] }
    return result.map(({ url }) => url)
  })
  t.ok(scripts.some(url => url.endsWith('/dist/server/app.js')))
  t.strictSame(scripts.filter(url => /\/dist\/check\/|\/node_modules\/canonicalize\//.test(url)), [])
})
