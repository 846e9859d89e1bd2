#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { UsageError } from './commands/command-line.ts'
import type { Command, CommandContext } from './commands/command.ts'
import { reportExpectedError } from './commands/expected-error.ts'
import { describeExitStatuses, exitStatus } from './exit-status.ts'
import type { ExitStatus } from './exit-status.ts'
import { quote } from './matrix/printable.ts'

/** Every command, with its line of the usage text. Its modules are loaded when it runs. */
const commands: ReadonlyArray<readonly [name: string, summary: string, load: () => Promise<Command>]> = [
  ['serve', 'serve the documents (default)', async () => await import('./commands/serve.ts')],
  ['healthcheck', 'check that the server is healthy', async () => await import('./commands/healthcheck.ts')],
  ['validate', 'validate settings, without starting a server', async () => await import('./commands/validate.ts')],
  ['check', 'check how others find a server name', async () => await import('./commands/check.ts')],
  ['monitor', 'check names again and again, with metrics', async () => await import('./commands/monitor.ts')],
  ['export', 'write files for static hosts and proxies', async () => await import('./commands/export.ts')],
  ['import', 'print the settings of an existing configuration', async () => await import('./commands/import.ts')]
]

const usage = `Usage: matrix-well-known [COMMAND]

Serves the well-known documents of a Matrix server name, and checks them. All
settings come from the environment, or from a .env file in the working
directory.

Commands:
${commands.map(([name, summary]) => `  ${name.padEnd(13)}${summary}\n`).join('')}
Options:
  -h, --help     show this help, or that of a command: COMMAND --help
  -v, --version  show the version

${describeExitStatuses()}`

/** @returns the exit status; undefined if the process goes on. */
async function run (args: readonly string[], context: CommandContext): Promise<ExitStatus | undefined> {
  const [first = 'serve', ...rest] = args
  if (first === 'help' && rest.length > 0) return await run([...rest, '--help'], context)
  if (first === 'help' || first === '-h' || first === '--help') {
    context.stdout.write(usage)
    return exitStatus.success
  }
  if (first === 'version' || first === '-v' || first === '--version') {
    context.stdout.write(`${context.version}\n`)
    return exitStatus.success
  }
  const [name, commandArgs] = first.startsWith('-') ? ['serve', args] : [first, rest]
  const print = (line: string): void => { context.stderr.write(`${line}\n`) }
  try {
    const [, , load] = commands.find(([known]) => known === name) ?? []
    if (load === undefined) {
      throw new UsageError(`Unknown command ${quote(name)}.`, { word: name, known: commands.map(([known]) => known) })
    }
    const command = await load()
    const status = await command.run(commandArgs, context)
    return command.keepsRunning === true && status === exitStatus.success ? undefined : status
  } catch (error) {
    if (!(error instanceof UsageError)) return reportExpectedError(error, { warn: print, fail: print })
    const helpOf = commands.some(([known]) => known === first) ? `${first} ` : ''
    const described = await describe(error, first.startsWith('-') ? ['--version'] : [])
    print(`${described}\n\nRun "matrix-well-known ${helpOf}--help" for usage.`)
    return exitStatus.usage
  }
}

async function describe ({ message, unknown }: UsageError, moreKnown: readonly string[]): Promise<string> {
  if (unknown === undefined) return message
  const { suggestMeant } = await import('./commands/suggestion.ts')
  const { word, known } = unknown
  return [message, suggestMeant({ word, known: [...known, ...moreKnown] }) ?? []].flat().join(' ')
}

function readVersion (): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version }: { version: string } = JSON.parse(text)
  return version
}

const { argv, env, execArgv, stdout, stderr } = process
// Without a listener, a reader that closes its end (as in `check | head`) would crash the process.
for (const stream of [stdout, stderr]) stream.on('error', () => {})
const context = {
  environment: env,
  nodeOptions: [env.NODE_OPTIONS, ...execArgv].join(' ').split(/\s+/),
  get version () { return readVersion() },
  // Node opens it when it is used.
  get stdin () { return process.stdin },
  stdout,
  stderr,
  signals: process
}
// No `await`: the image's bundle is CommonJS, which has no top-level await.
run(argv.slice(2), context).then(status => {
  if (status === undefined) return
  process.exitCode = status
  // A lookup in the system's resolver can't be cancelled, and would keep the process for minutes. Output comes first.
  stdout.write('', () => stderr.write('', () => process.exit()))
})
