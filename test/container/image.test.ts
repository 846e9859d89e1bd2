import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t from 'tap'
import { docker, evaluate, image, startContainer } from '../support/container.ts'
import { readPage } from '../support/pages.ts'

interface Image {
  readonly RootFS: { readonly Layers: readonly string[] }
  readonly Config: {
    readonly User: string
    readonly Entrypoint: readonly string[]
    readonly Cmd: readonly string[]
    readonly Healthcheck: { readonly Test: readonly string[], readonly StartInterval?: number }
    readonly Labels: Readonly<Record<string, string>>
  }
}

const { version } = JSON.parse(readPage('package.json')) as { version: string }
const [{ Config, RootFS }]: [Image] = JSON.parse(await docker('image', 'inspect', image))

t.test('the command starts node directly, not as root', async t => {
  const command = ['node', '--no-concurrent-recompilation', '--disable-sigusr1', '/app/bundle/start.cjs']
  t.match(Config, {
    User: '65532:65532',
    Entrypoint: command,
    Cmd: ['serve'],
    Healthcheck: { Test: ['CMD', ...command, 'healthcheck'] }
  })
  t.equal(Config.Healthcheck.StartInterval, undefined, 'Docker 20.10 does not know it')
})

t.test('the labels name the project, version and revision', async t => {
  t.match(Config.Labels, {
    'org.opencontainers.image.title': 'matrix-well-known',
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.version': '1.2.3-test',
    'org.opencontainers.image.revision': 'abcdef0'
  })
})

t.test('it adds only the program, its manifest, and manifests and licenses of dependencies to its base', async t => {
  const files = listFiles(await docker('create', image))
  const ours = files.filter(file => file.startsWith('app/') && !file.endsWith('/'))
  for (const name of ['server', 'cli']) t.ok(ours.includes(`app/bundle/${name}.cjs`), name)
  t.ok(ours.includes('app/node_modules/fastify/LICENSE'))
  const own = ['app/bin/matrix-well-known', 'app/package.json']
  const bundle = /^app\/bundle\/(server|cli|start|matrix-well-known)\.c(js|ache)$/
  const dependencies = /^app\/node_modules\/.*(\/package\.json|\/LICEN[CS]E[^/]*)$/i
  t.strictSame(ours.filter(file => !own.includes(file) && !bundle.test(file) && !dependencies.test(file)), [])
  const development = /node_modules\/(tap|esbuild|eslint|typescript|pino-pretty)\//
  t.strictSame(ours.filter(file => development.test(file)), [], 'no development dependency')
  const unwanted = /(^|\/)(\.env|\.git|\.npmrc|src|test|npm|npx|sh|bash)$/
  t.strictSame(files.filter(file => unwanted.test(file)), [], 'no secret, no source, no npm, no shell')
})

t.test('it is at most 4.5 MB larger than its base', async t => {
  const history = await docker('history', '--no-trunc', '--human=false', '--format={{.Size}}\t{{.CreatedBy}}', image)
  const sizes = history.split('\n').map(line => line.split('\t'))
  const added = sizes.filter(([, command]) => /^(COPY|RUN|WORKDIR) /.test(command ?? '')).map(([size]) => Number(size))
  t.ok(added.length >= 3)
  const total = added.reduce((sum, size) => sum + size, 0)
  t.comment(`${total} bytes in ${RootFS.Layers.length} layers`)
  t.ok(total > 0 && total <= 4_500_000, `${total} bytes`)
})

t.test('V8 accepts the bytecode that was compiled when the image was built', async t => {
  const script = `
    const { script } = require('/app/bundle/start.cjs')
    process.on('exit', () => console.log(script.cachedDataRejected))`
  const node = ['--no-concurrent-recompilation', '--eval', script, '--', 'start']
  for (const command of ['serve', 'check']) {
    const output = await docker('run', '--rm', '--entrypoint=node', image, ...node, command, '--help')
    t.equal(output.split('\n').at(-1), 'false', command)
  }
})

t.test('it runs another command instead of the server', async t => {
  t.equal(await docker('run', '--rm', image, '--version'), version)
})

t.test('its commands are on its PATH', async t => {
  t.equal(await docker('run', '--rm', '--entrypoint=matrix-well-known', image, '--version'), version)
  const { id } = await startContainer(t, { SERVER_NAME: 'example.com' })
  await docker('exec', id, 'matrix-well-known', 'healthcheck')
  for (const command of ['healthcheck', 'validate', 'check', 'monitor', 'export', 'import']) {
    t.match(await docker('exec', id, 'matrix-well-known', command, '--help'), `Usage: matrix-well-known ${command}`)
  }
})

t.test('on its PATH, too, SIGUSR1 does not open the inspector', async t => {
  // A DNS server that never responds.
  const dns = createSocket('udp4')
  t.teardown(() => dns.close())
  await once(dns.bind(0, '127.0.0.1'), 'listening')
  const check = ['check', 'example.com', `--dns=127.0.0.1:${dns.address().port}`, '--timeout=30']
  const query = once(dns, 'message')
  const id = await docker('run', '--detach', '--network=host', '--entrypoint=matrix-well-known', image, ...check)
  t.teardown(() => docker('rm', '--force', id))
  await query
  await docker('kill', '--signal=USR1', id)
  const isInspectorOpen = 'fs.readFileSync("/proc/net/tcp", "utf8").includes("0100007F:240D 00000000:0000 0A")'
  t.equal(await evaluate(id, isInspectorOpen), 'false')
})

t.test('with wrong settings, it logs a line for each and exits with 78', async t => {
  const settings = ['--env=SERVER_NAME=https://example.com', '--env=M_SERVER=a b', '--env=CACHE_MAX_AGE=soon']
  const run = ['run', '--rm', ...settings, image]
  const { status, stdout } = spawnSync('docker', run, { encoding: 'utf8', timeout: 300_000 })
  t.equal(status, 78)
  const lines: Array<{ level: string, msg: string }> = stdout.trim().split('\n').map(line => JSON.parse(line))
  t.ok(lines.every(({ level }) => level === 'fatal'))
  t.strictSame(lines.map(({ msg }) => msg.split(' ')[0]).sort(), ['CACHE_MAX_AGE', 'M_SERVER', 'SERVER_NAME'])
})

function listFiles (id: string): string[] {
  t.teardown(() => docker('rm', id))
  const exported = spawnSync('sh', ['-c', `docker export ${id} | tar --list`], { encoding: 'utf8', timeout: 300_000 })
  return exported.stdout.split('\n')
}
