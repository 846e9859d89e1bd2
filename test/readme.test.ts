import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { settings } from '../src/config/settings.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** A command of the README, and the output that it shows, where it shows one. */
interface Command {
  readonly text: string
  readonly output: string | undefined
}

/** The commands, but those of Docker, which test/container/compose.test.ts runs, and of check, for which test/check/readme.test.ts has a world. */
const commands: Command[] = [...readme.matchAll(/^```sh\n(.*?)\n```\n(?:```(?:json|http|text)\n(.*?)\n```\n)?/gms)]
  .map(([, text = '', output]) => ({ text, output }))
  .filter(({ text }) => !text.includes('docker compose') && !text.includes(' check '))

/** A copy of what a clone would have, and its environment: a port of its own in place of 8080. */
async function prepareClone (t: Test): Promise<{ cwd: string, port: number, run: (command: string) => Promise<string> }> {
  const cwd = t.testdir()
  const { stdout } = await promisify(execFile)('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of stdout.trimEnd().split('\n')) cpSync(`${root}${file}`, `${cwd}/${file}`)
  const port = await findFreePort()
  const environment = cleanEnvironment(port)
  return {
    cwd,
    port,
    async run (command) {
      const child = spawn('bash', ['-c', command.replaceAll('localhost:8080', `localhost:${port}`)], { cwd, env: environment })
      t.teardown(() => child.kill('SIGKILL'))
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString() })
      await once(child, 'close')
      return output
    }
  }
}

function cleanEnvironment (port: number): NodeJS.ProcessEnv {
  const outside = Object.entries(process.env).filter(([name]) => !name.startsWith('_TAPJS') && !name.startsWith('npm_') && name !== 'NODE_OPTIONS')
  return { ...Object.fromEntries(outside), PORT: String(port), npm_config_prefer_offline: 'true' }
}

async function findFreePort (): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Starts a command that goes on, and returns once it serves. */
async function startServing (t: Test, command: string, cwd: string, port: number): Promise<() => Promise<void>> {
  const child = spawn('bash', ['-c', command], { cwd, env: cleanEnvironment(port), detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  const stop = (): void => { if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM') }
  t.teardown(stop)
  for await (const line of createInterface(child.stdout)) {
    if (line.includes('serving the well-known documents of example.com')) break
  }
  child.stdout.resume()
  return async () => { stop(); await closed }
}

t.test('every command does what the README says', { timeout: 300_000 }, async t => {
  const { cwd, port, run } = await prepareClone(t)
  const rest = [...commands]
  const take = (): Command => rest.shift() ?? { text: '', output: undefined }

  const quickStart = take()
  t.equal(quickStart.text, 'npm ci && SERVER_NAME=example.com M_SERVER=matrix.example.com:443 M_HOMESERVER_BASE_URL=https://matrix.example.com npm start')
  const stop = await startServing(t, quickStart.text, cwd, port)
  const later: Command[] = []
  for (const command of rest) {
    if (command.text.startsWith('curl') || command.text.endsWith('healthcheck')) {
      // curl's meter goes to standard error where its output is not a terminal.
      const output = await run(command.text.replace(/^curl /, 'curl --silent '))
      const withoutDate = (text = ''): string => text.replaceAll('\r', '').replace(/^Date: .*$/m, 'Date: …').trimEnd()
      t.equal(withoutDate(output), withoutDate(command.output), command.text)
    } else {
      later.push(command)
    }
  }
  await stop()

  const [example, wrong, tests, ...more] = later
  t.equal(example?.text, 'cp .env.example .env && npm start')
  const stopExample = await startServing(t, example?.text ?? '', cwd, port)
  t.equal(await run('curl --silent http://localhost:8080/.well-known/matrix/server'), '{"m.server":"matrix.example.com:443"}')
  await stopExample()

  // Off a terminal the lines are those of a log; the README shows a terminal's.
  const lines = (await run(wrong?.text ?? '')).trimEnd().split('\n').map(line => (JSON.parse(line) as { msg: string }).msg)
  t.equal(lines.join('\n'), wrong?.output)

  t.equal(tests?.text, 'npm ci && npm test', 'the command that runs this')
  t.ok(readFileSync(`${root}.ci/run`, 'utf8').includes(`\n${tests?.text}\n`), 'the gate runs it')
  t.strictSame(more, [], 'there is no command that is not tried here')
})

t.test('the table of settings is that of the source', async t => {
  const rows = [...readme.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \| (.*) \| (.*) \|$/gm)].map(([, name, meaning, fallback]) => ({ name, meaning, fallback }))
  const required = { SERVER_NAME: 'required', M_SERVER: '`SERVER_NAME`, port 443 where it has none' }
  t.strictSame(rows, Object.entries(settings).map(([name, setting]) => ({
    name,
    meaning: setting.description,
    fallback: name in required
      ? required[name as keyof typeof required]
      : 'default' in setting && typeof setting.default !== 'object' ? `\`${String(setting.default)}\`` : '–'
  })))
})
