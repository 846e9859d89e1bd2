import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { commandsFor, compareOutput } from '../support/pages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Clone {
  /** Runs a command to its end, and returns what it prints. */
  readonly run: (command: string) => Promise<string>
  /** Starts a command that keeps running, and returns once it serves. */
  readonly serve: (command: string) => Promise<() => Promise<void>>
}

/** A copy of the files that a clone would have, with a port of its own in place of 8080. */
async function prepareClone (t: Test): Promise<Clone> {
  const cwd = t.testdir()
  const list = ['ls-files', '--cached', '--others', '--exclude-standard']
  const { stdout } = await promisify(execFile)('git', list, { cwd: root })
  const files = stdout.trimEnd().split('\n').filter(file => existsSync(`${root}${file}`))
  for (const file of files) cpSync(`${root}${file}`, `${cwd}/${file}`)
  const port = await findFreePort()
  const env = cleanEnvironment(port)
  return {
    async run (command) {
      const child = spawn('bash', ['-c', command.replaceAll('localhost:8080', `localhost:${port}`)], { cwd, env })
      t.teardown(() => child.kill('SIGKILL'))
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => { output += chunk.toString() })
      }
      await once(child, 'close')
      return output
    },
    async serve (command) {
      const child = spawn('bash', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
      const closed = once(child, 'close')
      const stop = (): void => {
        const running = child.exitCode === null && child.signalCode === null
        if (running && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
      }
      t.teardown(stop)
      for await (const line of createInterface(child.stdout)) {
        if (line.includes('serving the well-known documents of example.com')) break
      }
      child.stdout.resume()
      return async () => { stop(); await closed }
    }
  }
}

function cleanEnvironment (port: number): NodeJS.ProcessEnv {
  const outside = Object.entries(process.env)
    .filter(([name]) => !name.startsWith('_TAPJS') && !name.startsWith('npm_') && name !== 'NODE_OPTIONS')
  return { ...Object.fromEntries(outside), PORT: String(port), npm_config_prefer_offline: 'true' }
}

async function findFreePort (): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

const quickStart = 'npm ci && SERVER_NAME=example.com M_SERVER=matrix.example.com:443 ' +
  'M_HOMESERVER_BASE_URL=https://matrix.example.com npm start'
const fromFile = 'cp .env.example .env && npm start'
const wrongSettings = 'SERVER_NAME=example.com M_SERVER=https://m.example.com ' +
  'M_HOMESERVER_BASE_URL=matrix.example.com node dist/cli.js'

t.test('every other command on the pages does what its page says', { timeout: 300_000 }, async t => {
  const { run, serve } = await prepareClone(t)
  const commands = commandsFor('server')
  const isRequest = (text: string): boolean => text.startsWith('curl ') || text.endsWith(' healthcheck')
  const others = commands.filter(({ text }) => !isRequest(text))
  t.strictSame(others.map(({ text }) => text), [quickStart, fromFile, 'npm start', wrongSettings])

  const stop = await serve(quickStart)
  for (const command of commands.filter(({ text }) => isRequest(text))) {
    // curl writes a progress meter to standard error if its output is not a terminal.
    const output = await run(command.text.replace(/^curl /, 'curl --silent '))
    compareOutput(t, command, output.replaceAll('\r', '').replace(/^Date: .*$/m, 'Date: Mon, 23 Nov 2026 12:00:00 GMT'))
  }
  await stop()

  const stopExample = await serve(fromFile)
  const document = await run('curl --silent http://localhost:8080/.well-known/matrix/server')
  t.equal(document, '{"m.server":"matrix.example.com:443"}')
  await stopExample()

  const added = "echo 'public_baseurl: https://m.example.com'"
  await run(`{ cat test/support/homeserver.yaml; ${added}; } > homeserver.yaml`)
  const [imported] = commandsFor('import')
  t.match(await run(String(imported?.text)), 'M_SERVER: a guess')
  const stopImported = await serve('npm start')
  const guessed = await run('curl --silent http://localhost:8080/.well-known/matrix/server')
  t.equal(guessed, '{"m.server":"m.example.com:443"}')
  await stopImported()

  const wrong = others.find(({ text }) => text === wrongSettings)
  t.ok(wrong)
  // A page shows what a terminal shows; elsewhere, each line is JSON.
  const lines = (await run(wrongSettings)).trimEnd().split('\n').map(line => String(JSON.parse(line).msg))
  if (wrong !== undefined) compareOutput(t, wrong, lines.join('\n'))
})

t.test('the README is short enough for two screens', async t => {
  const lines = readFileSync(`${root}README.md`, 'utf8').split('\n').length
  t.ok(lines <= 130, `${lines} lines`)
})
