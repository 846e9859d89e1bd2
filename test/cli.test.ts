import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { portOf, preload, startCli, startCliOnTerminal } from './support/cli.ts'
import { request } from './support/http.ts'
import { listenWith } from './support/stranger.ts'

const base = { SERVER_NAME: 'example.com', HOST: '127.0.0.1', PORT: '0' }

t.test('--help prints the usage, --version the version', async t => {
  for (const option of ['--help', '-h', 'help']) {
    const cli = startCli(t, [option], {})
    t.equal(await cli.ended, 0)
    t.match(cli.output, { stdout: /^Usage: matrix-well-known \[COMMAND\]\n/, stderr: '' })
  }
  const { version }: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  for (const option of ['--version', '-v', 'version']) {
    const cli = startCli(t, [option], {})
    t.equal(await cli.ended, 0)
    t.strictSame(cli.output, { stdout: `${version}\n`, stderr: '' })
  }
})

t.test('every command has its own --help that fits a terminal, and is listed', async t => {
  const { output, ended } = startCli(t, ['--help'], {})
  await ended
  const list = /^Commands:\n(.*?)\n\n/ms.exec(output.stdout)?.[1] ?? ''
  const names = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name)
  const files = readdirSync(new URL('../src/commands', import.meta.url)).map(file => file.replace('.ts', ''))
  t.strictSame(names.filter(name => !files.includes(name)), [], 'one file per command')
  for (const args of [['--help'], ...names.flatMap(name => [[name, '--help'], [name, '-h'], ['help', name]])]) {
    const cli = startCli(t, args, {})
    t.equal(await cli.ended, 0, args.join(' '))
    t.equal(cli.output.stderr, '')
    const lines = cli.output.stdout.split('\n')
    const name = args.find(arg => arg !== 'serve' && names.includes(arg)) ?? ''
    t.match(lines[0], `Usage: matrix-well-known ${name}`)
    t.strictSame(lines.filter(line => line.length > 80), [], 'at most 80 columns')
    t.ok(lines.length <= 42, `${lines.length} lines`)
    t.match(cli.output.stdout, /\nExit status:\n(?: {2}(?:0 |1 |2 |78) {2}\w.+\n){3,4}$/)
  }
})

t.test('a wrong command line is reported with a hint, with status 2', async t => {
  const check = 'To check a server name, run "matrix-well-known check'
  const isSetting = 'is a setting: put it into the environment or into .env.'
  const cases: [args: string[], fault: string, help: string][] = [
    [['sreve'], 'Unknown command "sreve". Did you mean "serve"?', '--help'],
    [['CHECK'], 'Unknown command "CHECK". Did you mean "check"?', '--help'],
    [['stop'], 'Unknown command "stop".', '--help'],
    [['help', 'stop'], 'Unknown command "stop".', '--help'],
    [['a.example'], `Unknown command "a.example". ${check} a.example".`, '--help'],
    [['https://a.example/'], `Unknown command "https://a.example/". ${check} a.example".`, '--help'],
    [['serve', 'twice'], 'Unexpected argument "twice".', 'serve --help'],
    [['healthcheck', '--now'], 'Unknown option "--now".', 'healthcheck --help'],
    [['serve', '--hlep'], 'Unknown option "--hlep". Did you mean "--help"?', 'serve --help'],
    [['--verison'], 'Unknown option "--verison". Did you mean "--version"?', '--help'],
    [['serve', '--verison'], 'Unknown option "--verison".', 'serve --help'],
    [['--port=1'], `Unknown option "--port". PORT ${isSetting}`, '--help'],
    [['check', '--m-server=x'], `Unknown option "--m-server". M_SERVER ${isSetting}`, 'check --help']
  ]
  for (const [args, fault, help] of cases) {
    const cli = startCli(t, args, base)
    t.equal(await cli.ended, 2, args.join(' '))
    const stderr = `${fault}\n\nRun "matrix-well-known ${help}" for usage.\n`
    t.strictSame(cli.output, { stdout: '', stderr })
  }
})

