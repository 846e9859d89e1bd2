import { once } from 'node:events'
import { chmod, readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { cloneProject, fetchText, getOverTls } from '../support/compose-project.ts'
import type { Project } from '../support/compose-project.ts'
import { docker, waitForLine } from '../support/container.ts'
import { findFreePorts } from '../support/free-ports.ts'
import { commandsFor, readPage } from '../support/pages.ts'

/** The server name whose certificates Caddy issues itself. */
const local = { SITE: 'localhost' }

interface Walk {
  /** Runs the next command of the page, which has to be this one, with more words behind it or another in its place. */
  readonly step: (command: string, more?: string, instead?: string) => Promise<string>
  readonly rest: readonly string[]
}

function startWalk (page: string, { run }: Project): Walk {
  const rest = commandsFor('container').filter(command => command.page === page).map(command => command.text)
  const step = async (command: string, more = '', instead = command): Promise<string> => {
    t.equal(rest.shift(), command, page)
    return await run(`${instead}${more}`)
  }
  return { step, rest }
}

/** The document that is served; after a restart, as soon as it is. */
async function fetchServer ({ ports }: Project): Promise<unknown> {
  const deadline = Date.now() + 100_000
  while (true) {
    try {
      return JSON.parse(await fetchText(`http://127.0.0.1:${ports.PORT}/.well-known/matrix/server`))
    } catch (error) {
      if (Date.now() > deadline) throw error
      await setTimeout(100)
    }
  }
}

async function listContainers ({ name }: Project): Promise<string[]> {
  const filter = `--filter=label=com.docker.compose.project=${name}`
  const services = await docker('ps', '--all', filter, '--format={{.Label "com.docker.compose.service"}}')
  return services.split('\n').toSorted()
}

t.test('the commands in the README do what it says', async t => {
  const project = await cloneProject(t, local)
  const { step, rest } = startWalk('README.md', project)
  await step('cp .env.example .env')
  await step('docker compose up --detach --wait')
  t.strictSame(await fetchServer(project), { 'm.server': 'matrix.example.com:443' })
  await step('echo COMPOSE_PROFILES=proxy >> .env && docker compose up --detach --wait')
  t.strictSame(await listContainers(project), ['matrix-well-known', 'proxy'])
  t.strictSame(rest, [])
})

t.test('the Docker commands in docs/check.md do what it says', async t => {
  const project = await cloneProject(t)
  await project.run('cp .env.example .env')
  const { step, rest } = startWalk('docs/check.md', project)
  // Without a DNS server, so that nothing reaches the Internet.
  const offline = ' --dns=127.0.0.1 --timeout=1'
  await project.run('docker compose build')
  await t.rejects(step('docker run --rm matrix-well-known check example.com', offline),
    { code: 1, stdout: /discovery\.dns/ })
  await t.rejects(step('docker compose run --rm matrix-well-known check', offline),
    { code: 1, stdout: /discovery\.dns/ })
  // The build uses the network of the host, as in the package script.
  await step('docker build --tag matrix-well-known .', ' --network=host')
  await t.rejects(step('docker run --rm matrix-well-known check example.com', offline),
    { code: 1, stdout: /discovery\.dns/ })
  const proxy = 'docker run --rm --network host matrix-well-known check example.com --only documents ' +
    '--resolve example.com:443:127.0.0.1'
  await t.rejects(step(proxy, '', proxy.replace(':443:127.0.0.1', ':443:127.0.0.1:1')),
    { code: 1, stdout: /example\.com:443 at 127\.0\.0\.1\s+refused/ })
  t.strictSame(rest, [])
})

t.test('the Docker commands in docs/monitoring.md do what it says', async t => {
  const project = await cloneProject(t)
  await project.run('cp .env.example .env')
  const [port, metricsPort] = await findFreePorts()
  await project.run(`echo MONITOR_PORT=${port} >> .env`)
  const { step, rest } = startWalk('docs/monitoring.md', project)
  await step('echo COMPOSE_PROFILES=monitor >> .env')
  await step('docker compose up --detach --wait')
  t.strictSame(await listContainers(project), ['matrix-well-known', 'monitor'])
  t.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200)
  const [, override = ''] = /^```yaml\n(.*?)^```$/ms.exec(readPage('docs/monitoring.md')) ?? []
  await project.write('docker-compose.override.yml', override.replace('9091', String(metricsPort)))
  await project.run('echo METRICS_PORT=9090 >> .env && docker compose up --detach --wait')
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  t.match(metrics, /^matrix_well_known_sites 1$/m, 'the metrics of the sidecar')
  await project.run('docker compose down --timeout=5')
  t.strictSame(await listContainers(project), [''], 'down also removes the monitor')
  t.strictSame(rest, [])
})

