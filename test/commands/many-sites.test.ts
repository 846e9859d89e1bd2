import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { portOf, startCli } from '../support/cli.ts'
import type { RunningCli } from '../support/cli.ts'
import { requestAll } from '../support/http.ts'

const base = { HOST: '127.0.0.1', PORT: '0', SITES_RELOAD_SECONDS: '0' }
const site = (name: string, port = 443): string => `SERVER_NAME=${name}.example\nM_SERVER=m.example:${port}\n`

/** The body at a host, with further header lines. */
async function get (port: number, host: string, ...headers: string[]): Promise<string> {
  const head = ['GET /.well-known/matrix/server HTTP/1.1', `Host: ${host}`, ...headers, 'Connection: close']
  const [response] = await requestAll(port, `${head.join('\r\n')}\r\n\r\n`)
  return response?.body ?? ''
}

/** A folder named `sites`. */
function fill (t: Test, sites: NonNullable<Parameters<Test['testdir']>[0]>): string {
  return join(t.testdir({ sites }), 'sites')
}

function start (t: Test, folder: string, environment: Record<string, string> = {}): RunningCli {
  return startCli(t, [], { ...base, SITES_DIR: 'sites', ...environment }, { cwd: dirname(folder) })
}

interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [key: string]: unknown
}

/** The log without times, durations and addresses. */
function readLog ({ output }: RunningCli): LogLine[] {
  return output.stdout.trimEnd().split('\n').map(line => {
    const { time, duration, address, ...rest } = JSON.parse(line) as LogLine
    return { ...rest, msg: rest.msg.replace(/ in \d+ ms/, '').replace(/http:.*/, '…') }
  })
}

async function stop (t: Test, cli: RunningCli): Promise<void> {
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
}

t.test('each host gets the documents of its site, others a 404; what is wrong is logged with its file', async t => {
  const folder = fill(t, {
    'a.env': site('a', 1), 'b.env': 'SERVER_NAME=b..example\nM_SERVR=x', 'c.env': `${site('c', 3)}PORT=80
`
  })
  const cli = start(t, folder, { M_SERVER: 'x.example:443' })
  const port = await portOf(cli)
  t.equal(await get(port, 'A.example:8448'), '{"m.server":"m.example:1"}')
  t.equal(await get(port, 'c.example.'), '{"m.server":"m.example:3"}')
  t.equal(await get(port, 'b.example'),
    '{"errcode":"M_NOT_FOUND","error":"No documents are configured for the host \\"b.example\\""}')
  t.match(await requestAll(port, 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), [{ status: 200 }])
  await stop(t, cli)
  const fix = 'set it in the files of SITES_DIR, or set SERVER_NAME as well'
  t.strictSame(readLog(cli), [
    { level: 'warn', msg: `M_SERVER isn't used, because SERVER_NAME isn't set; ${fix}` },
    {
      level: 'warn',
      file: 'sites/c.env',
      variable: 'PORT',
      msg: 'sites/c.env: PORT is "80": a setting of the process, ignored in the file of a site; ' +
        'set it in the environment'
    },
    {
      level: 'warn',
      file: 'sites/b.env',
      variable: 'M_SERVR',
      msg: "sites/b.env: M_SERVR isn't a setting and is ignored; did you mean M_SERVER?"
    },
    {
      level: 'error',
      file: 'sites/b.env',
      variable: 'SERVER_NAME',
      msg: 'sites/b.env: SERVER_NAME is "b..example": has an extra dot; use b.example'
    },
    { level: 'info', sites: 2, msg: 'serving the well-known documents of 2 sites at …' },
    { level: 'info', msg: 'SIGTERM: stopping' }
  ])
})

