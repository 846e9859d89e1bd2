import { execFileSync } from 'node:child_process'
import { readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import t from 'tap'
import type { Test } from 'tap'
import { startCli } from '../support/cli.ts'

const good = 'SERVER_NAME=example.com\nM_SERVER=matrix.example.com:443\n' +
  'M_HOMESERVER_BASE_URL=https://matrix.example.com\n'
const goodDocuments = '  /.well-known/matrix/server: 37 bytes, matrix.example.com:443\n' +
  '  /.well-known/matrix/client: 58 bytes, https://matrix.example.com\n'
const withoutClient = "  /.well-known/matrix/client: 404, because M_HOMESERVER_BASE_URL isn't set\n"
const withoutPort = 'SERVER_NAME=a.example\nM_SERVER=matrix.a.example\n'
const aboutPort = 'M_SERVER is "matrix.a.example", without a port: other servers look for SRV records, then use port ' +
  '8448; if yours is on port 443, use matrix.a.example:443'
const wrong = 'M_SERVER=https://m.example.com\nPORT=x\n'

const aboutEmpty = 'empty; check the command that writes it (docker run needs --interactive)'
const aboutName = "SERVER_NAME isn't set; set it to the part after the colon in user IDs, for example " +
  'SERVER_NAME=example.com'
const aboutScheme = 'M_SERVER is "https://m.example.com": starts with "https://"; use m.example.com:443'

type Folder = Record<string, string | Buffer | Record<string, string>>

interface Ran {
  readonly status: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command in a folder with these files. */
async function validate (
  t: Test, files: Folder, args: readonly string[] = [], environment: Record<string, string> = {}
): Promise<Ran> {
  const cli = startCli(t, ['validate', ...args], environment, { cwd: t.testdir(files) })
  const status = await cli.ended
  return { status, ...cli.output }
}

t.test('without a path, it validates what serve would read', async t => {
  const cases: [title: string, files: Folder, environment: Record<string, string>, stdout: string][] = [
    ['.env', { '.env': good }, {},
      `.env: example.com\n${goodDocuments}No problems found. Valid: 1 site with 2 documents.\n`],
    ['the environment', {}, { SERVER_NAME: 'example.com' },
      'environment: example.com\n  /.well-known/matrix/server: 30 bytes, example.com:443\n' +
        withoutClient +
        'No problems found. Valid: 1 site with 1 document.\n'],
    ['the environment wins', { '.env': good }, { SERVER_NAME: 'a.example', M_SERVER: 'matrix.a.example' },
      'environment: a.example\n  /.well-known/matrix/server: 31 bytes, matrix.a.example\n' +
        '  /.well-known/matrix/client: 58 bytes, https://matrix.example.com\n' +
        `environment: warning: ${aboutPort}\n1 warning. Valid: 1 site with 2 documents.\n`],
    ['nothing is served', { '.env': 'SERVER_NAME=example.com\nSERVE_SERVER_WELLKNOWN=false' }, {},
      '.env: example.com\n  /.well-known/matrix/server: 404, because SERVE_SERVER_WELLKNOWN is false\n' +
        `${withoutClient}.env: warning: nothing is served: ` + 'SERVE_SERVER_WELLKNOWN is false, and no other ' +
        'document is configured\n1 warning. Valid: 1 site with 0 documents.\n']
  ]
  for (const [title, files, environment, stdout] of cases) {
    t.strictSame(await validate(t, files, [], environment), { status: 0, stdout, stderr: '' }, title)
  }
})

t.test('all faults are reported at once, each with where to fix it, with status 78', async t => {
  const text = `${wrong}M_SERVER: typo\nSERVERNAME=example.com`
  t.strictSame(await validate(t, { '.env': text }, [], { PORT: 'y' }), {
    status: 78,
    stdout: '.env: warning: line 3: has no "=" and is ignored; write M_SERVER=value\n' +
      ".env: warning: SERVERNAME isn't a setting and is ignored; did you mean SERVER_NAME?\n" +
      `.env: fault: ${aboutName}\n.env: fault: ${aboutScheme}\n` +
      'environment: fault: PORT is "y": not a whole number; use one such as 8080\n' +
      '3 faults, 2 warnings. Valid: no site.\n',
    stderr: ''
  })
  t.match(await validate(t, {}), { status: 78, stdout: `environment: fault: ${aboutName}\n1 fault. Valid: no site.\n` })
  t.match(await validate(t, { '.env': {} }, [], { SERVER_NAME: 'example.com' }), {
    status: 78,
    stdout: '.env: fault: not a regular file; use the path of another file\n1 fault. Valid: no site.\n'
  })
})

t.test('each file is validated as a .env, with settings of the process, whatever the environment is', async t => {
  const { status, stdout } = await validate(t, { a: good, 'b.env': wrong }, ['a', 'b.env', 'a'], { PORT: 'y' })
  t.equal(status, 78)
  t.equal(stdout, `a: example.com\n${goodDocuments}b.env: fault: ${aboutName}\nb.env: fault: ${aboutScheme}\n` +
    'b.env: fault: PORT is "x": not a whole number; use one such as 8080\n' +
    '3 faults. Valid: 1 site with 2 documents.\n')
})

t.test('with --literal, quotes in a file are a part of the value, but not in a folder', async t => {
  const quoted = "SERVER_NAME='example.com'\n"
  const files = { 'settings.env': quoted, sites: { 'a.env': quoted.replace('example.com', 'a.example') } }
  t.equal((await validate(t, files, ['settings.env', 'sites'])).status, 0)
  t.strictSame(await validate(t, files, ['--literal', 'settings.env', 'sites']), {
    status: 78,
    stdout: 'sites/a.env: a.example\n  /.well-known/matrix/server: 28 bytes, a.example:443\n' + withoutClient +
      'settings.env: fault: SERVER_NAME is "\'example.com\'": the quotes are part of the value; remove them\n' +
      '1 fault. Valid: 1 site with 1 document.\n',
    stderr: ''
  })
  const wrong = await validate(t, { '.env': quoted }, ['--literal'])
  t.match(wrong, { status: 2, stdout: '', stderr: /^--literal has no PATH: add the path of a file\.\n/ })
})

t.test("a path that can't be validated is a fault, and the others are validated", async t => {
  const files = {
    good,
    big: '',
    binary: Buffer.from('\x7fELF\x02\x01\x01\0\0'),
    empty: {},
    project: { '.env': good },
    x: '',
    '\u001b[2J': ''
  }
  const cwd = t.testdir(files)
  truncateSync(join(cwd, 'big'), 2 ** 40)
  execFileSync('mkfifo', [join(cwd, 'pipe')])
  const names = "has no file for a site: their names end in .env and don't start with \".\"; "
  const cases: [path: string, message: string][] = [
    ['missing', 'no such file; use the path of another file'],
    ['good/missing', 'no such file; use the path of another file'],
    ['big', 'larger than 1048576 bytes; use the path of another file'],
    ['binary', 'not text; use the path of another file'],
    ['pipe', 'not a regular file; use the path of another file'],
    ['/dev/zero', 'not a regular file; use the path of another file'],
    ['empty', `${names}name each file after its site, such as example.com.env`],
    ['project', `${names}to validate project/.env, use its path`],
    ['x', aboutName],
    ['\u001b[2J', aboutName]
  ]
  const cli = startCli(t, ['validate', ...cases.map(([path]) => path), 'good'], {}, { cwd })
  t.equal(await cli.ended, 78)
  const faults = cases.map(([path, message]) => `${path.replace('\u001b', '\\u{1b}')}: fault: ${message}\n`).join('')
  const summary = `${cases.length} faults. Valid: 1 site with 2 documents.\n`
  t.strictSame(cli.output, { stdout: `good: example.com\n${goodDocuments}${faults}${summary}`, stderr: '' })
})

t.test('standard input is a file of its own', async t => {
  const cwd = t.testdir({ '-': { 'a.env': wrong } })
  const cases: [input: string, status: number, stdout: string][] = [
    [good, 0, `standard input: example.com\n${goodDocuments}No problems found. Valid: 1 site with 2 documents.\n`],
    ['\\n', 78, `standard input: fault: ${aboutName}\n1 fault. Valid: no site.\n`],
    ['', 78, `standard input: fault: ${aboutEmpty}\n1 fault. Valid: no site.\n`],
    ['\\0', 78, 'standard input: fault: not text; use the path of another file\n1 fault. Valid: no site.\n']
  ]
  for (const [input, status, stdout] of cases) {
    const cli = startCli(t, ['validate', '-', '-'], {}, { cwd, shell: `printf '${input}' | "$@"` })
    t.equal(await cli.ended, status)
    t.strictSame(cli.output, { stdout, stderr: '' })
  }
  const endless = startCli(t, ['validate', '-'], {}, { cwd, shell: '"$@" </dev/zero' })
  t.equal(await endless.ended, 78)
  t.match(endless.output.stdout, 'standard input: fault: longer than 1048576 bytes; use the path of another file\n')
})

t.test('a folder of sites is validated as it is served', async t => {
  const files = {
    sites: {
      'a.env': `${withoutPort}HOST_ALIASES=matrix.a.example, m.a.example\nPORT=1`,
      'b.env': wrong.replace('PORT=x', ''),
      'c.env': 'SERVER_NAME=c.example\nHOST_ALIASES=d.example',
      'd.env': 'SERVER_NAME=d.example',
      '.hidden.env': wrong,
      'e.env~': wrong,
      README: wrong
    }
  }
  const { status, stdout } = await validate(t, files, ['sites'])
  t.equal(status, 78)
  t.equal(stdout, 'sites/a.env: a.example, matrix.a.example, m.a.example\n' +
    '  /.well-known/matrix/server: 31 bytes, matrix.a.example\n' +
    withoutClient +
    'sites/a.env: warning: PORT is "1": a setting of the process, ignored in the file of a site; set it in the ' +
    'environment\n' +
    `sites/a.env: warning: ${aboutPort}\n` +
    `sites/b.env: fault: ${aboutName}\n` +
    `sites/b.env: fault: ${aboutScheme}\n` +
    'sites/c.env: fault: HOST_ALIASES has the host "d.example", which is also in sites/d.env (SERVER_NAME); keep it ' +
    'in only one\n' +
    'sites/d.env: fault: SERVER_NAME has the host "d.example", which is also in sites/c.env (HOST_ALIASES); keep it ' +
    'in only one\n' +
    '4 faults, 2 warnings. Valid: 1 site with 1 document.\n')
})

t.test('the folder that SITES_DIR names is validated with the other settings', async t => {
  const sites = { 'a.env': 'SERVER_NAME=a.example\n', 'b.env': 'SERVER_NAME=b.example\nHOST_ALIASES=example.com\n' }
  const aDocument = '  /.well-known/matrix/server: 28 bytes, a.example:443\n' + withoutClient
  const bDocument = '  /.well-known/matrix/server: 28 bytes, b.example:443\n' + withoutClient
  const names = "has no file for a site: their names end in .env and don't start with \".\"; name each file after " +
    'its site, such as example.com.env'
  const aboutPort = 'PORT is "x": not a whole number; use one such as 8080'
  type Case = [title: string, dotEnv: string, environment: Record<string, string>, status: number, stdout: string]
  const cases: Case[] = [
    ['only a folder', 'SITES_DIR=sites', {}, 0,
      `sites/a.env: a.example\n${aDocument}sites/b.env: b.example, example.com\n${bDocument}` +
        'No problems found. Valid: 2 sites with 2 documents.\n'],
    ['settings of no site', 'SITES_DIR=sites\nM_SERVER=m.example.com:443', { SITES_DIR: 'sites' }, 0,
      `sites/a.env: a.example\n${aDocument}sites/b.env: b.example, example.com\n${bDocument}` +
        ".env: warning: M_SERVER isn't used, because SERVER_NAME isn't set; set it in the files of SITES_DIR, or " +
        'set SERVER_NAME as well\n1 warning. Valid: 2 sites with 2 documents.\n'],
    ['one host in both', `${good}SITES_DIR=sites`, {}, 78,
      `.env: example.com\n${goodDocuments}sites/a.env: a.example\n${aDocument}` +
        'sites/b.env: fault: HOST_ALIASES has the host "example.com", which is also in .env (SERVER_NAME); keep it ' +
        'in only one\n1 fault. Valid: 2 sites with 3 documents.\n'],
    ['one host in both', 'SITES_DIR=sites', { SERVER_NAME: 'a.example' }, 78,
      `environment: a.example\n${aDocument}sites/b.env: b.example, example.com\n${bDocument}` +
        'sites/a.env: fault: SERVER_NAME has the host "a.example", which is also in the environment (SERVER_NAME); ' +
        'keep it in only one\n1 fault. Valid: 2 sites with 2 documents.\n'],
    ['a fault of the own site', 'SITES_DIR=sites\nM_SERVER=https://m.example.com', { SERVER_NAME: 'c.example' }, 78,
      `sites/a.env: a.example\n${aDocument}sites/b.env: b.example, example.com\n${bDocument}` +
        `.env: fault: ${aboutScheme}\n1 fault. Valid: 2 sites with 2 documents.\n`],
    ['no folder', good, { SITES_DIR: 'missing' }, 78,
      `.env: example.com\n${goodDocuments}environment: fault: SITES_DIR is "missing": no such folder; create it, or ` +
        'use the path of another one\n1 fault. Valid: 1 site with 2 documents.\n'],
    ['a fault of the process, and no folder', 'SITES_DIR=missing\nPORT=x', {}, 78,
      `.env: fault: ${aboutPort}\n.env: fault: SITES_DIR is "missing": no such folder; create it, or use the path of ` +
        'another one\n2 faults. Valid: no site.\n'],
    ['a fault of the process, and one host in both', 'SITES_DIR=sites\nPORT=x', { SERVER_NAME: 'a.example' }, 78,
      `sites/b.env: b.example, example.com\n${bDocument}.env: fault: ${aboutPort}\n` +
        'sites/a.env: fault: SERVER_NAME has the host "a.example", which is also in the environment (SERVER_NAME); ' +
        'keep it in only one\n2 faults. Valid: 1 site with 1 document.\n'],
    ['faults of the process and the own site', 'SITES_DIR=sites\nPORT=x', { SERVER_NAME: 'a..b' }, 78,
      `sites/a.env: a.example\n${aDocument}sites/b.env: b.example, example.com\n${bDocument}` +
        `environment: fault: SERVER_NAME is "a..b": has an extra dot; use a.b\n.env: fault: ${aboutPort}\n` +
        '2 faults. Valid: 2 sites with 2 documents.\n'],
    ['an empty folder', 'SITES_DIR=empty', {}, 78,
      `.env: fault: SITES_DIR is "empty": ${names}\n1 fault. Valid: no site.\n`],
    ['an empty folder, and a site', `${good}SITES_DIR=empty`, {}, 0,
      `.env: example.com\n${goodDocuments}.env: warning: SITES_DIR is "empty": ${names}\n1 warning. ` +
        'Valid: 1 site with 2 documents.\n']
  ]
  for (const [title, dotEnv, environment, status, stdout] of cases) {
    const ran = await validate(t, { '.env': dotEnv, sites, empty: {} }, [], environment)
    t.strictSame(ran, { status, stdout, stderr: '' }, title)
  }
})

t.test('sites that would hide the problems are counted, and listed on request', async t => {
  const sites = Object.fromEntries([...Array(11).keys()].map(i => [`${i}.env`, `SERVER_NAME=${i}.example`]))
  const short = await validate(t, { sites }, ['sites'])
  t.strictSame(short, {
    status: 0,
    stdout: 'No problems found. Valid: 11 sites with 11 documents.\n--verbose lists every site.\n',
    stderr: ''
  })
  for (const option of ['-v', '--verbose']) {
    const { stdout } = await validate(t, { sites }, ['sites', option])
    const listed = [...stdout.matchAll(/^sites\/(\d+)\.env: \1\.example$/gm)].map(([, name]) => Number(name))
    t.strictSame(listed.toSorted((a, b) => a - b), [...Array(11).keys()])
    t.match(stdout, /\nNo problems found\. Valid: 11 sites with 11 documents\.\n$/)
  }
})

t.test('--strict treats warnings as faults', async t => {
  const { status, stdout } = await validate(t, { '.env': withoutPort }, ['--strict'])
  t.equal(status, 78)
  t.match(stdout, '\n1 warning (--strict treats warnings as faults). Valid: 1 site with 1 document.\n')
  t.equal((await validate(t, { '.env': good }, ['--strict'])).status, 0)
})

t.test('--json prints one document that matches its schema', async t => {
  const schema: object = JSON.parse(readFileSync(new URL('../../docs/validation.schema.json', import.meta.url), 'utf8'))
  const matches = new Ajv({ allowUnionTypes: true }).compile(schema)
  const documentOf = (server: string, size: number): object => ({
    name: 'server',
    path: '/.well-known/matrix/server',
    size,
    target: server,
    content: { 'm.server': server }
  })
  const warning = { severity: 'warning', variable: 'M_SERVER', message: aboutPort }
  const fault = { severity: 'fault', file: 'sites/b.env' }
  const aSite = { serverName: 'a.example', hostAliases: [], documents: [documentOf('matrix.a.example', 31)] }
  const cSite = { serverName: 'c.example', hostAliases: ['d.example'], documents: [documentOf('c.example:443', 28)] }
  const cases: [args: string[], environment: Record<string, string>, status: number, result: object][] = [
    [[], {}, 0, { valid: true, sites: [{ file: '.env', ...aSite }], problems: [{ file: '.env', ...warning }] }],
    [['--strict'], { SERVER_NAME: 'a.example', M_SERVER: 'matrix.a.example' }, 78,
      { valid: false, sites: [{ file: null, ...aSite }], problems: [{ file: null, ...warning }] }],
    [['sites', 'x'], {}, 78, {
      valid: false,
      sites: [{ file: 'sites/c.env', ...cSite }],
      problems: [
        { ...fault, variable: 'SERVER_NAME', message: aboutName },
        { ...fault, variable: 'M_SERVER', message: aboutScheme },
        { severity: 'fault', file: 'x', variable: null, message: 'no such file; use the path of another file' }
      ]
    }]
  ]
  const sites = {
    'b.env': 'M_SERVER=https://m.example.com',
    'c.env': 'SERVER_NAME=c.example\nHOST_ALIASES=d.example'
  }
  for (const [args, environment, status, result] of cases) {
    const ran = await validate(t, { '.env': withoutPort, sites }, ['--json', ...args], environment)
    t.equal(ran.status, status)
    const printed: unknown = JSON.parse(ran.stdout)
    t.strictSame(printed, { version: 1, ...result })
    matches(printed)
    t.strictSame(matches.errors ?? [], [])
  }
  for (const wrong of [{ version: 2 }, { sites: [{ file: 1 }] }, { problems: [{ severity: 'failure' }] }, { x: 1 }]) {
    t.notOk(matches({ version: 1, valid: true, sites: [], problems: [], ...wrong }), JSON.stringify(wrong))
  }
})

t.test('a wrong option is reported with a hint; a full disk too', async t => {
  const wrong = await validate(t, {}, ['--jsno'])
  t.strictSame(wrong, {
    status: 2,
    stdout: '',
    stderr: 'Unknown option "--jsno". Did you mean "--json"?\n\nRun "matrix-well-known validate --help" for usage.\n'
  })
  const empty = await validate(t, {}, ['good', ''])
  t.equal(empty.status, 2)
  t.match(empty.stderr, /^A path is empty: use that of a \.env file or a folder of sites\.\n\nRun /)
  const full = startCli(t, ['validate'], { SERVER_NAME: 'example.com' }, { shell: 'exec "$@" >/dev/full' })
  t.equal(await full.ended, 1)
  t.equal(full.output.stderr, "Can't write the result: ENOSPC: no space left on device, write\n")
})
