import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { enter, readForms } from '../proxies/recipes.ts'
import { cloneProject, fetchText, getOverTls } from '../support/compose-project.ts'
import type { Project } from '../support/compose-project.ts'
import { docker, waitForLine } from '../support/container.ts'
import { readPage } from '../support/pages.ts'

// test/proxies sends more requests through these proxies. This is about how they reach the sidecar from a container.

const path = '/.well-known/matrix/server'
const document = '{"m.server":"matrix.example.com:443"}'

interface Sidecar {
  readonly project: Project
  readonly network: string
}

/** A network for a proxy, and a sidecar that joins it with this file of the examples, as docs/container.md says. */
async function startSidecar (t: Test, file: string): Promise<Sidecar> {
  const network = `proxy-${Math.random().toString(36).slice(2)}`
  await docker('network', 'create', network)
  t.teardown(() => docker('network', 'rm', network))
  const project = await cloneProject(t, { PROXY_NETWORK: network })
  await project.run(`cp .env.example .env && cp ${file} docker-compose.override.yml`)
  await project.run('docker compose up --detach --wait')
  return { project, network }
}

interface Nginx {
  readonly container: string
  readonly findOrigin: () => Promise<string>
}

/** Starts nginx in the network of a sidecar with this in its server block, and this before it. */
async function startNginx (t: Test, { project, network }: Sidecar, server: string, before = ''): Promise<Nginx> {
  await project.write('nginx/nginx.conf', [
    'user root;',
    'error_log /dev/stdout notice;',
    'events {}',
    'http {',
    'map $http_upgrade $connection_upgrade { default upgrade; "" close; }',
    before,
    `server { listen 80; ${server} }`,
    '}'
  ].join('\n'))
  const options = [`--volume=${project.directory}/nginx:/config/nginx:ro`, `--network=${network}`]
  const command = ['nginx', '-c', '/config/nginx/nginx.conf', '-g', 'daemon off;']
  const container = await docker('run', '--detach', '--publish=127.0.0.1::80', ...options, 'nginx', ...command)
  t.teardown(() => docker('rm', '--force', container))
  await waitForLine(t, ['logs', '--follow', container], /start worker process /)
  return { container, findOrigin: async () => `http://${await docker('port', container, '80/tcp')}` }
}

/** Creates the container of a sidecar again, and lets another one have its address. */
async function moveSidecar (t: Test, { project, network }: Sidecar): Promise<void> {
  await project.run('docker compose down')
  const other = await docker('run', '--detach', '--rm', `--network=${network}`, 'nginx')
  t.teardown(() => docker('rm', '--force', other))
  await project.run('docker compose up --detach --wait')
}

/** Replaces all of these texts, each of which must be there. */
function swap (content: string, swaps: ReadonlyArray<readonly [from: string, to: string]>): string {
  return swaps.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`${from} is missing: update this test`)
    return result.replaceAll(from, to)
  }, content)
}

t.test('Nginx Proxy Manager reaches the sidecar by the name in the recipe', async t => {
  const sidecar = await startSidecar(t, 'examples/compose/join-network.yml')
  const [form = {}] = readForms('Custom locations')
  const host = enter(form, 'Forward Hostname / IP')
  t.equal(enter(form, 'Forward Port'), '8080')
  // The port of the sidecar is another one here, because 8080 may be taken.
  const upstream = `${enter(form, 'Scheme')}://${host}:${sidecar.project.ports.PORT}`
  const location = `location ${enter(form, 'Location')} { proxy_pass ${upstream}; }`
  const { findOrigin } = await startNginx(t, sidecar, location)
  t.equal(await fetchText(`${await findOrigin()}${path}`), document)
})

t.test('SWAG reaches the sidecar, also when it has another address', async t => {
  const sidecar = await startSidecar(t, 'examples/compose/join-network.yml')
  const { project } = sidecar
  const example = await project.read('examples/swag/matrix-well-known.subfolder.conf')
  const port: [string, string] = ['$upstream_port 8080', `$upstream_port ${project.ports.PORT}`]
  await project.write('nginx/site.conf', swap(example, [port]))
  await project.write('nginx/proxy.conf', 'proxy_set_header Connection $connection_upgrade;')
  await project.write('nginx/resolver.conf', 'resolver 127.0.0.11 valid=1s;')
  const { findOrigin } = await startNginx(t, sidecar, 'include /config/nginx/site.conf;')
  t.equal(await fetchText(`${await findOrigin()}${path}`), document)
  await moveSidecar(t, sidecar)
  t.equal(await fetchText(`${await findOrigin()}${path}`), document)
})

