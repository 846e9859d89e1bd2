import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { findFreePorts } from '../support/free-ports.ts'
import { commandsFor, compareOutput, readPage } from '../support/pages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Folder {
  readonly path: string
  /** Runs a command to its end, and returns what it prints. */
  readonly run: (command: string) => Promise<string>
  /** Starts a command that keeps running, and returns once it serves. */
  readonly serve: (command: string) => Promise<() => Promise<void>>
}

/** A folder outside of the repository, for commands with a port of their own in place of 8080. */
async function prepareFolder (t: Test): Promise<Folder> {
  const cwd = mkdtempSync(join(tmpdir(), 'commands-'))
  t.teardown(() => { rmSync(cwd, { recursive: true }) })
  const [port] = await findFreePorts()
  const env = cleanEnvironment(port)
  return {
    path: cwd,
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
        if (line.includes('serving the well-known documents of ')) break
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

const install = 'npm install matrix-well-known'
const settings = 'SERVER_NAME=example.com M_SERVER=matrix.example.com:443 ' +
  'M_HOMESERVER_BASE_URL=https://matrix.example.com'
const quickStart = `${settings} npx matrix-well-known`
const installPlugin = 'npm install matrix-well-known && npm install fastify'
const startSites = 'SITES_DIR=sites npx matrix-well-known'
const wrongSettings = 'SERVER_NAME=example.com M_SERVER=https://m.example.com ' +
  'M_HOMESERVER_BASE_URL=matrix.example.com npx matrix-well-known'

t.test('every other command on the pages does what its page says, with the package', async t => {
  const { path, run, serve } = await prepareFolder(t)
  const commands = commandsFor('server')
  const isRequest = (text: string): boolean => text.startsWith('curl ') || text.endsWith(' healthcheck')
  const others = commands.filter(({ text }) => !isRequest(text))
  t.strictSame(others.map(({ text }) => text), [
    install, quickStart, installPlugin, 'node app.mjs', 'npx matrix-well-known', startSites, wrongSettings
  ])

  // npm installs into a folder above if that has a package.json or node_modules, and this folder has neither.
  writeFileSync(`${path}/package.json`, '{"private":true}')
  // The package of this checkout in place of the published one.
  await run(`npm pack --silent --ignore-scripts --pack-destination '${path}' '${root}'`)
  const installed = await run(install.replace('matrix-well-known', './matrix-well-known-*.tgz'))
  t.match(installed, /^added \d+ packages/m)

  const stop = await serve(quickStart)
  for (const command of commands.filter(({ text }) => isRequest(text))) {
    // curl writes a progress meter to standard error if its output is not a terminal.
    const output = await run(command.text.replace(/^curl /, 'curl --silent '))
    compareOutput(t, command, output.replaceAll('\r', '').replace(/^Date: .*$/m, 'Date: Mon, 23 Nov 2026 12:00:00 GMT'))
  }
  await stop()

  const added = "echo 'public_baseurl: https://m.example.com'"
  await run(`{ cat '${root}test/support/homeserver.yaml'; ${added}; } > homeserver.yaml`)
  const [imported] = commandsFor('import')
  t.match(await run(String(imported?.text)), 'M_SERVER: a guess')
  const stopImported = await serve('npx matrix-well-known')
  const guessed = await run('curl --silent http://localhost:8080/.well-known/matrix/server')
  t.equal(guessed, '{"m.server":"m.example.com:443"}')
  await stopImported()

  await run('rm .env')
  await run("mkdir sites && printf 'SERVER_NAME=example.com\\n' > sites/example.com.env")
  const stopSites = await serve(startSites)
  const site = await run('curl --silent --header "Host: example.com" http://localhost:8080/.well-known/matrix/server')
  t.equal(site, '{"m.server":"example.com:443"}')
  await stopSites()

  const plugin = await run(installPlugin.replace('matrix-well-known', './matrix-well-known-*.tgz'))
  t.match(plugin, /^(added|changed|up to date)/m)
  const [, app = ''] = /^```js\n(.*?)^```$/ms.exec(readPage('docs/embedding.md')) ?? []
  const port = 'Number(process.env.PORT)'
  const ready = "console.log('serving the well-known documents of example.com')"
  writeFileSync(`${path}/app.mjs`, `${app.replace('8080', port)}${ready}\n`)
  const stopApp = await serve('node app.mjs')
  const embedded = await run('curl --silent http://localhost:8080/.well-known/matrix/server')
  t.equal(embedded, '{"m.server":"matrix.example.com:443"}')
  await stopApp()

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
