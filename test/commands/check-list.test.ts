import { PassThrough } from 'node:stream'
import t from 'tap'
import type { Test } from 'tap'
import { html } from '../support/responses.ts'
import { healthyOptions, optionsFor } from '../support/check-cli.ts'
import { startCli, startCliOnTerminal } from '../support/cli.ts'
import { failingStream } from '../support/failing-stream.ts'
import { describeHealthyWorld, startHealthyWorld } from '../support/healthy-world.ts'
import type { HttpsHost } from '../support/world.ts'
import { runCheck, withoutNetwork } from '../support/run-check.ts'

/** The healthy world, and shop.example.com, whose site was relaunched. */
async function startNames (t: Test): Promise<string[]> {
  const { hosts } = describeHealthyWorld()
  const handler = html('<html>Welcome</html>')
  const world = await startHealthyWorld(t, {
    records: { 'shop.example.com': { A: ['45.0.0.4'] } },
    hosts: { ...hosts, '45.0.0.4:443': { certificate: ['DNS:shop.example.com'], handler } as HttpsHost }
  })
  return [
    ...await healthyOptions(world),
    ...(await optionsFor(world, { 'shop.example.com:443': '45.0.0.4:443' })).slice(-1)
  ]
}

const words = ['192.0.2.1', '192.0.2.2', ...withoutNetwork]

