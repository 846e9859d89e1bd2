import type { Logger } from 'pino'
import { checkOver } from '../check/check.ts'
import { joinNetwork } from '../check/network/network.ts'
import type { NetworkOptions } from '../check/network/network.ts'
import type { Report } from '../check/report/report.ts'
import { loadEnvironment } from '../config/dot-env.ts'
import { ConfigError } from '../config/fault.ts'
import type { Fault } from '../config/fault.ts'
import { loadMonitorConfig } from '../config/monitor-config.ts'
import type { MonitorConfig } from '../config/monitor-config.ts'
import { watch } from '../config/sites/watch.ts'
import { describeExitStatuses, exitStatus } from '../exit-status.ts'
import type { ExitStatus } from '../exit-status.ts'
import { countNouns, formatCount } from '../matrix/format-count.ts'
import { quote } from '../matrix/printable.ts'
import { CurrentNetwork } from '../monitor/current-network.ts'
import { buildMonitorApp } from '../monitor/monitor-app.ts'
import { NameWatch } from '../monitor/name-watch.ts'
import type { CheckLimits } from '../monitor/name-watch.ts'
import { describeChange } from '../monitor/verdict-log.ts'
import { listen } from '../server/listen.ts'
import { buildLog, loadPretty } from '../server/log/log.ts'
import { openOutput } from '../server/log/output.ts'
import { reportReady } from '../server/ready.ts'
import { stopOnSignals } from '../server/stop.ts'
import { parseCommandLine, UsageError } from './command-line.ts'
import type { CommandContext } from './command.ts'
import { reportExpectedError } from './expected-error.ts'
import { ignoreSignals, logReloadsWithoutSites } from './ignored-signals.ts'
import { MonitoredNames } from './monitored-names.ts'
import { networkOptions, networkUsage, parseNetworkOptions } from './network-options.ts'
import { requireServerNames } from './server-name-faults.ts'

export const usage = `Usage: matrix-well-known monitor [SERVER_NAME…] [options]

Checks names again and again. A page and metrics with the results are at HOST
and PORT. Without names, it checks those in the settings: SERVER_NAME, and all
in SITES_DIR. MONITOR_SECONDS says how often, MONITOR_CONFIRMATIONS how many
failures in a row are an outage.

Options:
${networkUsage}  -h, --help               show this help

${describeExitStatuses({ 0: 'stopped by a signal', 1: 'unable to listen' })}`

export const keepsRunning = true

/** While a name doesn't work, in milliseconds. */
const maxFailingInterval = 60_000

/** How many checks run at once. */
const jobs = 16

/** Standard output gets the log; returns when the monitor listens. */
export async function run (args: readonly string[], context: CommandContext): Promise<ExitStatus> {
  const { environment, stdout, stderr, signals } = context
  const { values, positionals } = parseCommandLine(args, { ...networkOptions, help: { type: 'boolean', short: 'h' } })
  if (values.help === true) {
    stdout.write(usage)
    return exitStatus.success
  }
  requireServerNames(positionals)
  const network = parseNetworkOptions(values)
  const print = (line: string): void => { stderr.write(`${line}\n`) }
  const terminal = stdout.isTTY === true
  const output = openOutput(stdout, print)
  try {
    const loaded = loadEnvironment('.env', environment)
    const config = loadMonitorConfig(loaded.environment)
    const names = new MonitoredNames(loaded.environment, config.folder)
    if (positionals.length + names.sites.size === 0 && config.folder === undefined) {
      throw new UsageError('There is nothing to monitor: give server names, or set SERVER_NAME or SITES_DIR.')
    }
    ignoreSignals(signals)
    const log = buildLog(config.logLevel, terminal ? await loadPretty(output) : output)
    for (const { message } of loaded.warnings) log.warn(message)
    await monitor(config, { positionals, names, network, context }, log)
    return exitStatus.success
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (terminal) return reportExpectedError(error, { warn: print, fail: print })
    const log = buildLog('info', output)
    return reportExpectedError(error, { warn: line => log.warn(line), fail: line => log.fatal(line) })
  }
}

interface Monitored {
  /** The names of the command line; those of the settings if there are none. */
  readonly positionals: readonly string[]
  readonly names: MonitoredNames
  readonly network: NetworkOptions
  readonly context: Pick<CommandContext, 'environment' | 'signals' | 'version'>
}

async function monitor (config: MonitorConfig, monitored: Monitored, log: Logger): Promise<void> {
  const { positionals, names, network, context: { environment, signals, version } } = monitored
  const interval = 1_000 * config.seconds
  const current = new CurrentNetwork(network)
  const nameWatch = new NameWatch({
    check: checkName,
    interval,
    failingInterval: Math.min(interval, maxFailingInterval),
    confirmations: config.confirmations,
    jobs,
    onChecked: (after, before) => {
      const line = describeChange(after, before)
      if (line === undefined) return
      const { message, ...fields } = line
      if (fields.verdict === 'works') log.info(fields, message)
      else log.error(fields, message)
    }
  })
  let reported: ReadonlySet<string> = new Set()
  report(await names.load().catch((error: Error) => { throw new ConfigError([explainFolder(error)], []) }))
  const app = buildMonitorApp({ watch: nameWatch, version })
  stopOnSignals(async () => { nameWatch.close(); current.close(); await app.close() }, log)
  const address = await listen(app, config)
  log.info(`monitoring ${countNouns(nameWatch.states.length, 'name')} at ${address}`)
  if (config.folder === undefined) logReloadsWithoutSites(signals, log)
  if (environment.NOTIFY_SOCKET !== undefined) await reportReady(address, log)
  watch({
    interval: 1_000 * config.reloadSeconds,
    signals,
    look: async () => {
      const { added, removed } = report(await names.load().catch((error: Error) => [explainFolder(error)]))
      if (added + removed > 0) logNames(added, removed)
      // Checking these names takes far more.
      return 0
    }
  })

  async function checkName (name: string, limits: CheckLimits): Promise<Report> {
    return await current.use(async shared => {
      const joined = joinNetwork(shared, limits)
      return await checkOver(joined, name, { intent: names.sites.get(name) }).finally(() => joined.close())
    })
  }

  function logNames (added: number, removed: number): void {
    const count = nameWatch.states.length
    const text = `monitoring ${countNouns(count, 'name')}: ${formatCount(added)} added, ${formatCount(removed)} removed`
    // Its files have been deleted, or something else is in its place, such as a volume that isn't mounted.
    if (count === 0) log.warn(`${text}; SITES_DIR is ${quote(config.folder)}, which has no site any more`)
    else log.info(text)
  }

  /** Goes on with the names as they are now. A fault is logged when it is new. */
  function report (faults: readonly Fault[]): ReturnType<NameWatch['setNames']> {
    for (const { variable, message } of faults) {
      if (!reported.has(message)) log.error({ variable }, message)
    }
    reported = new Set(faults.map(({ message }) => message))
    return nameWatch.setNames(positionals.length > 0 ? positionals : [...names.sites.keys()])
  }

  function explainFolder ({ message }: Error): Fault {
    return { variable: 'SITES_DIR', message: `SITES_DIR is ${quote(config.folder)}: ${message}` }
  }
}
