import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import t from 'tap'
import { wellKnown } from '../support/responses.ts'
import { healthyOptions, optionsFor } from '../support/check-cli.ts'
import { startCli, startCliOnTerminal } from '../support/cli.ts'
import type { RunningCli } from '../support/cli.ts'
import { startDnsServer } from '../support/dns-server.ts'
import { describeHealthyWorld, startHealthyWorld } from '../support/healthy-world.ts'
import { listen } from '../support/listen.ts'
import { startWorld } from '../support/world.ts'
import type { HttpsHost } from '../support/world.ts'

const base = { HOST: '127.0.0.1', PORT: '0', MONITOR_SECONDS: '1', MONITOR_CONFIRMATIONS: '2' }

async function addressOf (cli: RunningCli): Promise<string> {
  const line = await cli.lineWith('monitoring ')
  return /http:\/\/[^"]+/.exec(line)?.[0] ?? ''
}

interface Line { readonly level: string, readonly msg: string, readonly finding?: string }

function parseLine (line: string): Line {
  return JSON.parse(line) as Line
}

t.test('one line when a verdict changes, and pages and metrics of what is known', async t => {
  let isBroken = false
  const good = wellKnown({ 'm.homeserver': { base_url: 'https://matrix.example.com' } })
  const bad = wellKnown({ 'm.homeserver': 'https://matrix.example.com' })
  const world = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/client': (request, response) => (isBroken ? bad : good)(request, response) }
  })
  const cli = startCli(t, ['monitor', 'example.com', ...await healthyOptions(world)], base)
  const address = await addressOf(cli)
  t.match(parseLine(await cli.lineWith('example.com works')), { level: 'info', verdict: 'works' })
  const page = await (await fetch(address)).text()
  t.match(page, '<h1>1 name works</h1>')
  t.match(await (await fetch(`${address}/metrics`)).text(), '\nprobe_success{name="example.com"} 1\n')

  isBroken = true
  const failed = parseLine(await cli.lineWith("example.com doesn't work: /.well-known/matrix/client"))
  t.match(failed, { level: 'error', finding: 'document.invalid' })
  const metrics = await (await fetch(`${address}/metrics`)).text()
  t.match(metrics, '\nprobe_success{name="example.com"} 0\n')
  t.match(metrics, '\nmatrix_well_known_deciding_finding{name="example.com",id="document.invalid",title="')
  t.match(await (await fetch(`${address}/names/example.com`)).text(), 'Clients can&#39;t log in.')

  isBroken = false
  await cli.lineWith('example.com works again')
  cli.kill('SIGHUP')
  t.match(await cli.lineWith('SIGHUP'), 'without SITES_DIR, there is nothing to reload')
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
  const lines = cli.output.stdout.split('\n').filter(line => line.includes('verdict'))
  t.equal(lines.length, 3, cli.output.stdout)
})

t.test('the homeserver that many names share is not asked for each of them', async t => {
  const names = Array.from({ length: 12 }, (_, i) => `${i}.example.com`)
  const { records, hosts } = describeHealthyWorld()
  const site = hosts['45.0.0.2:443'] as HttpsHost
  const world = await startWorld(t, {
    records: { ...records, ...Object.fromEntries(names.map(name => [name, { A: ['45.0.0.2'] }])) },
    hosts: { ...hosts, '45.0.0.2:443': { ...site, certificate: ['DNS:*.example.com'] } }
  })
  const places = Object.fromEntries(names.map(name => [`${name}:443`, '45.0.0.2:443']))
  const options = await optionsFor(world, { ...places, 'matrix.example.com:443': '45.0.0.3:443' })
  const settings = { ...base, MONITOR_SECONDS: '5', MONITOR_CONFIRMATIONS: '1' }
  const cli = startCli(t, ['monitor', ...names, ...options], settings)
  for (const name of names) t.match(parseLine(await cli.lineWith(`${name} doesn't work`)), { level: 'error' })
  const keys = world.requests.filter(({ url }) => url === '/_matrix/key/v2/server')
  t.ok(keys.length < names.length, `${keys.length} requests for keys`)
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
})

t.test('without names, it monitors those of the settings, and follows the folder of sites', async t => {
  const options = await healthyOptions(await startHealthyWorld(t))
  const cwd = t.testdir({ sites: { 'a.env': 'SERVER_NAME=a.example' } })
  const folder = `${cwd}/sites`
  const environment = { ...base, SERVER_NAME: 'example.com', SITES_DIR: 'sites', SITES_RELOAD_SECONDS: '0' }
  const settings = { ...environment, MONITOR_SECONDS: '3600', MONITOR_CONFIRMATIONS: '1' }
  const cli = startCli(t, ['monitor', ...options], settings, { cwd })
  const address = await addressOf(cli)
  t.match(await cli.lineWith('monitoring '), 'monitoring 2 names')
  // The settings have no M_SERVER, so the documents differ from them.
  t.match(await cli.lineWith('"serverName":"example.com"'), 'intent.')

  writeFileSync(`${folder}/b.env`, 'SERVER_NAME=b.example')
  writeFileSync(`${folder}/c.env`, 'SERVER_NAME=/')
  rmSync(`${folder}/a.env`)
  cli.kill('SIGHUP')
  t.match(parseLine(await cli.lineWith('c.env')), { level: 'error', msg: /^sites\/c\.env: SERVER_NAME is "\/"/ })
  t.match(parseLine(await cli.lineWith(' added')), { level: 'info', msg: 'monitoring 2 names: 1 added, 1 removed' })
  const names = await (await fetch(address)).text()
  t.match(names, 'b.example')
  t.notMatch(names, 'a.example')

  rmSync(folder, { recursive: true })
  cli.kill('SIGHUP')
  t.match(parseLine(await cli.lineWith('SITES_DIR is')), { level: 'error' })
  t.match(await (await fetch(address)).text(), 'b.example')
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
  t.equal(cli.output.stdout.match(/c\.env: /g)?.length, 1, 'a fault is logged once')
  t.equal(cli.output.stdout.match(/ added, /g)?.length, 1, 'names that stay are not logged')
})

