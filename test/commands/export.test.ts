import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { UsageError } from '../../src/commands/command-line.ts'
import type { CommandContext } from '../../src/commands/command.ts'
import { parseArguments, run, usage } from '../../src/commands/export.ts'
import { targetNames } from '../../src/export/targets.ts'
import { startCli } from '../support/cli.ts'
import { failingStream } from '../support/failing-stream.ts'
import { readAll } from '../support/read-all.ts'

const environment = {
  SERVER_NAME: 'example.com',
  M_SERVER: 'matrix.example.com:443',
  M_HOMESERVER_BASE_URL: 'https://matrix.example.com'
}

interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

async function runExport (args: readonly string[], changes: Partial<CommandContext> = {}): Promise<Ran> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const input = { nodeOptions: [], stdin: new PassThrough() }
  const context = { environment, version: '1.2.3', ...input, stdout, stderr, signals: process }
  const status = await run(args, { ...context, ...changes })
  return { status, stdout: readAll(stdout), stderr: readAll(stderr) }
}

t.test('prints the usage', async t => {
  t.strictSame(await runExport(['--help']), { status: 0, stdout: usage, stderr: '' })
  for (const name of targetNames) t.match(usage, `  ${name} `)
})

t.test('a wrong command line is refused', async t => {
  const list = targetNames.join(', ')
  const cases: [args: string[], message: string][] = [
    [[], `--for is missing: use one of ${list}`],
    [['dir'], `--for is missing: use one of ${list}`],
    [['dir', '--for', 'nginy'], `--for is "nginy": use one of ${list}`],
    [['--for', 'nginx'], 'The folder to write to is missing: use a path, or --stdout.'],
    [['', '--for', 'nginx'], 'The folder to write to is missing: use a path, or --stdout.'],
    [['a', 'b', '--for', 'nginx'], 'Unexpected argument "b": export takes one folder.'],
    [['a', '--stdout', '--for', 'nginx'], "A folder and --stdout can't be used together: use only one."],
    [['a', '--for', 'nginx', '--server-name', 'a'], '--server-name is only for --stdout: leave it out.'],
    [['--stdout', '--for', 'files'],
      '--stdout is for a target with a snippet, not files: use one of cloudflare, netlify, vercel, s3, nginx, caddy, ' +
      'apache, haproxy']
  ]
  for (const [args, message] of cases) t.throws(() => parseArguments(args), new UsageError(message), args.join(' '))
})

t.test('says what it wrote, and what is left to do', async t => {
  const folder = join(t.testdir(), 'site')
  const first = await runExport([folder, '--for', 'netlify'])
  t.strictSame(first, {
    status: 0,
    stdout: `wrote ${folder}/.well-known/matrix/server
wrote ${folder}/.well-known/matrix/client
wrote ${folder}/.well-known/matrix/404.json
wrote ${folder}/_headers
wrote ${folder}/_redirects

- Copy everything to the publish folder of the site: _headers and _redirects have to be at its top.
- In netlify.toml, redirects with "force = true" win over files: they must not match /.well-known/matrix/.
`,
    stderr: ''
  })
  t.equal(readFileSync(`${folder}/.well-known/matrix/server`, 'utf8'), '{"m.server":"matrix.example.com:443"}')
  const second = await runExport([folder, '--for', 'netlify'])
  t.match(second.stdout, /^unchanged: \.well-known\/matrix\/server, .*, _headers, _redirects\n\n- /)
  const other = await runExport([folder, '--for', 'files'], { environment: { SERVER_NAME: 'example.com' } })
  t.equal(other.status, 0)
  t.match(other.stdout, `wrote ${folder}/.well-known/matrix/server
removed ${folder}/.well-known/matrix/404.json: no longer configured
removed ${folder}/.well-known/matrix/client: no longer configured
${folder}/_headers is from an earlier export: no longer needed, remove it
${folder}/_redirects is from an earlier export: no longer needed, remove it
`)
})

