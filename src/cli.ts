#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadConfig, loadListenAddress } from './config/config.ts'
import { withDotEnv } from './config/environment.ts'
import type { Environment } from './config/environment.ts'
import { ConfigError } from './config/fault.ts'
import { keepTickShape } from './server/shapes.ts'

const usage = `Usage: matrix-well-known [command]

Serves the well-known documents of a Matrix server name, and checks them. All
settings come from the environment, or a file .env in the working directory.

Commands:
  serve         serve the documents; what happens without a command, too
  healthcheck   ask the server that runs with these settings whether it is well
  check [NAME]  check how other servers and clients find a server name; without
                one that of the settings, see check --help

Options:
  -h, --help    show this text
  --version     show the version

Exit status: 0 done or healthy, 1 not healthy, a failure or can't listen,
             2 wrong command line, 78 wrong settings
`

const exitStatus = { done: 0, failed: 1, usage: 2, config: 78 }

// No await: the image's bundle is CommonJS, which has none at the top.
run(process.argv.slice(2)).then(status => { process.exitCode = status })

async function run (args: string[]): Promise<number> {
  if (args[0] === 'check') return await check(args.slice(1))
  const command = parseCommand(args)
  switch (command) {
    case 'help':
      process.stdout.write(usage)
      return exitStatus.done
    case 'version':
      process.stdout.write(`${readVersion()}\n`)
      return exitStatus.done
    case 'serve':
      return await serve()
    case 'healthcheck':
      return await healthcheck()
    default:
      process.stderr.write(`${command.fault}\n\n${usage}`)
      return exitStatus.usage
  }
}

function parseCommand (args: string[]): 'help' | 'version' | 'serve' | 'healthcheck' | { fault: string } {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    if (values.help) return 'help'
    if (values.version) return 'version'
    const [command = 'serve', ...more] = positionals
    if (more.length > 0) return { fault: `One command at a time, not ${positionals.join(' ')}.` }
    if (command === 'serve' || command === 'healthcheck') return command
    return { fault: `There is no command ${JSON.stringify(command)}.` }
  } catch (error) {
    return { fault: describe(error) }
  }
}

function readVersion (): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}

async function serve (): Promise<number> {
  keepTickShape()
  const { buildLog, loadPretty } = await import('./server/log/log.ts')
  const { batchLines } = await import('./server/log/batch.ts')
  const { openOutput } = await import('./server/log/output.ts')
  const print = (line: string): unknown => process.stderr.write(`${line}\n`)
  process.stderr.on('error', () => {})
  const output = batchLines(openOutput(process.stdout, print))
  try {
    const config = loadConfig(readEnvironment())
    const { serve } = await import('./server/serve.ts')
    await serve(config, buildLog(config.server.logLevel, process.stdout.isTTY ? await loadPretty(output) : output))
    return exitStatus.done
  } catch (error) {
    // On a terminal plain text, elsewhere a line of the log for each.
    const log = buildLog('info', output)
    return process.stdout.isTTY ? report(error, print, print) : report(error, line => log.warn(line), line => log.fatal(line))
  }
}

async function healthcheck (): Promise<number> {
  try {
    const { checkHealth } = await import('./server/healthcheck.ts')
    await checkHealth(loadListenAddress(readEnvironment()))
    return exitStatus.done
  } catch (error) {
    process.stderr.write(`not healthy: ${describe(error)}\n`)
    return exitStatus.failed
  }
}

/** Standard output has the report and nothing else. */
async function check (args: string[]): Promise<number> {
  const { runCheck } = await import('./commands/check.ts')
  // Whoever reads it may have seen enough.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  try {
    return await runCheck(args, readEnvironment, process.stdout, process.stderr, process.env)
  } catch (error) {
    const print = (line: string): unknown => process.stderr.write(`${line}\n`)
    if (error instanceof Error && 'code' in error && error.code === 'ERR_USAGE') {
      print(`${error.message}\n\nmatrix-well-known check --help shows how it is used.`)
      return exitStatus.usage
    }
    return report(error, print, print)
  }
}

function readEnvironment (): Environment {
  return withDotEnv('.env', process.env)
}

/** Tells what went wrong with the settings or with listening; anything else is an error of the program. */
function report (error: unknown, warn: (line: string) => void, fail: (line: string) => void): number {
  if (error instanceof ConfigError) {
    for (const warning of error.warnings) warn(warning)
    for (const { message } of error.faults) fail(message)
    return exitStatus.config
  }
  if (error instanceof Error && 'code' in error && error.code === 'ERR_LISTEN') {
    fail(error.message)
    return exitStatus.failed
  }
  throw error
}

function describe (error: unknown): string {
  return (error as Error).message
}