t.test("the environment's own site responds to all other hosts; its faults take down no other", async t => {
  const folder = fill(t, { 'a.env': site('a', 1) })
  const cli = start(t, folder, { SERVER_NAME: 'own.example', M_SERVER: 'own.example:9' })
  const port = await portOf(cli)
  t.equal(await get(port, 'a.example'), '{"m.server":"m.example:1"}')
  for (const host of ['own.example', 'x.example']) t.equal(await get(port, host), '{"m.server":"own.example:9"}')
  await stop(t, cli)
  t.match(readLog(cli), [
    { level: 'info', msg: 'serving the well-known documents of 1 site, and own.example at other hosts, at …' },
    { level: 'info', msg: '/.well-known/matrix/server: 28 bytes, own.example:9' },
    { msg: 'SIGTERM: stopping' }
  ])
  const faulty = start(t, folder, { SERVER_NAME: 'own..example' })
  t.equal(await get(await portOf(faulty), 'a.example'), '{"m.server":"m.example:1"}')
  await stop(t, faulty)
  const msg = 'SERVER_NAME is "own..example": has an extra dot; use own.example'
  t.match(readLog(faulty), [{ level: 'error', msg }, {}, {}])
  rmSync(join(folder, 'a.env'))
  const empty = start(t, folder, { SERVER_NAME: 'own.example' })
  t.equal(await get(await portOf(empty), 'a.example'), '{"m.server":"own.example:443"}')
  await stop(t, empty)
  t.match(readLog(empty)[0], { level: 'warn', variable: 'SITES_DIR', msg: /^SITES_DIR is "sites": has no file for a / })
})