t.test('the Docker commands in docs/import.md lead from a homeserver.yaml to a running sidecar', async t => {
  const project = await cloneProject(t)
  const { step, rest } = startWalk('docs/import.md', project)
  const generated = await readFile(new URL('../support/homeserver.yaml', import.meta.url), 'utf8')
  await project.write('homeserver.yaml', `${generated}public_baseurl: https://m.example.com/\n`)
  // As Debian installs it: the user of the image can't read it.
  await chmod(join(project.directory, 'homeserver.yaml'), 0o600)
  const command = 'docker build --tag matrix-well-known . && ' +
    'docker run --rm --interactive matrix-well-known import - < homeserver.yaml > .env'
  // The build uses the network of the host, as in the package script.
  await step(command, '', command.replace(' --tag', ' --network=host --tag'))
  await step('docker compose up --detach --wait')
  t.strictSame(await fetchServer(project), { 'm.server': 'm.example.com:443' })
  t.strictSame(rest, [])
})

t.test('an image that is missing is built, and not looked for in a registry', async t => {
  const project = await cloneProject(t)
  await project.run('cp .env.example .env')
  await project.write('docker-compose.override.yml', `services: { matrix-well-known: { image: ${project.name} } }\n`)
  t.teardown(() => docker('image', 'rm', '--force', project.name))
  const output = await project.run('docker compose create 2>&1')
  t.match(output, project.name)
  t.notMatch(output, /pull/i)
})

t.test('what Compose says is in the list in docs/container.md, and its fix helps', async t => {
  const project = await cloneProject(t)
  const rows = [...readPage('docs/container.md').matchAll(/^\| (`.*`) \| .* \| .* \|$/gm)].map(([, cell = '']) => cell)
  const listed = rows.flatMap(cell => [...cell.matchAll(/`(.+?)`/g)].map(([, text = '']) => text))
  const fail = async (change: string): Promise<void> => {
    const output = await project.run(`{ ${change}; } && ! docker compose up --detach --wait 2>&1`)
    const line = output.trimEnd().split('\n').at(-1) ?? ''
    const says = (text: string): boolean => text.split('…').every(part => line.includes(part))
    t.ok(listed.some(says), `${change}: ${line}`)
  }
  await fail('true')
  await fail("printf 'SERVER_NAME=example.com\\n\\nM_SERVER matrix.example.com:443\\n' > .env")
  await fail('cp .env.example .env && echo M_SERVER=https://m.example.com >> .env')
  await fail('cp .env.example .env && cp examples/compose/join-network.yml docker-compose.override.yml && ' +
    'echo PROXY_NETWORK=missing >> .env')
  await project.run('rm docker-compose.override.yml && cp .env.example .env')
  await fail('export PORT=80a')
  await fail('export COMPOSE_PROFILES=monitor MONITOR_PORT=80a')
  await fail('export COMPOSE_PROFILES=proxy CADDYFILE=Caddyfile')
  await project.run('docker compose down --timeout=5')
  const taken = createServer().listen(project.ports.PORT, '127.0.0.1')
  await once(taken, 'listening')
  await fail('true')
  taken.close()
  await once(taken, 'close')
  const other = await docker('run', '--detach', `--publish=127.0.0.1:${project.ports.PORT}:80`, 'nginx')
  t.teardown(() => docker('rm', '--force', other))
  await fail('true')
  await docker('rm', '--force', other)
  await project.run('docker compose up --detach --wait')
  t.strictSame(await fetchServer(project), { 'm.server': 'matrix.example.com:443' })
})

