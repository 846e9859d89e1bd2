import type { Logger } from 'pino'
import { loadServerConfig } from '../config/config.ts'
import type { ServerConfig } from '../config/config.ts'
import { loadEnvironment } from '../config/dot-env.ts'
import { describeExitStatuses, exitStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import { batchLines } from '../server/log/batch.ts'
import { buildLog, loadPretty } from '../server/log/log.ts'
import { openOutput } from '../server/log/output.ts'
import { HeapBudget, readOldSpaceLimit } from '../server/overload/heap-budget.ts'
import { serve } from '../server/serve.ts'
import type { ServeOptions } from '../server/serve.ts'
import { buildDirectory } from '../site/directory.ts'
import { parseHelpOnly } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { reportExpectedError } from './expected-error.ts'
import { ignoreSignals, logReloadsWithoutSites } from './ignored-signals.ts'

export const usage = `Usage: matrix-well-known [serve]

Serves the well-known documents of SERVER_NAME at HOST and PORT, or those of
many names, each with a file in SITES_DIR, until a signal stops it. All settings
come from the environment, or from a .env file in the working directory.

Options:
  -h, --help  show this help

${describeExitStatuses({ 0: 'stopped by a signal', 1: 'unable to listen' })}`

export const keepsRunning = true

/** Standard output gets the log; returns when the server listens. */
export async function run (args: readonly string[], context: CommandContext): Promise<ExitStatus> {
  const { environment, nodeOptions, stdout, stderr, signals, version } = context
  if (parseHelpOnly(args)) {
    stdout.write(usage)
    return exitStatus.success
  }
  const print = (line: string): void => { stderr.write(`${line}\n`) }
  const output = batchLines(openOutput(stdout, print))
  const terminal = stdout.isTTY === true
  try {
    const loaded = loadEnvironment('.env', environment)
    const config = loadServerConfig(loaded.environment, loaded.warnings)
    ignoreSignals(signals)
    const log = buildLog(config.server.logLevel, terminal ? await loadPretty(output) : output)
    for (const { message } of config.warnings) log.warn(message)
    const heap = new HeapBudget(readOldSpaceLimit(nodeOptions))
    const opened = await openDirectory(config, log, context, heap)
    const address = await serve({ server: config.server, own: config.own, version, heap, ...opened }, log)
    if (environment.NOTIFY_SOCKET !== undefined) {
      const { reportReady } = await import('../server/ready.ts')
      await reportReady(address, log)
    }
    return exitStatus.success
  } catch (error) {
    // On a terminal, plain text; otherwise each line is one of the log.
    if (terminal) return reportExpectedError(error, { warn: print, fail: print })
    const log = buildLog('info', output)
    return reportExpectedError(error, { warn: line => log.warn(line), fail: line => log.fatal(line) })
  }
}

async function openDirectory (
  config: ServerConfig, log: Logger, { signals }: CommandContext, heap: HeapBudget
): Promise<Pick<ServeOptions, 'directory' | 'sites' | 'sitesState'>> {
  if (config.sites !== undefined) {
    // One site needs none of its modules.
    const { openSites } = await import('./many-sites.ts')
    const opened = await openSites(config, log, signals, () => heap.reset())
    heap.reset()
    return opened
  }
  logReloadsWithoutSites(signals, log)
  const directory = buildDirectory(config.own.site, config.own.documents)
  const state = { sites: 1, faulty: 0, lastReloadSuccessful: true, lastSuccess: Date.now() }
  return { directory: () => directory, sites: undefined, sitesState: () => state }
}