t.test('if nothing can be served, the status is 78, with all faults', async t => {
  const folder = fill(t, { 'a.env': 'SERVER_NAME=a..example\nM_SERVR=x', 'b.env': '', empty: {} })
  const none = 'no site in it can be served; add a file such as example.com.env, or fix those that are there'
  const missing = 'no such folder; create it, or use the path of another one'
  const cases: [environment: Record<string, string>, ...lines: unknown[]][] = [
    [{},
      { level: 'warn', msg: "sites/a.env: M_SERVR isn't a setting and is ignored; did you mean M_SERVER?" },
      { level: 'fatal', msg: 'sites/a.env: SERVER_NAME is "a..example": has an extra dot; use a.example' },
      { level: 'fatal', msg: /^sites\/b\.env: SERVER_NAME isn't set; / },
      { level: 'fatal', msg: `SITES_DIR is "sites": ${none}` }],
    [{ SITES_DIR: 'sites/empty', SERVER_NAME: 'a..b' },
      { level: 'fatal', msg: 'SERVER_NAME is "a..b": has an extra dot; use a.b' },
      { level: 'fatal', msg: `SITES_DIR is "sites/empty": ${none}` }],
    [{ SITES_DIR: 'sites/missing', SERVER_NAME: 'a.example' },
      { level: 'fatal', msg: `SITES_DIR is "sites/missing": ${missing}` }],
    [{ PORT: 'x', SERVER_NAME: 'a.example' },
      { level: 'fatal', msg: 'PORT is "x": not a whole number; use one such as 8080' }],
    [{ PORT: 'x', SERVER_NAME: 'a..b' },
      { level: 'fatal', msg: 'SERVER_NAME is "a..b": has an extra dot; use a.b' },
      { level: 'fatal', msg: 'PORT is "x": not a whole number; use one such as 8080' }],
    [{ PORT: 'x' }, { level: 'fatal', msg: 'PORT is "x": not a whole number; use one such as 8080' }],
    [{ SITES_DIR_FILE: 'missing', SITES_DIR: '' },
      { level: 'fatal', msg: 'SITES_DIR_FILE is "missing": no such file; use the path of another file' }],
    [{ SITES_DIR: '', PORT: 'x' },
      { level: 'fatal', msg: /^SERVER_NAME isn't set; / },
      { level: 'fatal', msg: 'PORT is "x": not a whole number; use one such as 8080' }]
  ]
  for (const [environment, ...lines] of cases) {
    const cli = start(t, folder, environment)
    t.equal(await cli.ended, 78)
    t.equal(cli.output.stderr, '')
    const log = readLog(cli)
    t.match(log, lines)
    t.equal(log.length, lines.length)
  }
})

t.test('SIGHUP reloads: one line about it, and each fault with its file', async t => {
  const folder = fill(t, { 'a.env': site('a', 1), 'b.env': site('b', 2), 'c.env': site('c', 3) })
  const cli = start(t, folder)
  const port = await portOf(cli)
  writeFileSync(join(folder, 'a.env'), site('a', 4))
  writeFileSync(join(folder, 'b.env'), 'SERVER_NAME=')
  writeFileSync(join(folder, 'd.env'), site('d', 5))
  rmSync(join(folder, 'c.env'))
  cli.kill('SIGHUP')
  await cli.lineWith('reloaded')
  const bodies = await Promise.all(['a', 'b', 'c', 'd'].map(async name => await get(port, `${name}.example`)))
  t.match(bodies, [/m\.example:4/, /m\.example:2/, /M_NOT_FOUND/, /m\.example:5/])

  renameSync(folder, `${folder}-away`)
  cli.kill('SIGHUP')
  await cli.lineWith('as before')
  t.match(await get(port, 'a.example'), /m\.example:4/)
  renameSync(`${folder}-away`, folder)
  rmSync(join(folder, 'b.env'))
  cli.kill('SIGHUP')
  await cli.lineWith('0 faulty')
  await stop(t, cli)
  const missing = 'no such folder; create it, or use the path of another one'
  t.match(readLog(cli).slice(1), [
    { level: 'error', file: 'sites/b.env', variable: 'SERVER_NAME', msg: /^sites\/b\.env: SERVER_NAME isn't set; / },
    {
      level: 'info',
      sites: 3,
      added: 1,
      changed: 1,
      removed: 1,
      faulty: 1,
      msg: 'reloaded 3 sites: 1 added, 1 changed, 1 removed, 1 faulty'
    },
    { level: 'error', msg: `SITES_DIR is "sites": ${missing}; all sites are served as before` },
    { level: 'info', msg: 'SITES_DIR is "sites": the folder can be read again' },
    { level: 'info', sites: 2, removed: 1, msg: 'reloaded 2 sites: 0 added, 0 changed, 1 removed, 0 faulty' },
    { level: 'info', msg: 'SIGTERM: stopping' }
  ])
})

t.test("without a signal, it polls; it sees a swap of Kubernetes' ..data, and logs nothing otherwise", async t => {
  const folder = fill(t, {
    '..1': { 'a.env': site('a', 1) },
    '..2': { 'a.env': site('a', 2) },
    '..data': t.fixture('symlink', '..1'),
    'a.env': t.fixture('symlink', '..data/a.env')
  })
  const cli = start(t, folder, { SITES_RELOAD_SECONDS: '1' })
  const port = await portOf(cli)
  symlinkSync('..2', join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  await cli.lineWith('1 changed')
  t.match(await get(port, 'a.example'), /m\.example:2/)
  writeFileSync(join(folder, 'c.env'), '')
  await cli.lineWith("c.env: SERVER_NAME isn't set")
  await cli.lineWith('1 faulty')
  rmSync(join(folder, 'c.env'))
  // Although nothing that is served has changed.
  await cli.lineWith('0 added, 0 changed, 0 removed, 0 faulty')
  renameSync(folder, `${folder}-away`)
  await cli.lineWith('as before')
  const away = readLog(cli).length
  mkdirSync(folder)
  writeFileSync(join(folder, 'b.env'), site('b', 3))
  await cli.lineWith('1 added')
  await stop(t, cli)
  t.match(readLog(cli).slice(away), [
    { msg: 'SITES_DIR is "sites": the folder can be read again' },
    { msg: 'reloaded 1 site: 1 added, 0 changed, 1 removed, 0 faulty' }, { msg: 'SIGTERM: stopping' }
  ])
})

t.test('a folder without a site any more is a warning, because it may be a volume that is gone', async t => {
  const folder = fill(t, { 'a.env': site('a', 1) })
  const cli = start(t, folder)
  const port = await portOf(cli)
  renameSync(folder, `${folder}-away`)
  mkdirSync(folder)
  for (let i = 0; i < 2; i++) {
    cli.kill('SIGHUP')
    await cli.lineWith('reloaded', i)
  }
  t.match(await get(port, 'a.example'), /M_NOT_FOUND/)
  await stop(t, cli)
  t.match(readLog(cli).slice(1), [
    {
      level: 'warn',
      sites: 0,
      removed: 1,
      msg: 'reloaded 0 sites: 0 added, 0 changed, 1 removed, 0 faulty; SITES_DIR is "sites", which has no site any more'
    },
    { level: 'info', msg: 'reloaded 0 sites: 0 added, 0 changed, 0 removed, 0 faulty' },
    { msg: 'SIGTERM: stopping' }
  ])
})

t.test('a target in absolute form replaces Host; LOG_REQUESTS logs the host, as short plain text', async t => {
  const folder = fill(t, { 'a.env': site('a', 1), 'b.env': site('b', 2) })
  const cli = start(t, folder, { LOG_REQUESTS: 'true', TRUST_PROXY: '127.0.0.1' })
  const port = await portOf(cli)
  const long = 'x'.repeat(500)
  const cases: [origin: string, host: string, forwarded: string | undefined, body: RegExp, logged: string][] = [
    ['', 'B.example:80', undefined, /m\.example:2/, 'B.example:80'],
    ['http://a.example', 'b.example', undefined, /m\.example:1/, 'a.example'],
    ['HTTPS://user:secret@A.example:443', 'b.example', undefined, /m\.example:1/, 'A.example:443'],
    ['http://x.example', 'b.example', undefined, /the host \\"x\.example\\"/, 'x.example'],
    ['http://x.example', 'a.example', 'b.example', /m\.example:2/, 'b.example'],
    ['', 'a.example', 'a\tb', /M_NOT_FOUND/, 'a\\u{9}b'],
    ['', 'a.example', long, /M_NOT_FOUND/, `${long.slice(0, 261)}…`]
  ]
  for (const [origin, host, forwarded, body] of cases) {
    const lines = [`GET ${origin}/.well-known/matrix/server HTTP/1.1`, `Host: ${host}`, 'Connection: close']
    if (forwarded !== undefined) lines.push(`X-Forwarded-Host: ${forwarded}`)
    const [response] = await requestAll(port, `${lines.join('\r\n')}\r\n\r\n`)
    t.match(response?.body, body, origin)
  }
  await stop(t, cli)
  const requests = readLog(cli).filter(({ msg }) => msg === 'request')
  t.strictSame(requests.map(({ host }) => host), cases.map(([, , , , logged]) => logged))
  t.notMatch(cli.output.stdout, /secret/)
})

t.test('X-Forwarded-Host selects the site only if TRUST_PROXY trusts the peer', async t => {
  const folder = fill(t, { 'a.env': site('a', 1), 'b.env': site('b', 2) })
  const cases: [trusted: string, host: string, headers: string[], body: RegExp][] = [
    ['false', 'a.example', ['X-Forwarded-Host: b.example'], /m\.example:1/],
    ['192.0.2.0/24', 'a.example', ['X-Forwarded-Host: b.example'], /m\.example:1/],
    ['127.0.0.1', 'a.example', ['X-Forwarded-Host: b.example'], /m\.example:2/],
    ['127.0.0.1', 'a.example', ['X-Forwarded-Host: B.example.:443'], /m\.example:2/],
    ['127.0.0.1', 'a.example', [], /m\.example:1/],
    ['127.0.0.1', 'a.example', ['X-Forwarded-Host: '], /m\.example:1/],
    // What the nearest proxy has added is last.
    ['127.0.0.1', 'x.example', ['X-Forwarded-Host: a.example, b.example'], /m\.example:2/],
    ['127.0.0.1', 'x.example', ['X-Forwarded-Host: a.example', 'X-Forwarded-Host: b.example'], /m\.example:2/],
    ['127.0.0.1', 'a.example', ['X-Forwarded-Host: https://b.example/'], /the host \\"https:\/\/b\.example\/\\""/],
    ['127.0.0.1', 'a.example', [`X-Forwarded-Host: ${'b'.repeat(8_000)}`], /the host \\"b{199}…\\""/]
  ]
  for (const trusted of new Set(cases.map(([trusted]) => trusted))) {
    const cli = start(t, folder, { TRUST_PROXY: trusted })
    const port = await portOf(cli)
    for (const [, host, headers, body] of cases.filter(([other]) => other === trusted)) {
      t.match(await get(port, host, ...headers), body, `${trusted}: ${headers.join()}`.slice(0, 80))
    }
    await stop(t, cli)
  }
})
