import { execFile } from 'node:child_process'
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { image } from '../support/container.ts'
import { commandsFor } from '../support/pages.ts'

const composeFile = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url))

interface Ran {
  readonly code: number | undefined
  readonly stdout: string
}

/** Runs a command of a page with the image of the tests, in a project with this `.env`. */
async function prepareProject (t: Test, settings: string): Promise<(command: string) => Promise<Ran>> {
  const cwd = await mkdtemp(join(tmpdir(), 'validate-'))
  // The user of the container reads it.
  await chmod(cwd, 0o755)
  await cp(composeFile, join(cwd, 'docker-compose.yml'))
  await writeFile(join(cwd, '.env'), settings)
  const override = `services: { matrix-well-known: { image: '${image}', pull_policy: never, build: !reset null } }\n`
  await writeFile(join(cwd, 'docker-compose.override.yml'), override)
  const env = { ...process.env, COMPOSE_PROJECT_NAME: basename(cwd).toLowerCase() }
  const run = async (command: string): Promise<Ran> => {
    const words = command.replace('--workdir /work matrix-well-known', `--workdir /work ${image}`)
    const child = promisify(execFile)('bash', ['-c', words], { cwd, env, timeout: 300_000 })
    const { stdout } = await child.catch((error: Ran) => error)
    return { code: child.child.exitCode ?? undefined, stdout }
  }
  t.teardown(async () => {
    await run('docker compose down --timeout=5')
    await rm(cwd, { recursive: true })
  })
  return run
}

t.test('the commands on the pages validate what is in .env, and start nothing', async t => {
  const commands = commandsFor('container-validate')
  t.equal(commands.length, 2)
  for (const { text } of commands) {
    const [command = ''] = text.split(' && ')
    const run = await prepareProject(t, 'SERVER_NAME=example.com\nM_SERVER=matrix.example.com:443\nHOST=127.0.0.1\n')
    const source = command.endsWith(' .env') ? '.env' : 'environment'
    t.strictSame(await run(command), {
      code: 0,
      stdout: `${source}: example.com\n  /.well-known/matrix/server: 37 bytes, matrix.example.com:443\n` +
        "  /.well-known/matrix/client: 404, because M_HOMESERVER_BASE_URL isn't set\n" +
        'No problems found. Valid: 1 site with 1 document.\n'
    })
  }
})

t.test('a fault keeps the next command from being run', async t => {
  const [{ text = '' } = {}] = commandsFor('container-validate')
  t.match(text, / && docker compose up /)
  const run = await prepareProject(t, 'SERVER_NAME=example.com\nM_SERVER=https://matrix.example.com\n')
  t.strictSame(await run(text), {
    code: 78,
    stdout: 'environment: fault: M_SERVER is "https://matrix.example.com": starts with "https://"; use ' +
      'matrix.example.com:443\n1 fault. Valid: no site.\n'
  })
  t.strictSame((await run('docker compose ps --all --quiet')).stdout, '')
})
