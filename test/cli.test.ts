import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { portOf, preload, startCli, startCliOnTerminal } from './support/cli.ts'
import { request } from './support/http.ts'
import { listenWith } from './support/stranger.ts'

const base = { SERVER_NAME: 'example.com', HOST: '127.0.0.1', PORT: '0' }

t.test('tells how it is used', async t => {
  for (const option of ['--help', '-h']) {
    const cli = startCli(t, [option], {})
    t.equal(await cli.ended, 0)
    t.match(cli.output, { stdout: /^Usage: matrix-well-known \[command\]\n/, stderr: '' })
    t.ok(cli.output.stdout.split('\n').every(line => line.length <= 80), 'in 80 columns')
  }
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  const cli = startCli(t, ['--version'], {})
  t.equal(await cli.ended, 0)
  t.strictSame(cli.output, { stdout: `${version}\n`, stderr: '' })
})

t.test('a wrong command line is told with the usage, status 2', async t => {
  const cases: [args: string[], fault: string][] = [
    [['sreve'], 'There is no command "sreve".'],
    [['serve', 'twice'], 'One command at a time, not serve twice.'],
    [['--port=1'], "Unknown option '--port'"]
  ]
  for (const [args, fault] of cases) {
    const cli = startCli(t, args, base)
    t.equal(await cli.ended, 2, args.join(' '))
    t.equal(cli.output.stdout, '')
    t.ok(cli.output.stderr.startsWith(fault), cli.output.stderr)
    t.match(cli.output.stderr, '\n\nUsage: matrix-well-known [command]\n')
  }
})

t.test('says at start what is served, where, and what looks odd', async t => {
  const cli = startCli(t, ['serve'], { ...base, M_SERVER: 'matrix.example.com', M_HOMESERVER_BASE_URL: 'https://matrix.example.com', SUPPORT_PAGE: 'https://example.com/help' })
  const port = await portOf(cli)
  await cli.lineWith('/support: ')
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
  const lines = cli.output.stdout.trimEnd().split('\n').map(line => {
    const { time, ...rest } = JSON.parse(line) as Record<string, unknown>
    t.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    return rest
  })
  t.strictSame(lines, [
    { level: 'warn', msg: 'M_SERVER is "matrix.example.com", without a port: other servers look for SRV records and then try port 8448; if yours is on port 443, write matrix.example.com:443' },
    { level: 'info', serverName: 'example.com', address: `http://127.0.0.1:${port}`, msg: `serving the well-known documents of example.com at http://127.0.0.1:${port}` },
    { level: 'info', path: '/.well-known/matrix/server', size: 33, target: 'matrix.example.com', msg: '/.well-known/matrix/server: 33 bytes, matrix.example.com' },
    { level: 'info', path: '/.well-known/matrix/client', size: 58, target: 'https://matrix.example.com', msg: '/.well-known/matrix/client: 58 bytes, https://matrix.example.com' },
    { level: 'info', path: '/.well-known/matrix/support', size: 43, target: 'https://example.com/help', msg: '/.well-known/matrix/support: 43 bytes, https://example.com/help' },
    { level: 'info', msg: 'SIGTERM: stopping' }
  ])
  t.equal(cli.output.stderr, '')
})

t.test('wrong settings are told at once, a line of the log each, status 78', async t => {
  const cli = startCli(t, [], { SERVERNAME: 'example.com', M_SERVER: 'https://m.example.com', LOG_LEVEL: 'loud' })
  t.equal(await cli.ended, 78)
  t.equal(cli.output.stderr, '')
  t.match(cli.output.stdout.trimEnd().split('\n').map(line => JSON.parse(line) as unknown), [
    { level: 'warn', msg: 'SERVERNAME is not a setting and is ignored: did you mean SERVER_NAME?' },
    { level: 'fatal', msg: /^SERVER_NAME is not set: / },
    { level: 'fatal', msg: 'M_SERVER is "https://m.example.com": leave out "https://", write m.example.com:443' },
    { level: 'fatal', msg: 'LOG_LEVEL is "loud": write one of fatal, error, warn, info, debug, trace, silent' }
  ])
})

t.test('on a terminal it speaks plain text', async t => {
  const wrong = startCliOnTerminal(t, { SERVERNAME: 'example.com', PORT: 'x' })
  t.equal(await wrong.ended, 78)
  t.strictSame(wrong.output.stdout.split('\n'), [
    'SERVERNAME is not a setting and is ignored: did you mean SERVER_NAME?',
    'SERVER_NAME is not set: write the server name: what stands after the colon in user IDs, such as SERVER_NAME=example.com',
    'PORT is "x": write a whole number such as 8080',
    ''
  ])
  const right = startCliOnTerminal(t, base)
  t.match(await right.lineWith('serving the well-known documents of example.com'), /INFO.*: serving the well-known documents of example\.com at http:\/\/127\.0\.0\.1:\d+/)
})

t.test('reads a .env in its working directory; the environment wins', async t => {
  const cwd = t.testdir({ '.env': 'SERVER_NAME=file.example\nHOST=127.0.0.1\nPORT=0\n' })
  const cli = startCli(t, [], { SERVER_NAME: 'environment.example' }, { cwd })
  const port = await portOf(cli)
  t.equal((await request(port, '/.well-known/matrix/server')).body, '{"m.server":"environment.example:443"}')

  const broken = startCli(t, [], base, { cwd: t.testdir({ '.env': {} }) })
  t.equal(await broken.ended, 78)
  t.match(broken.output.stdout, '.env is not read: not a regular file, put one in its place')
})

t.test('a server that can not listen says why in a line, status 1', async t => {
  const port = await listenWith(t, () => {})
  const cli = startCli(t, [], { ...base, PORT: String(port) })
  t.equal(await cli.ended, 1)
  const { level, msg } = JSON.parse(cli.output.stdout) as Record<string, string>
  t.strictSame({ level, msg }, { level: 'fatal', msg: `PORT is ${port}: something else listens there already, stop it or set another PORT` })
})

t.test('serves with a full disk below its output, and says so where it can', async t => {
  for (const [shell, stderr] of [
    ['exec "$@" >/dev/full', 'The log can not be written (ENOSPC: no space left on device, write): serving goes on, lines are lost.\n'],
    ['exec "$@" >/dev/full 2>&1', '']
  ] as const) {
    const directory = mkdtempSync(join(tmpdir(), 'mwk-'))
    t.teardown(() => rmSync(directory, { recursive: true }))
    const HOST = `unix:${directory}/w.sock`
    const cli = startCli(t, [], { ...base, HOST }, { shell })
    for await (const { filename } of watch(directory)) if (filename === 'w.sock') break
    const health = startCli(t, ['healthcheck'], { HOST })
    t.equal(await health.ended, 0)
    cli.kill('SIGTERM')
    t.equal(await cli.ended, 0)
    t.equal(cli.output.stderr, stderr)
  }
})

t.test('an error that nobody has foreseen is shown as it is, for a report', async t => {
  const cli = startCli(t, [], base, { nodeOptions: [preload('broken-http')] })
  t.equal(await cli.ended, 1)
  t.match(cli.output.stderr, /Error: on purpose\n +at /)
})