t.test('a command loads only its own modules', async t => {
  const cases: [command: string, modules: RegExp, others: RegExp][] = [
    ['serve', /node_modules\/fastify\//, /dist\/(check|export)\//],
    ['healthcheck', /dist\/server\/healthcheck\.js/, /node_modules\/(fastify|pino)\/|dist\/check\//],
    ['validate', /dist\/validation\//, /node_modules\/(fastify|pino)\/|dist\/(server|check|export)\//],
    ['check', /dist\/check\//, /node_modules\/(fastify|pino)\/|dist\/(server|export)\//],
    ['export', /dist\/export\//, /node_modules\/(fastify|pino)\/|dist\/(server|check)\//]
  ]
  for (const [command, modules, others] of cases) {
    const cli = startCli(t, [command, '--help'], { NODE_DEBUG: 'esm,module' })
    t.equal(await cli.ended, 0)
    t.match(cli.output.stderr, modules, command)
    t.notMatch(cli.output.stderr, others, command)
  }
})

t.test('logs at the start what it serves, where, and what looks wrong', async t => {
  const cli = startCli(t, ['serve'], {
    ...base,
    M_SERVER: 'matrix.example.com',
    M_HOMESERVER_BASE_URL: 'https://matrix.example.com',
    SUPPORT_PAGE: 'https://example.com/help'
  })
  const port = await portOf(cli)
  const address = `http://127.0.0.1:${port}`
  await cli.lineWith('/support: ')
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
  const lines = cli.output.stdout.trimEnd().split('\n').map(line => {
    const { time, ...rest } = JSON.parse(line) as Record<string, unknown>
    t.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    return rest
  })
  const aboutDocument = (name: string, size: number, target: string): Record<string, unknown> => {
    const path = `/.well-known/matrix/${name}`
    return { level: 'info', path, size, target, msg: `${path}: ${size} bytes, ${target}` }
  }
  t.strictSame(lines, [
    {
      level: 'warn',
      msg: 'M_SERVER is "matrix.example.com", without a port: other servers look for SRV records, then use port ' +
        '8448; if yours is on port 443, use matrix.example.com:443'
    },
    {
      level: 'info',
      serverName: 'example.com',
      address,
      msg: `serving the well-known documents of example.com at ${address}`
    },
    aboutDocument('server', 33, 'matrix.example.com'),
    aboutDocument('client', 58, 'https://matrix.example.com'),
    aboutDocument('support', 43, 'https://example.com/help'),
    { level: 'info', msg: 'SIGTERM: stopping' }
  ])
  t.equal(cli.output.stderr, '')
})

t.test('all wrong settings are reported at once, each on its own log line, with status 78', async t => {
  const cli = startCli(t, [], { SERVERNAME: 'example.com', M_SERVER: 'https://m.example.com', LOG_LEVEL: 'loud' })
  const levels = 'fatal, error, warn, info, debug, trace, silent'
  t.equal(await cli.ended, 78)
  t.equal(cli.output.stderr, '')
  t.match(cli.output.stdout.trimEnd().split('\n').map(line => JSON.parse(line) as unknown), [
    { level: 'warn', msg: "SERVERNAME isn't a setting and is ignored; did you mean SERVER_NAME?" },
    { level: 'fatal', msg: /^SERVER_NAME isn't set; / },
    { level: 'fatal', msg: 'M_SERVER is "https://m.example.com": starts with "https://"; use m.example.com:443' },
    { level: 'fatal', msg: `LOG_LEVEL is "loud": unknown value; use one of ${levels}` }
  ])
})

t.test('the output on a terminal is plain text, and Ctrl-C stops the server', async t => {
  const wrong = startCliOnTerminal(t, { SERVERNAME: 'example.com', PORT: 'x' })
  t.equal(await wrong.ended, 78)
  t.strictSame(wrong.output.stdout.split('\n'), [
    "SERVERNAME isn't a setting and is ignored; did you mean SERVER_NAME?",
    "SERVER_NAME isn't set; set it to the part after the colon in user IDs, for example SERVER_NAME=example.com",
    'PORT is "x": not a whole number; use one such as 8080',
    ''
  ])
  const right = startCliOnTerminal(t, base)
  const line = await right.lineWith('serving the well-known documents of example.com')
  t.match(line, /INFO.*: serving the well-known documents of example\.com at http:\/\/127\.0\.0\.1:\d+/)
  right.type('\x03')
  t.match(await right.lineWith('stopping'), /INFO.*: SIGINT: stopping$/)
  t.equal(await right.ended, 0)
})

t.test('reads a .env file in its working directory; the environment wins', async t => {
  const cwd = t.testdir({ '.env': 'SERVER_NAME=file.example\nHOST=127.0.0.1\nPORT=0\n' })
  const cli = startCli(t, [], { SERVER_NAME: 'environment.example' }, { cwd })
  const port = await portOf(cli)
  t.equal((await request(port, '/.well-known/matrix/server')).body, '{"m.server":"environment.example:443"}')

  const broken = startCli(t, [], base, { cwd: t.testdir({ '.env': {} }) })
  t.equal(await broken.ended, 78)
  t.match(broken.output.stdout, '.env: not a regular file; use the path of another file')
})

t.test("a server that can't listen says why in one line, with status 1", async t => {
  const port = await listenWith(t, () => {})
  const cli = startCli(t, [], { ...base, PORT: String(port) })
  t.equal(await cli.ended, 1)
  const { level, msg } = JSON.parse(cli.output.stdout) as Record<string, string>
  t.equal(level, 'fatal')
  t.equal(msg, `PORT is ${port}: the address is already in use; stop the other program, or set another PORT`)
})

t.test('a full disk behind its output does not stop the server, which reports it if it can', async t => {
  const noSpace = 'ENOSPC: no space left on device, write'
  for (const [shell, stderr] of [
    ['exec "$@" >/dev/full', `Can't write the log (${noSpace}); still serving, but log lines are being dropped.\n`],
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

t.test('an unexpected error is printed with its stack, for a bug report', async t => {
  const cli = startCli(t, [], base, { nodeOptions: [preload('broken-http')] })
  t.equal(await cli.ended, 1)
  t.match(cli.output.stderr, /Error: on purpose\n +at /)
})
