import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { docker, waitForLine } from '../support/container.ts'
import { commandsFor } from '../support/pages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const contacts = '[{"role":"m.role.admin","email_address":"matrix@example.com"}]'

interface Project {
  readonly directory: string
  readonly ports: Readonly<Record<'PORT' | 'HTTP_PORT' | 'HTTPS_PORT', number>>
}

const files = [
  '.dockerignore', '.env.example', '.npmrc', 'Dockerfile', 'docker-compose.yml', 'examples/compose', 'image',
  'package-lock.json', 'package.json', 'src', 'tsconfig.json'
]

/** A copy of the files that the image and docker-compose.yml need, with its own .env. */
async function copyProject (): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), 'compose-'))
  for (const file of files) await cp(join(root, file), join(directory, file), { recursive: true })
  const [PORT, HTTP_PORT, HTTPS_PORT] = await findFreePorts()
  const ports = { PORT, HTTP_PORT, HTTPS_PORT }
  const settings = {
    SERVER_NAME: 'localhost',
    M_SERVER: 'matrix.example.com:443',
    SUPPORT_CONTACTS: `'${contacts}'`,
    HOST: '127.0.0.1',
    ...ports
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(join(directory, '.env'), lines.join(''))
  // The build uses the network of the host, as in the package script.
  const override = 'services: { matrix-well-known: { build: { network: host } } }\n'
  await writeFile(join(directory, 'docker-compose.override.yml'), override)
  return { directory, ports }
}

/** Free ports. All are held until the last one is found, so that they differ. */
async function findFreePorts (): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const
  const [first, second, third] = servers
  const ports: [number, number, number] = [await listen(first), await listen(second), await listen(third)]
  for (const server of servers) server.close()
  return ports
}

async function listen (server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

t.test('the Docker commands on the pages do what their pages say', async t => {
  const { directory, ports: { PORT, HTTP_PORT, HTTPS_PORT } } = await copyProject()
  const commands = commandsFor('container').map(({ text }) => text)
  t.equal(commands.length, 2)
  const environment = {
    ...process.env,
    COMPOSE_PROJECT_NAME: basename(directory).toLowerCase(),
    PORT: String(PORT),
    HTTP_PORT: String(HTTP_PORT),
    HTTPS_PORT: String(HTTPS_PORT)
  }
  const run = promisify(execFile)
  t.teardown(async () => {
    const down = ['compose', '--profile', 'proxy', 'down', '--volumes', '--timeout=5']
    await run('docker', down, { cwd: directory, env: environment })
    await rm(directory, { recursive: true })
  })
  for (const command of commands) {
    await run('bash', ['-c', command], { cwd: directory, env: environment, timeout: 120_000 })
  }
  const response = await fetch(`http://127.0.0.1:${PORT}/.well-known/matrix/server`)
  t.strictSame(await response.json(), { 'm.server': 'matrix.example.com:443' }, "the shell's PORT wins over .env")
})

t.test('docker compose up serves the settings in .env, without and with a web server', async t => {
  const { directory, ports } = await copyProject()
  const project = [
    'compose',
    '--project-directory', directory,
    '--project-name', basename(directory).toLowerCase(),
    '--profile', 'proxy'
  ]
  const compose = (...args: string[]): Promise<string> => docker(...project, ...args)
  t.teardown(async () => {
    await compose('down', '--volumes', '--timeout=5')
    await rm(directory, { recursive: true })
  })
  await compose('up', '--detach', '--wait', '--build', 'matrix-well-known')
  const origin = `http://127.0.0.1:${ports.PORT}/.well-known/matrix`
  t.strictSame(await (await fetch(`${origin}/server`)).json(), { 'm.server': 'matrix.example.com:443' })
  t.strictSame(await (await fetch(`${origin}/support`)).json(), { contacts: JSON.parse(contacts) })

  const [id = ''] = (await compose('ps', '--quiet', 'matrix-well-known')).split('\n')
  const [{ HostConfig }] = JSON.parse(await docker('inspect', id))
  t.match(HostConfig, {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    Memory: 134_217_728,
    MemorySwap: 134_217_728,
    PidsLimit: 64,
    RestartPolicy: { Name: 'unless-stopped' }
  })

  await compose('up', '--detach', '--wait')
  await waitForLine(t, [...project, 'logs', '--follow', 'proxy'], /certificate obtained successfully/)
  await compose('cp', 'proxy:/data/caddy/pki/authorities/local/root.crt', directory)
  const ca = await readFile(join(directory, 'root.crt'), 'utf8')
  const get = async (path: string): Promise<IncomingMessage> => {
    const [response] = await once(request({ host: 'localhost', port: ports.HTTPS_PORT, path, ca }).end(), 'response')
    return response
  }
  const response = await get('/.well-known/matrix/server')
  t.equal(response.statusCode, 200)
  t.equal(response.headers['access-control-allow-origin'], '*')
  t.strictSame(JSON.parse(await text(response)), { 'm.server': 'matrix.example.com:443' })
  const missing = await get('/.well-known/matrix/client')
  t.equal(missing.statusCode, 404)
  t.equal(JSON.parse(await text(missing)).errcode, 'M_NOT_FOUND')
  t.equal(await text(await get('/')), 'This is the site.')
})