t.test('the commands in docs/container.md do what it says', async t => {
  const project = await cloneProject(t, local)
  const { ports, name, read, write } = project
  const { step, rest } = startWalk('docs/container.md', project)

  await step('cp .env.example .env')
  const valid = /^No problems found\. Valid: 1 site with \d documents\.$/m
  t.match(await step('docker compose run --rm matrix-well-known validate'), valid)
  await step('docker compose up --detach --wait')
  t.strictSame(await fetchServer(project), { 'm.server': 'matrix.example.com:443' })

  const settings = await read('.env')
  await write('.env', settings.replace('M_SERVER=matrix.example.com:443', 'M_SERVER=new.example.com:443'))
  await project.run('docker compose restart --timeout=5')
  t.strictSame(await fetchServer(project), { 'm.server': 'matrix.example.com:443' }, 'restart keeps the old value')
  await step('docker compose run --rm matrix-well-known validate && docker compose up --detach --wait')
  t.strictSame(await fetchServer(project), { 'm.server': 'new.example.com:443' })

  await step('git pull')
  // There may be no registry that has the base image.
  const build = 'docker compose build --pull && docker compose up --detach --wait'
  await step(build, '', build.replace(' --pull', ''))
  t.match(await step('docker compose pull', ' 2>&1'), /matrix-well-known.*skipped/is, 'it only gets the web server')
  t.match(await step('docker compose logs matrix-well-known'), /"msg":"serving the well-known documents of example/)
  const version = await step('docker compose exec matrix-well-known matrix-well-known --version', ' < /dev/null')
  t.match(version, /^\d+\.\d+\.\d+\n$/)
  await t.rejects(step('docker compose run --rm matrix-well-known check', ' --dns=127.0.0.1 --timeout=1'),
    { code: 1, stdout: /discovery\.dns/ })
  await step('docker compose down')
  t.strictSame(await listContainers(project), [''])
  // With a name of its own, because other tests use the image.
  await docker('tag', 'matrix-well-known', name)
  await step('docker image rm matrix-well-known', '', `docker image rm ${name}`)
  t.equal(await docker('images', '--quiet', name), '')

  await step('echo COMPOSE_PROFILES=proxy >> .env')
  await step('docker compose up --detach --wait')
  const logs = ['compose', '--project-name', name, 'logs', '--follow', 'proxy']
  await waitForLine(t, logs, /certificate obtained successfully/)
  const root = '/data/caddy/pki/authorities/local/root.crt'
  await project.run(`docker compose cp proxy:${root} root.crt`)
  const ca = await read('root.crt')
  const get = async (host: string, path: string): Promise<IncomingMessage> =>
    await getOverTls(host, ports.HTTPS_PORT, path, ca)
  const response = await get('localhost', '/.well-known/matrix/server')
  t.equal(response.headers['access-control-allow-origin'], '*')
  t.strictSame(JSON.parse(await text(response)), { 'm.server': 'new.example.com:443' })
  const missing = await get('localhost', '/.well-known/matrix/nothing')
  t.equal(missing.statusCode, 404)
  t.equal(JSON.parse(await text(missing)).errcode, 'M_UNRECOGNIZED')
  t.equal(await text(await get('localhost', '/')), 'This is the site.')

  // What the page says about the network of the homeserver, as an option of docker run.
  const join = 'networks:\n  default:\n    name: matrix-well-known_default\n    external: true\n'
  t.ok(readPage('docs/container.md').includes(join))
  const synapse = ['--network-alias=synapse', `--network=${name}_default`, 'caddy:2']
  const respond = ['caddy', 'respond', '--listen=:8008', '--body={http.request.uri}']
  const homeserver = await docker('run', '--detach', '--rm', ...synapse, ...respond)
  t.teardown(() => docker('rm', '--force', homeserver))
  await waitForLine(t, ['logs', '--follow', homeserver], /Server address/)
  await step('cp examples/compose/Caddyfile Caddyfile')
  await step('echo CADDYFILE=./Caddyfile >> .env')
  const caddyfile = await read('Caddyfile')
  const validate = 'docker compose run --rm --no-deps proxy caddy validate --config /etc/caddy/Caddyfile'
  const start = `${validate} && docker compose up --detach --wait`
  t.match(caddyfile, /\n# .*(?:\n#(?! ).*){4}\n$/, 'the last four lines')
  await write('Caddyfile', caddyfile.replaceAll(/^#/gm, ''))
  await t.rejects(project.run(start), { message: /unrecognized directive/ })
  const uncommented = caddyfile.replaceAll(/^#(?! )/gm, '').replace('matrix.example.com', 'matrix.localhost')
  await write('Caddyfile', uncommented)
  await step(start)
  await waitForLine(t, logs, /certificate obtained successfully.*"identifier":"matrix\.localhost"/)
  const path = '/_matrix/client/v3/rooms/%21a%3Ab'
  t.equal(await text(await get('matrix.localhost', path)), path)
  await write('Caddyfile', uncommented.replace('This is the site.', 'This is the new site.'))
  const apply = `${validate} && docker compose restart proxy`
  await step(apply)
  await project.run('docker compose up --detach --wait')
  t.equal(await text(await get('localhost', '/')), 'This is the new site.')
  await write('Caddyfile', uncommented.replace('respond "', 'respnd "'))
  await t.rejects(project.run(apply), { message: /unrecognized directive: respnd/ })
  t.equal(await text(await get('localhost', '/')), 'This is the new site.', 'a fault keeps it as it is')
  await write('Caddyfile', uncommented)
  t.equal(await project.run('git status --porcelain'), '?? root.crt\n', 'the files of a user are ignored')
  await docker('rm', '--force', homeserver)
  await project.run('docker compose down --volumes --timeout=5')
  t.strictSame(await listContainers(project), [''], 'down also removes the web server')

  const shared = `${name}-shared`
  await docker('network', 'create', shared)
  t.teardown(() => docker('network', 'rm', shared))
  await write('.env', settings)
  t.match(await step('docker network ls'), shared)
  await step('echo PROXY_NETWORK=proxy >> .env')
  await write('.env', `${settings}PROXY_NETWORK=${shared}\n`)
  for (const file of ['examples/compose/join-network.yml', 'examples/traefik/sidecar.yml']) {
    await step(`cp ${file} docker-compose.override.yml`)
  }
  await step('docker compose up --detach --wait')
  const fetchByName = ['--eval', `fetch("http://matrix-well-known:${ports.PORT}/.well-known/matrix/server")
    .then(response => response.text()).then(console.log)`]
  const node = ['--entrypoint=node', 'matrix-well-known', ...fetchByName]
  const other = await docker('run', '--rm', `--network=${shared}`, ...node)
  t.equal(other, '{"m.server":"matrix.example.com:443"}')
  await project.run('docker compose down')
  t.strictSame(rest, [])
})

t.test('the container is hardened, and publishes HTTP/3', async t => {
  const project = await cloneProject(t, local)
  await project.run('cp .env.example .env && COMPOSE_PROFILES=proxy docker compose up --detach --wait')
  const inspect = async (service: string): Promise<{ HostConfig: Record<string, unknown> }> => {
    const [container] = JSON.parse(await docker('inspect', `${project.name}-${service}-1`))
    return container
  }
  const { HostConfig } = await inspect('matrix-well-known')
  t.match(HostConfig, {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    Memory: 134_217_728,
    MemorySwap: 134_217_728,
    PidsLimit: 64,
    RestartPolicy: { Name: 'unless-stopped' }
  })
  const { PortBindings } = (await inspect('proxy')).HostConfig
  t.strictSame(Object.keys(Object(PortBindings)).toSorted(), ['443/tcp', '443/udp', '80/tcp'])
})