t.test('one line for each name, then a summary, the worst first', async t => {
  const options = await startNames(t)
  const cli = startCli(t, ['check', 'example.com', 'shop.example.com', 'example.com', ...options], {})
  t.equal(await cli.ended, 1)
  const lines = cli.output.stdout.split('\n')
  t.ok(lines.includes('+ example.com: Federation works. Clients can log in. No problems found.'), cli.output.stdout)
  t.match(cli.output.stdout, /^x shop\.example\.com: Federation doesn't work\. /m)
  t.match(cli.output.stdout, /\n\n2 names: 1 failing, 1 without problems\.\n\nx shop\.example\.com: [^+]*$/)
  t.equal(cli.output.stderr, '')
})

t.test('status 0 if no name fails, also for one name in a file', async t => {
  const options = await startNames(t)
  const cwd = t.testdir({ 'names.txt': '\ufeff# ours\r\n\r\n  example.com  # the first\r\nexample.com\r\n' })
  const cli = startCli(t, ['check', '--file', 'names.txt', ...options], {}, { cwd })
  t.equal(await cli.ended, 0)
  t.equal(cli.output.stdout, '+ example.com: Federation works. Clients can log in. No problems found.\n\n' +
    '1 name: 1 without problems.\n')
})

t.test('names from standard input, reports as JSON Lines', async t => {
  const options = await startNames(t)
  const cli = startCli(t, ['check', '--json', '--file=-', ...options], {}, {
    shell: 'printf "example.com\\nshop.example.com\\n" | "$@"'
  })
  t.equal(await cli.ended, 1)
  const reports = cli.output.stdout.trim().split('\n').map(line => JSON.parse(line))
  t.match(reports.sort((left, right) => left.serverName < right.serverName ? -1 : 1), [
    { version: 2, serverName: 'example.com', verdict: { federation: 'works' } },
    { version: 2, serverName: 'shop.example.com', verdict: { federation: 'fails' } }
  ])
})

t.test('one TAP stream with a subtest for each name', async t => {
  const { status, stdout } = await runCheck([...words, '--format=tap', '--jobs=1', '--redact'])
  t.equal(status, 1)
  t.match(stdout, new RegExp(['^TAP version 14', '1\\.\\.2', '# Subtest: \\[address 1\\]', '    1\\.\\.\\d+',
    '    not ok 1 - other servers reach \\[address 1\\]', '      ---'].join('\n')))
  t.match(stdout, /\nnot ok 1 - \[address 1\]\n# Subtest: \[address 2\]\n/)
  t.match(stdout, /\nnot ok 2 - \[address 2\]\n$/)
})

t.test('whole reports with --verbose', async t => {
  const { stdout } = await runCheck([...words, '--verbose'])
  t.match(stdout, /^x 192\.0\.2\.[12]: .*\n\n.*\nReaders\n/s)
  t.equal(stdout.match(/^Readers$/gm)?.length, 2)
})

t.test('formats for one name are refused for several', async t => {
  for (const format of ['html', 'markdown']) {
    await t.rejects(runCheck([...words, '--format', format]), {
      code: 'ERR_USAGE',
      message: `--format ${format} is for one name; use text, json or tap, or give only one name`
    })
  }
  const { status, stdout } = await runCheck([...words, '--format=nagios'])
  t.equal(status, 3)
  t.match(stdout, /^MATRIX UNKNOWN - --format nagios is for one name; /)
})

t.test('every wrong name is reported at once', async t => {
  const names = 'example.com\nhttps://a.example\n\n@alice:b.example\n'
  const dir = t.testdir({ 'names.txt': names, 'empty.txt': '# soon\n' })
  await t.rejects(runCheck(['a..b', `--file=${dir}/names.txt`]), {
    code: 'ERR_USAGE',
    message: [
      'The server name is "a..b": has an extra dot; use a.b',
      `${dir}/names.txt, line 2: the server name is "https://a.example": starts with "https://"; use a.example`,
      `${dir}/names.txt, line 4: the server name is "@alice:b.example": not a server name but a user ID; use b.example`
    ].join('\n')
  })
  await t.rejects(runCheck(['--file', `${dir}/empty.txt`]), { message: /: has no names; write one on each line$/ })
  const missing = /: no such file; use the path of another file$/
  await t.rejects(runCheck(['--file', `${dir}/none.txt`]), { message: missing })
  const stdin = new PassThrough()
  stdin.end('a..b')
  const wrong = /^standard input, line 1: the server name is "a\.\.b": /
  await t.rejects(runCheck(['--file=-'], { stdin }), { message: wrong })
  const empty = new PassThrough()
  empty.end()
  await t.rejects(runCheck(['--file=-'], { stdin: empty }), { message: /^--file is "-": empty; check the command / })
})

t.test('names from a pipe', async t => {
  const cli = startCli(t, ['check', ...words.slice(2)], {}, {
    shell: '"$@" --file <(printf "192.0.2.1\\n192.0.2.2\\n")'
  })
  t.equal(await cli.ended, 1)
  t.match(cli.output.stdout, '\n2 names: 2 failing.\n')
  t.equal(cli.output.stderr, '')
})

t.test("names that aren't text are refused, wherever they come from", async t => {
  const stdin = new PassThrough()
  stdin.end(Buffer.from('\ufeffexample.com', 'utf16le'))
  await t.rejects(runCheck(['--file=-'], { stdin }), { message: '--file is "-": text in UTF-16; save it as UTF-8' })
  const closed = new PassThrough()
  closed.destroy(new Error('EISDIR: illegal operation on a directory, read'))
  await t.rejects(runCheck(['--file=-'], { stdin: closed }), {
    message: '--file is "-": can\'t be read (EISDIR: illegal operation on a directory, read); use the path of a file'
  })
})

t.test('a list without end is refused', async t => {
  const chunk = 'example.com\n'.repeat(100_000)
  async function * endless (): AsyncGenerator<Buffer> { while (true) yield Buffer.from(chunk) }
  const stdin = Object.assign(new PassThrough(), { [Symbol.asyncIterator]: endless })
  await t.rejects(runCheck(['--file=-'], { stdin }), { message: /^--file is "-": longer than / })
})

t.test('without a name, all sites of the settings are checked, each against its settings', async t => {
  const options = await startNames(t)
  const sites = t.testdir({
    'a.env': 'SERVER_NAME=example.com\nM_SERVER=other.example.com:443',
    'b.env': 'SERVER_NAME=shop.example.com\nM_SERVR=shop.example.com:443',
    'c.env': 'SERVER_NAME=a..b'
  })
  const cli = startCli(t, ['check', '--json', ...options], { SITES_DIR: sites }, { cwd: sites })
  t.equal(await cli.ended, 1)
  const [first, second, ...others] = cli.output.stderr.split('\n')
  t.match(first, /^\S+b\.env: M_SERVR isn't a setting and is ignored; did you mean M_SERVER\?$/)
  t.match(second, /^\S+c\.env: SERVER_NAME is "a\.\.b": has an extra dot; use a\.b$/)
  t.strictSame(others, [''])
  const ids = new Map(cli.output.stdout.trim().split('\n').map(line => {
    const { serverName, findings } = JSON.parse(line)
    return [serverName, findings.map(({ id }: { id: string }) => id)]
  }))
  t.strictSame([...ids.keys()].sort(), ['example.com', 'shop.example.com'])
  t.ok(ids.get('example.com').includes('intent.differs'))

  const named = startCli(t, ['check', 'Example.com', ...options], { SITES_DIR: sites }, { cwd: sites })
  t.equal(await named.ended, 1)
  t.match(named.output.stdout, '\nx intent.differs: /.well-known/matrix/server\n', 'also a name that is given')
  t.equal(named.output.stderr,
    '1 fault in the settings: sites with faults aren\'t compared; run "matrix-well-known validate"\n')
})

t.test('a faulty site fails the check, whatever the others do', async t => {
  const sites = t.testdir({ 'a.env': 'SERVER_NAME=192.0.2.1', 'c.env': 'SERVER_NAME=a..b' })
  const { status } = await runCheck(withoutNetwork, { environment: { SITES_DIR: sites } })
  t.equal(status, 1)
  await t.rejects(runCheck(withoutNetwork, { environment: { SITES_DIR: `${sites}/none` } }), { code: 'ERR_CONFIG' })
  const settings = await runCheck(words, { environment: { SERVER_NAME: 'a..b', M_SERVER: 'https://x' } })
  t.match(settings.stderr, /^2 faults in the settings: /)
  const broken = new Proxy({}, { ownKeys () { throw new TypeError('broken') } })
  await t.rejects(runCheck(words, { environment: broken }), TypeError)
  const cwd = t.testdir({ '.env': Buffer.from([0xff]) })
  const unreadable = startCli(t, ['check', ...words], {}, { cwd })
  t.equal(await unreadable.ended, 1)
  t.match(unreadable.output.stderr, /^1 fault in the settings: /)
})

/** A world in which slow.example.com doesn't respond. Returns the options to check it. */
async function startSlowWorld (t: Test): Promise<string[]> {
  const world = await startHealthyWorld(t, {
    records: { 'slow.example.com': { A: ['127.0.0.5'] } },
    hosts: { '127.0.0.5:443': 'hanging' }
  })
  const resolve = (await optionsFor(world, { 'slow.example.com:443': '127.0.0.5:443' })).slice(-1)
  return [...await healthyOptions(world), ...resolve, '--timeout=60']
}

t.test('SIGINT ends a run with what is known', async t => {
  const options = await startSlowWorld(t)
  const note = 'Interrupted: 1 of 2 not checked\n'
  for (const [signal, format, line, status, end, stderr] of [
    ['SIGINT', 'text', '+ example.com', 130, '\n2 names: 1 without problems, 1 not checked.\n', ''],
    ['SIGTERM', 'tap', 'ok 1 - example.com', 143, '\nBail out! interrupted\n', note],
    ['SIGINT', 'json', '"serverName":"example.com"', 130, '}\n', note]
  ] as const) {
    const cli = startCli(t, ['check', 'example.com', 'slow.example.com', `--format=${format}`, ...options], {})
    await cli.lineWith(line)
    cli.kill(signal)
    t.equal(await cli.ended, status)
    t.ok(cli.output.stdout.endsWith(end), cli.output.stdout)
    t.equal(cli.output.stderr, stderr)
  }
})

t.test('when the reader goes away, no further name is checked', async t => {
  const options = [...await startSlowWorld(t), '--jobs=2']
  const names = ['example.com', 'slow.example.com', ...Array.from({ length: 9 }, (_, i) => `example.com:${i + 1}`)]
  const cli = startCli(t, ['check', ...names, ...options], {}, {
    shell: 'set -o pipefail; "$@" | head -n 1; echo "$?"'
  })
  await cli.ended
  t.match(cli.output.stdout, /^\+ example\.com: .*\n1\n$/)
  t.equal(cli.output.stderr, '')
})

t.test('a terminal has a progress bar below the names', async t => {
  const args = ['check', '--jobs=1', ...words, '192.0.2.3']
  const cli = startCliOnTerminal(t, { TERM: 'xterm', LC_ALL: 'C.UTF-8' }, args)
  t.equal(await cli.ended, 1)
  t.match(cli.output.stdout, '\u001b[K[░░░░░░░░░░░░░░░░░░░░] 0 of 3, 0 failing')
  t.match(cli.output.stdout, /\[█{6}░{14}\] 1 of 3, 1 failing, \d+ s left\n/)
  t.match(cli.output.stdout, '] 2 of 3, 2 failing, waiting for 192.0.2.3\n')

  const dumb = startCliOnTerminal(t, { TERM: 'dumb', LC_ALL: 'C.UTF-8' }, args)
  t.equal(await dumb.ended, 1)
  t.notOk(dumb.output.stdout.includes('\u001b') || dumb.output.stdout.includes(' of 3, '))
})

t.test('a full disk ends a run', async t => {
  const stdout = failingStream('ENOSPC', 'ENOSPC: no space left on device, write')
  const { status, stderr } = await runCheck(words, { stdout })
  t.equal(status, 1)
  t.equal(stderr, "Can't write the reports: ENOSPC: no space left on device, write\n")
})