t.test('nginx reaches the sidecar as docs/container.md says, after a restart also at another address', async t => {
  const sidecar = await startSidecar(t, 'examples/compose/join-network.yml')
  const { project } = sidecar
  const row = /^ *\| nginx, .*, with `(.*?)` in place of `(.*?)`, without the line of `(.*?)`,/m
  const [, to = '', from = '', second = ''] = row.exec(readPage('docs/container.md')) ?? []
  const example = swap(await project.read('examples/nginx/example.com.conf'), [
    [from, to.replace('8080', String(project.ports.PORT))],
    [`    server ${second} max_fails=0;\n`, '']
  ])
  const [upstream = ''] = /^upstream .*?^}$/ms.exec(example) ?? []
  const [location = ''] = /^ {4}location \^~ \/\.well-known\/matrix\/ .*?^ {4}}$/ms.exec(example) ?? []
  const { container, findOrigin } = await startNginx(t, sidecar, location, upstream)
  t.equal(await fetchText(`${await findOrigin()}${path}`), document)
  await moveSidecar(t, sidecar)
  t.equal((await fetch(`${await findOrigin()}${path}`)).status, 502, 'it needs a restart')
  const since = `--since=${new Date().toISOString()}`
  await docker('restart', container)
  await waitForLine(t, ['logs', '--follow', since, container], /start worker process /)
  t.equal(await fetchText(`${await findOrigin()}${path}`), document)
})

t.test('Caddy reaches the sidecar with the address in docs/container.md', async t => {
  const { project, network } = await startSidecar(t, 'examples/compose/join-network.yml')
  const row = /^ *\| Caddy \| .*, with `(.*?)` in place of `(.*?)`,/m
  const [, to = '', from = ''] = row.exec(readPage('docs/container.md')) ?? []
  const example = swap(await project.read('examples/caddy/Caddyfile'), [
    [from, to.replace('8080', String(project.ports.PORT))]
  ])
  const [block = ''] = /^\thandle \/\.well-known\/matrix\/\* .*?^\t}$/ms.exec(example) ?? []
  // No certificates: there is no server to request them from.
  const site = `http://localhost {\n\trespond "This is the site."\n${block}\n}\n`
  await project.write('Caddyfile', `{\n\tlog {\n\t\toutput stdout\n\t}\n}\n${site}`)
  const file = `--volume=${project.directory}/Caddyfile:/etc/caddy/Caddyfile:ro`
  const run = ['caddy:2', 'caddy', 'run', '--config=/etc/caddy/Caddyfile']
  const id = await docker('run', '--detach', '--publish=127.0.0.1::80', file, `--network=${network}`, ...run)
  t.teardown(() => docker('rm', '--force', '--volumes', id))
  await waitForLine(t, ['logs', '--follow', id], /serving initial configuration/)
  const { port } = new URL(`http://${await docker('port', id, '80/tcp')}`)
  t.equal(await fetchText(`http://localhost:${port}${path}`), document)
  t.equal(await fetchText(`http://localhost:${port}/`), 'This is the site.')
})

/** Traefik, and what serves its routes, in a network. */
interface Traefik {
  readonly container: string
  /** The response to GET over HTTPS, whose certificate nobody has signed here. */
  readonly get: (host: string, path: string) => Promise<IncomingMessage>
  /** Waits until it knows this many sidecars, the site and the homeserver. */
  readonly waitForSidecars: (count: number) => Promise<void>
}

