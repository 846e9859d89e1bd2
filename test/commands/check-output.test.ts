import { PassThrough } from 'node:stream'
import t from 'tap'
import { usage } from '../../src/commands/check.ts'
import { reportFormats } from '../../src/commands/report-format.ts'
import type { OutputStream } from '../../src/commands/command.ts'
import { failingStream } from '../support/failing-stream.ts'
import { runCheck, withoutNetwork } from '../support/run-check.ts'

const words = ['192.0.2.1', ...withoutNetwork]

/** A terminal that has these colours. */
function terminal (hasColors: boolean): OutputStream & PassThrough {
  return Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24, hasColors: () => hasColors })
}

t.test('prints the usage', async t => {
  t.strictSame(await runCheck(['--help']), { status: 0, stdout: usage, stderr: '' })
})

t.test('a full disk is reported, status 1', async t => {
  const stdout = failingStream('ENOSPC', 'ENOSPC: no space left on device, write')
  const { status, stderr } = await runCheck(words, { stdout })
  t.equal(status, 1)
  t.equal(stderr, "Can't write the report: ENOSPC: no space left on device, write\n")
})

t.test("a reader that has seen enough isn't an error", async t => {
  const { status, stderr } = await runCheck(words, { stdout: failingStream('EPIPE', 'write EPIPE') })
  t.equal(status, 1, 'because of what was found')
  t.equal(stderr, '')
})

t.test('each format, without the network', async t => {
  t.match((await runCheck(words)).stdout, /^Federation doesn't work\. /)
  t.match(JSON.parse((await runCheck([...words, '--json'])).stdout), { serverName: '192.0.2.1' })
  t.match((await runCheck([...words, '--format=tap'])).stdout, /^TAP version 14\n/)
  t.match((await runCheck([...words, '--format=html'])).stdout, /^<!doctype html>\n.*by matrix-well-known 1\.2\.3\.</s)
  const { stdout: markdown } = await runCheck([...words, '--format', 'markdown'])
  t.match(markdown, /^\*\*`192\.0\.2\.1`\*\* Federation .* 1\.2\.3_\n$/s)
})

t.test('each format leaves out addresses', async t => {
  for (const format of reportFormats) {
    const { stdout } = await runCheck([...words, '--redact', '--format', format])
    t.match(stdout, format === 'nagios' ? /^MATRIX .* - \[address 1\]: / : '[address 1]', format)
    t.notMatch(stdout, '192.0.2.1', format)
  }
})

t.test('Nagios gets a line and its own exit status, also without a report', async t => {
  const nagios = ['--format=nagios']
  t.match(await runCheck([...words, ...nagios]), { status: 2, stdout: /^MATRIX CRITICAL - 192\.0\.2\.1: .*\|.*\n$/ })
  t.match(await runCheck(['nowhere.invalid', ...withoutNetwork, ...nagios]), {
    status: 3, stdout: /^MATRIX UNKNOWN - nowhere\.invalid: Federation and login could not be checked.*\n$/
  })
  t.strictSame(await runCheck(['a..b', '--format', 'nagios']), {
    status: 3, stdout: 'MATRIX UNKNOWN - The server name is "a..b": has an extra dot; use a.b\n', stderr: ''
  })
  t.match(await runCheck(['example.com', '--bogus', ...nagios]), {
    status: 3, stdout: /^MATRIX UNKNOWN - Unknown option "--bogus"\.\n$/
  })
  const environment = { SERVER_NAME: 'a..b', M_SERVER: 'https://x', SERVER_NAM: 'x' }
  const settings = await runCheck(nagios, { environment })
  t.match(settings, { status: 3, stdout: /^MATRIX UNKNOWN - SERVER_NAME is "a\.\.b": .*; M_SERVER is .*\n$/ })
  t.match(settings.stderr, /^SERVER_NAM /)
  const full = await runCheck([...words, ...nagios], { stdout: failingStream('ENOSPC', 'no space left') })
  t.equal(full.status, 3)
})

t.test('the name in the settings is checked against the settings', async t => {
  const environment = { SERVER_NAME: '192.0.2.1', M_SERVER: '192.0.2.1:443' }
  const { status, stdout } = await runCheck([...withoutNetwork, '--only=documents', '--strict'], { environment })
  t.equal(status, 1)
  t.match(stdout, 'Documents at 192.0.2.1')
})

t.test('a terminal gets colours if it has them, and glyphs if it reads UTF-8', async t => {
  const cases = [
    [true, { LANG: 'C.UTF-8' }, '\u001b[31m✗'],
    [false, { LC_ALL: '', LC_CTYPE: 'en_GB.utf8' }, '\n✗ '],
    [false, {}, '\nx ']
  ] as const
  for (const [hasColors, environment, expected] of cases) {
    const stdout = terminal(hasColors)
    await runCheck(words, { environment, stdout })
    t.match(String(stdout.read()), expected)
  }
})

t.test('a wrong server name is refused', async t => {
  await t.rejects(runCheck(['a..b']), { code: 'ERR_USAGE', message: 'The server name is "a..b": ' })
})

t.test('what could not be checked is no success', async t => {
  const { status, stdout } = await runCheck(['nowhere.invalid', ...withoutNetwork, '--only=federation'])
  t.match(stdout, /^Federation could not be checked: /)
  t.equal(status, 1)
})