t.test('a folder that has no site any more is a warning', async t => {
  const cwd = t.testdir({ sites: { 'a.env': 'SERVER_NAME=a.example' } })
  const settings = { ...base, SITES_DIR: 'sites', SITES_RELOAD_SECONDS: '0', MONITOR_SECONDS: '3600' }
  const cli = startCli(t, ['monitor', '--dns=127.0.0.1:1', '--timeout=1'], settings, { cwd })
  await addressOf(cli)
  rmSync(`${cwd}/sites/a.env`)
  cli.kill('SIGHUP')
  t.match(parseLine(await cli.lineWith(' removed')), {
    level: 'warn',
    msg: 'monitoring 0 names: 0 added, 1 removed; SITES_DIR is "sites", which has no site any more'
  })
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
})

t.test('other DNS servers of the system are used from the next check on', {
  // What can be mounted in a namespace of one's own isn't seen by other processes.
  skip: spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0 ? false : 'needs a mount namespace'
}, async t => {
  const dns = await startDnsServer(t, {})
  const cwd = t.testdir({ 'resolv.conf': 'nameserver [127.0.0.1]:1\n' })
  const mount = `mount --bind '${cwd}/resolv.conf' /etc/resolv.conf && exec "$@"`
  const shell = `exec unshare --map-root-user --mount bash -c '${mount.replaceAll("'", "'\\''")}' bash "$@"`
  const cli = startCli(t, ['monitor', 'nowhere.example'], { ...base, MONITOR_CONFIRMATIONS: '1' }, { cwd, shell })
  t.match(parseLine(await cli.lineWith("nowhere.example can't be checked")), { finding: 'discovery.dns-server' })
  writeFileSync(`${cwd}/resolv.conf`, `nameserver [127.0.0.1]:${dns.address.split(':')[1]}\n`)
  t.match(parseLine(await cli.lineWith("nowhere.example doesn't work")), { finding: 'discovery.no-address' })
  cli.kill('SIGTERM')
  t.equal(await cli.ended, 0)
})

t.test('a line of .env that is ignored is logged, and on a terminal the log is plain text', async t => {
  const args = ['monitor', 'example.com', '--dns=127.0.0.1:1', '--timeout=1']
  const cli = startCli(t, args, base, { cwd: t.testdir({ '.env': 'M_SERVER: x\n' }) })
  t.match(await cli.lineWith('.env, line 1'), 'has no \\"=\\" and is ignored')
  await addressOf(cli)
  const terminal = startCliOnTerminal(t, base, args)
  t.notMatch(await terminal.lineWith('monitoring 1 name'), '{')
  for (const running of [cli, terminal]) {
    running.kill('SIGTERM')
    await running.ended
  }
})

t.test('what is wrong is said at the start, with the fix', async t => {
  const other = createServer()
  const { port } = await listen(t, other, '127.0.0.1')
  const used = `PORT is ${port}: the address is already in use; stop the other program, or set another PORT`
  const cases = [
    { args: [], environment: {}, status: 2, output: 'There is nothing to monitor: give server names, or set ' },
    { args: ['a..b', 'c d'], environment: {}, status: 2, output: /name is "a\.\.b": .*\nThe server name is "c d": / },
    { args: ['a.b'], environment: { MONITOR_SECONDS: '0', PORT: 'x' }, status: 78, output: /PORT .*MONITOR_SECONDS /s },
    { args: ['example.com'], environment: { SITES_DIR: '/missing' }, status: 78, output: 'SITES_DIR is ' },
    { args: [], environment: { SERVER_NAM: 'x', SERVER_NAME: '/' }, status: 78, output: /NAM .*NAME is /s },
    { args: ['example.com'], environment: { PORT: String(port) }, status: 1, output: used }
  ]
  for (const { args, environment, status, output } of cases) {
    const cli = startCli(t, ['monitor', ...args], { ...base, ...environment })
    t.equal(await cli.ended, status, JSON.stringify(args))
    t.match((cli.output.stdout + cli.output.stderr).replaceAll('\\"', '"'), output)
  }
  const help = startCli(t, ['monitor', '--help'], {})
  t.equal(await help.ended, 0)
  t.match(help.output.stdout, /^Usage: matrix-well-known monitor \[SERVER_NAME…\]/)
  const terminal = startCliOnTerminal(t, { ...base, SERVER_NAME: '/' }, ['monitor'])
  t.equal(await terminal.ended, 78)
  t.match(terminal.output.stdout, /^SERVER_NAME is "\/": /)
})