/** Starts the complete example of Traefik. */
async function startTraefik (t: Test, { project, network }: Sidecar): Promise<Traefik> {
  const name = `${project.name}-traefik`
  const { HTTPS_PORT, HTTP_PORT } = project.ports
  const socket = process.env.DOCKER_HOST?.replace('unix://', '') ?? '/var/run/docker.sock'
  const respond = (port: number): string =>
    `image: caddy:2\n    command: caddy respond --listen=:${port} --body={http.request.uri}`
  await project.write('traefik.yml', swap(await project.read('examples/traefik/docker-compose.yml'), [
    ["['80:80', '443:443', '8448:8448']", `['127.0.0.1:${HTTPS_PORT}:443', '127.0.0.1:${HTTP_PORT}:8080']`],
    ['--providers.docker=true', '--providers.docker=true\n      - --api.insecure=true'],
    ['--providers.docker.network=proxy', `--providers.docker.network=${network}`],
    ['    name: proxy\n', `    name: ${network}\n    external: true\n`],
    ['/var/run/docker.sock:/', `${socket}:/`],
    // There is no server to request a certificate from.
    ['acme.email=admin@example.com', 'acme.caServer=https://127.0.0.1:1/'],
    ['image: nginx', respond(80)],
    ['image: ghcr.io/element-hq/synapse:latest', respond(8008)]
  ]))
  const compose = `docker compose --project-name ${name} --file traefik.yml`
  t.teardown(() => project.run(`${compose} down --volumes --timeout=2`))
  await project.run(`${compose} up --detach`)
  for (const service of ['site', 'synapse']) {
    await waitForLine(t, ['logs', '--follow', `${name}-${service}-1`], /Server address/)
  }
  return {
    container: `${name}-traefik-1`,
    get: async (host, path) => await getOverTls(host, HTTPS_PORT, path),
    waitForSidecars: async count => {
      const deadline = Date.now() + 200_000
      while (Date.now() < deadline) {
        const states = await Promise.all(['matrix-well-known', 'site', 'homeserver'].map(async service =>
          await fetchText(`http://127.0.0.1:${HTTP_PORT}/api/http/services/${service}@docker`).catch(() => '')))
        const up = states.map(state => state.split('"UP"').length - 1)
        if (up.join() === `${count},1,1`) return
        await setTimeout(100)
      }
      throw new Error(`Traefik doesn't know ${count} sidecars`)
    }
  }
}

t.test('Traefik reads the labels of all examples', async t => {
  const sidecar = await startSidecar(t, 'examples/traefik/sidecar.yml')
  const { container, get, waitForSidecars } = await startTraefik(t, sidecar)
  await waitForSidecars(1)
  const getText = async (host: string, path: string): Promise<string> => await text(await get(host, path))
  t.equal(await getText('example.com', path), document)
  t.equal((await get('example.com', '/.well-known/matrix/nothing')).statusCode, 404)
  t.equal(await getText('example.com', '/a%20b'), '/a%20b', 'the site')
  t.equal((await get('www.example.com', '/a%20b?c=d')).headers.location, 'https://example.com/a%20b?c=d')
  t.equal(await getText('matrix.example.com', '/_matrix/a%2Fb'), '/_matrix/a%2Fb', 'the homeserver')
  t.equal((await get('matrix.example.com', '/_synapse/admin/v1/users')).statusCode, 404)
  const errors = (await docker('logs', container)).split('\n').filter(line => line.includes(' ERR '))
  t.strictSame(errors.filter(line => !line.includes('letsencrypt')), [], 'it accepts every label')
})

t.test('behind Traefik, two sidecars can be restarted in turn without a failed request', async t => {
  const sidecar = await startSidecar(t, 'examples/traefik/sidecar.yml')
  const { project } = sidecar
  const { get, waitForSidecars } = await startTraefik(t, sidecar)
  // As the comment in replicas.yml says.
  const [files] = /COMPOSE_FILE=\S+/.exec(await project.read('examples/traefik/replicas.yml')) ?? []
  await project.run(`echo ${files} >> .env && docker compose up --detach --wait`)
  const replicas = (await project.run('docker compose ps --quiet')).trim().split('\n')
  await waitForSidecars(2)
  const failures: unknown[] = []
  const over = new AbortController()
  let requests = 0
  const traffic = [1, 2].map(async () => {
    for (; !over.signal.aborted; requests++) {
      const { statusCode } = await get('example.com', path)
      if (statusCode !== 200) failures.push(statusCode)
    }
  })
  for (const id of replicas) {
    await docker('restart', id)
    await waitForSidecars(2)
  }
  over.abort()
  await Promise.all(traffic)
  t.equal(replicas.length, 2)
  t.ok(requests > 10)
  t.strictSame(failures, [], `of ${requests}`)
})
