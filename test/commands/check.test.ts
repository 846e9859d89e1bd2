import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parseArguments } from '../../src/commands/check.ts'
import type { CheckArguments } from '../../src/commands/check.ts'
import { html } from '../support/responses.ts'
import { healthyOptions, optionsFor } from '../support/check-cli.ts'
import { startCli, startCliOnTerminal, startProcess } from '../support/cli.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'

const brokenSite = { 'GET /.well-known/matrix/client': html('<html>Welcome</html>') }

t.test('reports a healthy server in the first line, with status 0 and only on standard output', async t => {
  const options = await healthyOptions(await startHealthyWorld(t))
  const cli = startCli(t, ['check', 'example.com', ...options], {})
  t.equal(await cli.ended, 0)
  const stdout = /^Federation works\. Clients can log in\. No problems found\.\n\nReaders\n/
  t.match(cli.output, { stdout, stderr: '' })
  t.notMatch(cli.output.stdout, /[^\n\x20-\x7e]/, "plain ASCII because it isn't a terminal")
})

t.test('a failure is status 1, a warning only with --strict', async t => {
  const broken = await healthyOptions(await startHealthyWorld(t, { site: brokenSite }))
  const cli = startCli(t, ['check', 'example.com', ...broken], {})
  t.equal(await cli.ended, 1)
  t.match(cli.output.stdout, /^Federation works\. Clients can't log in\. /)
  t.match(cli.output.stdout, '\nx document.html: /.well-known/matrix/client\n')

  const odd = await healthyOptions(await startHealthyWorld(t, {
    homeserver: { routes: { 'GET /_matrix/identity/v2': undefined } }
  }))
  for (const [strict, status] of [[[], 0], [['--strict'], 1]] as const) {
    const cli = startCli(t, ['check', 'example.com', ...odd, ...strict], {})
    t.equal(await cli.ended, status)
    t.match(cli.output.stdout, /^Federation works\. Clients can log in\. 1 warning\.\n/)
  }
})

t.test('what works sometimes, or could not be checked, is status 1', async t => {
  const silent = startCli(t, ['check', 'example.com', '--dns=127.0.0.1:1'], {})
  t.equal(await silent.ended, 1)
  t.match(silent.output.stdout, /^Federation and login could not be checked: /)

  const world = await startHealthyWorld(t, {
    hosts: { '127.0.0.2:443': { certificate: ['DNS:example.com'], handler: html('<html>Welcome</html>') } }
  })
  const second = (await optionsFor(world, { 'example.com:443': '127.0.0.2:443' })).slice(-1)
  const random = startCli(t, ['check', 'example.com', ...await healthyOptions(world), ...second], {})
  t.equal(await random.ended, 1)
  t.match(random.output.stdout, /^Federation works sometimes: /)
})

t.test('the report as JSON and as TAP', async t => {
  const options = await healthyOptions(await startHealthyWorld(t, { site: brokenSite }))
  const json = startCli(t, ['check', 'example.com', '--json', ...options], {})
  t.equal(await json.ended, 1)
  const verdict = { federation: 'works', clients: 'fails' }
  t.match(JSON.parse(json.output.stdout), { version: 2, serverName: 'example.com', verdict })
  const tap = startCli(t, ['check', 'example.com', '--format=tap', ...options], {})
  t.equal(await tap.ended, 1)
  t.match(tap.output.stdout, new RegExp([
    '^TAP version 14', '1\\.\\.\\d+', 'ok 1 - other servers reach example\\.com',
    'not ok 2 - clients can log in at example\\.com', ''
  ].join('\n')))
})

t.test('without a name the settings say what the world should see', async t => {
  const options = await healthyOptions(await startHealthyWorld(t))
  const settings = { SERVER_NAME: 'example.com', M_SERVER: 'other.example.com:443' }
  const cli = startCli(t, ['check', ...options], settings)
  t.equal(await cli.ended, 1)
  const { stdout } = cli.output
  t.match(stdout, /^Federation works\. Clients can log in\. 1 failure, 3 warnings\.\n/, 'it works, but not as intended')
  t.match(stdout, '\nx intent.differs: /.well-known/matrix/server\n' +
    '  "m.server" is "matrix.example.com:443", but should be "other.example.com:443".\n')
  t.match(cli.output.stdout, '\n! intent.unexpected: /.well-known/matrix/client')

  const wrong = startCli(t, ['check'], { SERVER_NAME: 'a..b' })
  t.equal(await wrong.ended, 78)
  t.strictSame(wrong.output, { stdout: '', stderr: 'SERVER_NAME is "a..b": has an extra dot; use a.b\n' })
  const ignored = startCli(t, ['check'], {}, { cwd: t.testdir({ '.env': 'SERVER_NAME: example.com' }) })
  t.equal(await ignored.ended, 78)
  t.match(
    ignored.output.stderr,
    /^\.env, line 1: has no "=" and is ignored; write SERVER_NAME=value\nThere is no name to check; give one, as in /
  )
  const other = startCli(t, ['check'], { M_SERVER: 'https://m.example.com' }, { cwd: t.testdir() })
  t.equal(await other.ended, 78)
  t.strictSame(other.output.stderr.trimEnd().split('\n'), [
    'There is no name to check; give one, as in "matrix-well-known check example.com", or set SERVER_NAME',
    'M_SERVER is "https://m.example.com": starts with "https://"; use m.example.com:443'
  ])
})

t.test('a wrong server name is reported with a hint, status 2', async t => {
  const wrong = startCli(t, ['check', 'https://example.com'], {})
  t.equal(await wrong.ended, 2)
  t.strictSame(wrong.output, {
    stdout: '',
    stderr: 'The server name is "https://example.com": starts with "https://"; use example.com\n\n' +
      'Run "matrix-well-known check --help" for usage.\n'
  })
})

t.test('on a terminal there are colours, glyphs and progress; NO_COLOR turns colours off', async t => {
  const options = await healthyOptions(await startHealthyWorld(t, { site: brokenSite }))
  const words = ['check', 'example.com', ...options]
  const terminal = { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' }
  const colourful = startCliOnTerminal(t, terminal, words)
  t.equal(await colourful.ended, 1)
  t.match(colourful.output.stdout, '\u001b[31m✗\u001b[39m')
  t.match(colourful.output.stdout, '\u001b[Kwaiting for https://example.com/.well-known/matrix/server and ')
  const plain = startCliOnTerminal(t, { ...terminal, NO_COLOR: '1' }, words)
  t.equal(await plain.ended, 1)
  t.match(plain.output.stdout, '\n✗ document.html: /.well-known/matrix/client')
  const ascii = startCliOnTerminal(t, { TERM: 'dumb', LC_ALL: 'C' }, words)
  t.equal(await ascii.ended, 1)
  t.match(ascii.output.stdout, '\nx document.html: /.well-known/matrix/client')
})

t.test('on a terminal that supports links, references are links', async t => {
  const options = await healthyOptions(await startHealthyWorld(t, { site: brokenSite }))
  const words = ['check', 'example.com', ...options]
  const link = '\u001b]8;;https://spec.matrix.org/latest/client-server-api/#'
  const cases: ReadonlyArray<readonly [environment: Readonly<Record<string, string>>, isLink: boolean]> = [
    [{ TERM: 'xterm-kitty' }, true],
    [{ TERM: 'xterm-kitty', NO_COLOR: '1' }, false],
    [{ TERM: 'dumb', VTE_VERSION: '7600' }, false]
  ]
  for (const [environment, isLink] of cases) {
    const cli = startCliOnTerminal(t, { LC_ALL: 'C.UTF-8', ...environment }, words)
    t.equal(await cli.ended, 1)
    t.equal(cli.output.stdout.includes(link), isLink, JSON.stringify(environment))
  }
  const file = startCli(t, words, { TERM: 'xterm-kitty' })
  t.equal(await file.ended, 1)
  t.notMatch(file.output.stdout, '\u001b', 'not a terminal')
})

t.test("a closed pipe isn't an error", async t => {
  const script = `'${process.execPath}' dist/cli.js check --help | true; exit "\${PIPESTATUS[0]}"`
  const cli = startProcess(t, 'bash', ['-c', script], {}, fileURLToPath(new URL('../..', import.meta.url)))
  t.equal(await cli.ended, 0)
  t.equal(cli.output.stderr, '')
})

const network = {
  publicOnly: undefined, timeout: undefined, dns: undefined, resolve: undefined, family: undefined, ca: undefined
}
const defaults: CheckArguments = {
  serverNames: [],
  file: undefined,
  jobs: 16,
  format: 'text',
  redact: false,
  strict: false,
  verbose: false,
  help: false,
  options: { only: undefined, ...network }
}

t.test('reads the arguments of check', async t => {
  const cases: [args: string[], expected: CheckArguments][] = [
    [[], defaults],
    [['example.com'], { ...defaults, serverNames: ['example.com'] }],
    [['--json', '[::1]:8448'], { ...defaults, serverNames: ['[::1]:8448'], format: 'json' }],
    [['--format', 'tap', '--strict'], { ...defaults, format: 'tap', strict: true }],
    [['--format=nagios', '--redact'], { ...defaults, format: 'nagios', redact: true }],
    [['-v'], { ...defaults, verbose: true }],
    [['-h'], { ...defaults, help: true }],
    [['a.example', 'b.example', '--file=-', '--jobs=1'], {
      ...defaults, serverNames: ['a.example', 'b.example'], file: '-', jobs: 1
    }],
    [['--only=client'], { ...defaults, options: { only: 'client', ...network } }],
    [['-4', '--dns=45.0.2.53'], {
      ...defaults,
      options: { only: undefined, ...network, family: 4, dns: '45.0.2.53:53' }
    }]
  ]
  for (const [args, expected] of cases) t.strictSame(parseArguments(args), expected, args.join(' '))
})

t.test('a wrong argument is reported with the fix', async t => {
  const cases: [args: string[], message: string][] = [
    [['--jobs=0'], '--jobs is "0": use a whole number from 1 to 16'],
    [['--jobs=17'], '--jobs is "17": use a whole number from 1 to 16'],
    [['--jobs', 'all'], '--jobs is "all": use a whole number from 1 to 16'],
    [['--bogus'], 'Unknown option "--bogus".'],
    [['--only'], '--only has no value: use --only=VALUE.'],
    [['--dns', '-4'], '--dns has no value: use --dns=VALUE.'],
    [['--json=true'], '--json takes no value: leave out "=true".'],
    [['-4x'], 'Unknown option "-x".'],
    [['--__proto__'], 'Unknown option "--__proto__".'],
    [['--only=servers'], '--only is "servers": use one of federation, client, documents'],
    [['--format=xml'], '--format is "xml": use one of text, json, tap, html, markdown, nagios'],
    [['--json', '--format=tap'], "--json and --format tap can't be used together: use only one of them."],
    [['--timeout=0'], '--timeout is "0": use a number of seconds from 0.1 to 600']
  ]
  for (const [args, message] of cases) {
    t.throws(() => parseArguments(args), { code: 'ERR_USAGE', message }, args.join(' '))
  }
})