t.test('prints what to add to a file of the site, with status 1', async t => {
  const folder = t.testdir({ _redirects: '/* /index.html 200\n' })
  const { status, stdout } = await runExport([folder, '--for', 'netlify'])
  t.equal(status, 1)
  t.match(stdout, `

${folder}/_redirects is yours: add this line above all others:

/.well-known/matrix/* /.well-known/matrix/404.json 404

- Copy everything`)
  t.equal(readFileSync(`${folder}/_redirects`, 'utf8'), '/* /index.html 200\n')
  writeFileSync(`${folder}/_redirects`, '/.well-known/matrix/* /.well-known/matrix/404.json 404\n/* /index.html 200\n')
  t.equal((await runExport([folder, '--for', 'netlify'])).status, 0)
})

t.test('what is in the way is reported without a stack, with status 1', async t => {
  const folder = t.testdir({ '.well-known': { matrix: { server: 'by hand' } }, file: '' })
  t.strictSame(await runExport([folder, '--for', 'files']), {
    status: 1,
    stdout: '',
    stderr: `${folder}/.well-known/matrix/server: it wasn't written by export, or changed since; ` +
      'move it away, then export again\n'
  })
  t.equal(existsSync(`${folder}/.well-known/matrix/client`), false)
  t.strictSame(await runExport([`${folder}/file`, '--for', 'files']), {
    status: 1, stdout: '', stderr: `${folder}/file: it is a file; use the path of a folder\n`
  })
})

t.test('prints a snippet, and the rest on standard error', async t => {
  const { status, stdout, stderr } = await runExport(['--stdout', '--for', 'caddy'])
  t.equal(status, 0)
  t.match(stdout, /^# The Matrix well-known documents of example\.com, for its site block\.\n/)
  t.match(stderr, /^Copy matrix-well-known\.caddy to /)
})

t.test('of a folder of sites, --stdout takes one', async t => {
  const files = Object.fromEntries(['a', 'b', 'c', 'd'].map(name => [`${name}.env`, `SERVER_NAME=${name}.example`]))
  const base = t.testdir({ many: files, one: { 'a.env': 'SERVER_NAME=a.example' } })
  const folder = `${base}/many`
  const print = async (sites: string, ...args: string[]): Promise<Ran> =>
    await runExport(['--stdout', '--for', 'nginx', ...args], { environment: { SITES_DIR: sites } })
  t.match((await print(folder, '--server-name', 'c.example')).stdout, /documents of c\.example/)
  t.match((await print(`${base}/one`)).stdout, /documents of a\.example/)
  const shown = 'a.example, b.example, c.example and 1 more'
  await t.rejects(print(folder),
    new UsageError(`--server-name is missing: the settings have ${shown}; use one of them`))
  await t.rejects(print(`${base}/one`, '--server-name', 'x'),
    new UsageError('--server-name is "x": the settings have a.example; use one of them'))
})

t.test('output that can\'t be written is reported', async t => {
  const stdout = failingStream('ENOSPC', 'ENOSPC: no space left on device, write')
  const { status, stderr } = await runExport(['--stdout', '--for', 's3'], { stdout })
  t.equal(status, 1)
  t.match(stderr, /Can't write the output: ENOSPC: no space left on device, write\n$/)
})

t.test('as a process: settings come from .env, with warnings, and each site gets a folder', async t => {
  const cwd = t.testdir({
    '.env': 'SITES_DIR=sites\n',
    sites: { 'a.env': 'SERVER_NAME=a.example\nPORT=1\n', 'b.env': 'SERVER_NAME=b.example\n' }
  })
  const cli = startCli(t, ['export', 'out', '--for=files'], {}, { cwd })
  t.equal(await cli.ended, 0)
  t.match(cli.output.stderr, /^sites\/a\.env: PORT is "1": a setting of the process/)
  for (const name of ['a.example', 'b.example']) {
    t.equal(readFileSync(`${cwd}/out/${name}/.well-known/matrix/server`, 'utf8'), `{"m.server":"${name}:443"}`)
  }
  writeFileSync(`${cwd}/sites/b.env`, 'SERVER_NAME=b.example\nM_SERVER=https://b.example\n')
  const faulty = startCli(t, ['export', 'out', '--for=files'], {}, { cwd })
  t.equal(await faulty.ended, 78)
  t.match(faulty.output.stderr, /^sites\/b\.env: M_SERVER is "https:\/\/b\.example": /m)
  t.ok(existsSync(`${cwd}/out/b.example/.well-known/matrix/server`), 'a fault removes nothing')
})
