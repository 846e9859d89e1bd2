import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { findFreePorts } from './free-ports.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Project {
  readonly directory: string
  /** The name of the project in Compose. */
  readonly name: string
  readonly ports: Readonly<Record<'PORT' | 'HTTP_PORT' | 'HTTPS_PORT', number>>
  /** Runs a command of a page, and returns what it prints. One that takes longer than ten minutes fails. */
  readonly run: (command: string) => Promise<string>
  readonly read: (file: string) => Promise<string>
  readonly write: (file: string, content: string) => Promise<void>
}

const files = [
  '.dockerignore', '.env.example', '.gitignore', '.npmrc', 'Dockerfile', 'docker-compose.yml', 'examples', 'image',
  'package-lock.json', 'package.json', 'src', 'tsconfig.json'
]

/** A clone of a repository with the files that Docker needs, with ports and a project name of its own. */
export async function cloneProject (t: Test, variables: Readonly<Record<string, string>> = {}): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'compose-'))
  const origin = join(folder, 'origin')
  const directory = join(folder, 'clone')
  const name = basename(folder).toLowerCase()
  for (const file of files) await cp(join(root, file), join(origin, file), { recursive: true })
  // The build uses the network of the host, as in the package script.
  const compose = await readFile(join(origin, 'docker-compose.yml'), 'utf8')
  const build = 'build: { context: ., network: host }'
  await writeFile(join(origin, 'docker-compose.yml'), compose.replace('build: .', build))
  const [PORT, HTTP_PORT, HTTPS_PORT] = await findFreePorts()
  const ports = { PORT, HTTP_PORT, HTTPS_PORT }
  const env = {
    ...process.env,
    COMPOSE_PROJECT_NAME: name,
    PORT: String(PORT),
    HTTP_PORT: String(HTTP_PORT),
    HTTPS_PORT: String(HTTPS_PORT),
    ...variables
  }
  const run = async (command: string, cwd = directory): Promise<string> => {
    const { stdout } = await promisify(execFile)('bash', ['-c', command], { cwd, env, timeout: 600_000 })
    return stdout
  }
  t.teardown(async () => {
    await run('docker compose --profile proxy --profile monitor down --volumes --timeout=5')
    await rm(folder, { recursive: true })
  })
  const user = '-c user.name=test -c user.email=test@example.com'
  await run(`git init --quiet && git add . && git ${user} commit --quiet --message=test`, origin)
  await run('git clone --quiet origin clone', folder)
  return {
    directory,
    name,
    ports,
    run: async command => await run(command),
    read: async file => await readFile(join(directory, file), 'utf8'),
    write: async (file, content) => {
      await mkdir(dirname(join(directory, file)), { recursive: true })
      await writeFile(join(directory, file), content)
    }
  }
}

/**
 * The body of the response to GET. Docker closes a connection to a container that doesn't listen yet; the fetch of
 * Node 20 may then never settle.
 */
export async function fetchText (url: string): Promise<string> {
  const [response]: IncomingMessage[] = await once(get(url, { agent: false }), 'response')
  if (response === undefined) throw new Error('no response')
  return await text(response)
}

/** Requests a path of a host name at a port of this machine. Without `ca`, the certificate isn't verified. */
export async function getOverTls (host: string, port: number, path: string, ca?: string): Promise<IncomingMessage> {
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca }
  const options = { host: '127.0.0.1', servername: host, headers: { host }, port, path, agent: false, ...trust }
  const [response]: IncomingMessage[] = await once(request(options).end(), 'response')
  if (response === undefined) throw new Error('no response')
  return response
}
