import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { loadConfig } from '../../src/config/config.ts'
import { limits } from '../../src/server/limits.ts'

const run = promisify(execFile)
const folder = new URL('../../examples/systemd/', import.meta.url)
const unit = readFileSync(new URL('matrix-well-known.service', folder), 'utf8')
const environmentFile = readFileSync(new URL('matrix-well-known.env', folder), 'utf8')

function readDirective (name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]
}

/** Reads files in environment.d with the parser of EnvironmentFile=, except that it also expands a $. */
const generator = '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator'
const skip = existsSync(generator) ? false : 'systemd is not installed here: on Debian, apt-get install systemd'

t.test('systemd accepts the unit', { skip }, async t => {
  const command = 'ExecStart=matrix-well-known'
  t.match(unit, command)
  // systemd checks that the command exists.
  const directory = t.testdir({ 'matrix-well-known.service': unit.replace(command, `ExecStart=${process.execPath}`) })
  const { stderr } = await run('systemd-analyze', ['verify', `${directory}/matrix-well-known.service`])
  // It also reports other units of this machine.
  t.same(stderr.split('\n').filter(line => line.includes('matrix-well-known.service')), [])
})

/** What the server and the monitor need to be exposed to. */
const needed = [
  'DeviceAllow=', // the clock, read-only: what ProtectClock leaves
  'IPAddressDeny=', // all but localhost
  'MemoryDenyWriteExecute=',
  'NotifyAccess=', // systemd-notify reports that they listen
  'PrivateNetwork=',
  'RestrictAddressFamilies=~AF_(INET|INET6)',
  'RestrictAddressFamilies=~AF_NETLINK',
  'RestrictAddressFamilies=~AF_UNIX',
  'RootDirectory=/RootImage='
]

t.test('systemd finds only what the server needs to be exposed', { skip }, async t => {
  for (const user of ['DynamicUser=yes', 'User=matrix-well-known']) {
    const directory = t.testdir({ 'matrix-well-known.service': unit.replace('DynamicUser=yes', user) })
    const options = ['--offline=true', '--json=short', '--threshold=12']
    const { stdout } = await run('systemd-analyze', ['security', ...options, `${directory}/matrix-well-known.service`])
    const checks: Array<{ name: string, set: boolean, exposure: string | null }> = JSON.parse(stdout)
    t.same(checks.filter(({ set, exposure }) => !set && exposure !== null).map(({ name }) => name).sort(), needed, user)
  }
})

t.test('systemd accepts the timer, the check and the monitor, confined like the server', { skip }, async t => {
  const commands = [['check', 'matrix-well-known check'], ['monitor', 'matrix-well-known monitor']] as const
  const timer = readFileSync(new URL('matrix-well-known-check.timer', folder), 'utf8')
  for (const [name, command] of commands) {
    const file = `matrix-well-known-${name}.service`
    const text = readFileSync(new URL(file, folder), 'utf8')
    t.match(text, command)
    const runnable = text.replace(command, `${process.execPath} ${name}`)
    const directory = t.testdir({ [file]: runnable, 'matrix-well-known-check.timer': timer })
    const files = [file, ...name === 'check' ? ['matrix-well-known-check.timer'] : []]
    const { stderr } = await run('systemd-analyze', ['verify', ...files.map(each => `${directory}/${each}`)])
    t.same(stderr.split('\n').filter(line => line.includes('matrix-well-known')), [], name)
    const options = ['--offline=true', '--json=short', '--threshold=13']
    const { stdout } = await run('systemd-analyze', ['security', ...options, `${directory}/${file}`])
    const checks: Array<{ name: string, set: boolean, exposure: string | null }> = JSON.parse(stdout)
    const exposed = checks.filter(({ set, exposure }) => !set && exposure !== null).map(({ name }) => name)
    t.same(exposed.sort(), needed.filter(each => name === 'monitor' || each !== 'NotifyAccess='), name)
  }
})

t.test("a system call that Node only tries doesn't end any of the units", async t => {
  const services = readdirSync(folder).filter(name => name.endsWith('.service'))
  t.equal(services.length, 3)
  // Container tests don't see it: only Node 20 tries one that the filter lacks.
  for (const name of services) t.match(readFileSync(new URL(name, folder), 'utf8'), /^SystemCallErrorNumber=EPERM$/m)
})

t.test('systemd reads the settings in the example, also if its comments are removed', { skip }, async t => {
  const uncommented = environmentFile.replace(/^#(?=[A-Z_]+=)/gm, '')
  const documents = [
    [environmentFile, {}],
    [uncommented, {
      extraClientContent: { 'io.element.e2ee': { default: true } },
      supportContacts: [{ 'dev.example.note': 'Don\'t "panic"' }]
    }]
  ] as const
  for (const [text, site] of documents) {
    const directory = t.testdir({ 'environment.d': { 'matrix-well-known.conf': text } })
    const { stdout } = await run(generator, { env: { XDG_CONFIG_HOME: directory } })
    const config = loadConfig(Object.fromEntries(stdout.trimEnd().split('\n').map(parseVariable)))
    t.match(config, { server: { host: '127.0.0.1', port: 8080 }, site: { serverName: 'example.com', ...site } })
    t.same(config.warnings, [])
  }
})

/** The generator quotes anything that isn't a single word, with a backslash before " and \ as in JSON. */
function parseVariable (line: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
  return [name, value.startsWith('"') ? String(JSON.parse(value)) : value]
}

t.test('the unit starts the command of this package', async t => {
  const { bin } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  t.same(Object.keys(bin), [readDirective('ExecStart')])
})

t.test('the unit doesn\'t restart the server if the settings are wrong', async t => {
  const file = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
  const env = { ...process.env, SERVER_NAME: '' }
  const cli = execFile(process.execPath, [...process.execArgv, file], { env, cwd: t.testdir() })
  const [status] = await once(cli, 'exit')
  t.equal(readDirective('RestartPreventExitStatus'), String(status))
})

t.test('the unit gives the server time to stop', async t => {
  t.ok(Number.parseInt(readDirective('TimeoutStopSec') ?? '') * 1000 > limits.stopTimeout)
})
