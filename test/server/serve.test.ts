import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import t from 'tap'
import { limits } from '../../src/server/limits.ts'
import { portOf, preload, startCli } from '../support/cli.ts'
import { readToEnd, requestAll } from '../support/http.ts'

const base = { SERVER_NAME: 'example.com', HOST: '127.0.0.1', PORT: '0' }
const path = '/.well-known/matrix/server'

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} stops with grace: what is in flight is finished, nothing new is begun`, async t => {
    const cli = startCli(t, [], base)
    const port = await portOf(cli)

    const idle = connect(port, '127.0.0.1')
    idle.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(idle, 'data')
    const inFlight = connect(port, '127.0.0.1')
    inFlight.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n`)
    // A whole request on another connection is answered after the half one has been read.
    await requestAll(port, 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')

    cli.kill(signal)
    await cli.lineWith(`${signal}: stopping`)
    await readToEnd(idle)
    // Reset where it came into the queue a moment before the end.
    await t.rejects(requestAll(port, ''), { code: /^(ECONNREFUSED|ECONNRESET)$/ })
    inFlight.write('\r\n')
    const answer = await readToEnd(inFlight)
    t.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
    t.match(answer, '\r\nConnection: close\r\n')
    t.match(answer, /\r\n\r\n{"m\.server":"example\.com:443"}$/)
    t.equal(await cli.ended, 0)
  })
}

t.test('a client that never finishes does not hold up the end', async t => {
  const cli = startCli(t, [], base)
  const port = await portOf(cli)
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\n')
  await requestAll(port, 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  cli.kill('SIGTERM')
  await readToEnd(socket)
  t.equal(await cli.ended, 0)
  t.ok(limits.closeTimeout < limits.stopTimeout && limits.stopTimeout <= 10_000)
})

t.test('an error of the program is logged before the end', async t => {
  const cli = startCli(t, [], base, { nodeOptions: [preload('throw-on-sigpipe')] })
  await portOf(cli)
  cli.kill('SIGPIPE')
  t.equal(await cli.ended, 1)
  t.match(cli.output.stdout, /"level":"fatal".*"message":"on purpose".*"msg":"stopping after an error of the program"/)
})

t.test('a crash is a crash: the process ends and does not hang', async t => {
  for (const signal of ['SIGSEGV', 'SIGILL', 'SIGABRT'] as const) {
    const cli = startCli(t, [], base)
    await portOf(cli)
    cli.kill(signal)
    t.equal(await cli.ended, signal)
  }
})

t.test('serving loads nothing of the check', async t => {
  const folder = t.testdir()
  // Node tells there, at its end, of each script that it has loaded; what measures coverage would tell elsewhere.
  const cli = startCli(t, [], { ...base, NODE_V8_COVERAGE: folder }, { measured: false, shell: 'NODE_OPTIONS= exec "$@"' })
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
