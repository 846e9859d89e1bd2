import { spawnSync } from 'node:child_process'
import t from 'tap'
import { docker, image } from '../support/container.ts'

interface Image {
  readonly RootFS: { readonly Layers: readonly string[] }
  readonly Config: {
    readonly User: string
    readonly Entrypoint: readonly string[]
    readonly Cmd: readonly string[]
    readonly Healthcheck: { readonly Test: readonly string[] }
    readonly Labels: Readonly<Record<string, string>>
  }
}

const [{ Config, RootFS }]: [Image] = JSON.parse(await docker('image', 'inspect', image))

t.test('the command is exact: no shell, no npm, not root', async t => {
  t.match(Config, {
    User: '65532:65532',
    Entrypoint: ['node', '--no-concurrent-recompilation', '/app/bundle/start.cjs'],
    Cmd: ['serve'],
    Healthcheck: { Test: ['CMD', 'node', '--no-concurrent-recompilation', '/app/bundle/start.cjs', 'healthcheck'] }
  })
})

t.test('the labels say what it is and where it comes from', async t => {
  t.match(Config.Labels, {
    'org.opencontainers.image.title': 'matrix-well-known',
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.version': '1.2.3-test',
    'org.opencontainers.image.revision': 'abcdef0'
  })
})

t.test('all that stands above the base is the program, its manifest, and the manifests and licences of what it is made of', async t => {
  const files = listFiles(await docker('create', image))
  const ours = files.filter(file => file.startsWith('app/') && !file.endsWith('/'))
  t.ok(ours.includes('app/bundle/cli.cjs'))
  t.ok(ours.includes('app/node_modules/fastify/LICENSE'))
  const allowed = /^app\/(bundle\/(cli\.cjs|cli\.cache|start\.cjs)|package\.json|node_modules\/.*(\/package\.json|\/LICEN[CS]E[^/]*))$/i
  t.strictSame(ours.filter(file => !allowed.test(file)), [])
  t.strictSame(ours.filter(file => /node_modules\/(tap|esbuild|eslint|typescript|pino-pretty)\//.test(file)), [], 'no development dependency')
  t.strictSame(files.filter(file => /(^|\/)(\.env|\.git|\.npmrc|src|test|npm|npx|sh|bash)$/.test(file)), [], 'no secret, no source, no npm, no shell')
})

t.test('it is at most 3 MB larger than its base', async t => {
  const sizes = (await docker('history', '--no-trunc', '--human=false', '--format={{.Size}}\t{{.CreatedBy}}', image)).split('\n').map(line => line.split('\t'))
  const added = sizes.filter(([, command]) => /^(COPY|RUN|WORKDIR) /.test(command ?? '')).map(([size]) => Number(size))
  t.ok(added.length >= 3)
  const total = added.reduce((sum, size) => sum + size, 0)
  t.comment(`${total} bytes in ${RootFS.Layers.length} layers`)
  t.ok(total > 0 && total <= 3_000_000, `${total} bytes`)
})

t.test('V8 takes the bytecode that was made of the bundle while the image was built', async t => {
  const script = "const { script } = require('/app/bundle/start.cjs'); process.on('exit', () => console.log(script.cachedDataRejected))"
  t.equal(await docker('run', '--rm', '--entrypoint=node', image, '--no-concurrent-recompilation', '--eval', script, '--', 'start', '--version'), '0.1.0\nfalse')
})

t.test('a command may be given instead of the server', async t => {
  t.equal(await docker('run', '--rm', image, '--version'), '0.1.0')
})

t.test('wrong settings end it with status 78 and a line of the log for each of them', async t => {
  const { status, stdout } = spawnSync('docker', ['run', '--rm', '--env=SERVER_NAME=https://example.com', '--env=M_SERVER=a b', '--env=CACHE_MAX_AGE=soon', image], { encoding: 'utf8', timeout: 60_000 })
  t.equal(status, 78)
  const lines: Array<{ level: string, msg: string }> = stdout.trim().split('\n').map(line => JSON.parse(line))
  t.ok(lines.every(({ level }) => level === 'fatal'))
  t.strictSame(lines.map(({ msg }) => msg.split(' ')[0]).sort(), ['CACHE_MAX_AGE', 'M_SERVER', 'SERVER_NAME'])
})

function listFiles (id: string): string[] {
  t.teardown(() => docker('rm', id))
  const exported = spawnSync('sh', ['-c', `docker export ${id} | tar --list`], { encoding: 'utf8', timeout: 60_000 })
  return exported.stdout.split('\n')
}
