import type { Logger } from 'pino'
import type { ManySites } from '../config/config.ts'
import { ConfigError, inFile } from '../config/fault.ts'
import type { Fault } from '../config/fault.ts'
import { FaultReports } from '../config/sites/fault-reports.ts'
import type { FaultyFile } from '../config/sites/fault-reports.ts'
import { LiveSites } from '../config/sites/live-sites.ts'
import type { Occasion, Reload } from '../config/sites/live-sites.ts'
import { explainEmptyFolder } from '../config/sites/site-folder.ts'
import { watch } from '../config/sites/watch.ts'
import { countNouns, formatCount } from '../matrix/format-count.ts'
import { quote } from '../matrix/printable.ts'
import type { SitesState } from '../server/metrics.ts'
import type { ServeOptions } from '../server/serve.ts'
import type { CommandContext } from './command.ts'

/**
 * How long a file has to stay the same before a poll loads it, in milliseconds: the first half of a file may be valid.
 * Few programs pause for longer while they write one, and readers would cache what is wrong for hours.
 */
const maxSettleTime = 2_000

/**
 * Loads the sites of a folder, and keeps them up to date. Whatever is wrong with a file is logged.
 *
 * @param onReload called when some have changed.
 * @throws {ConfigError} with every fault if nothing can be served.
 */
export async function openSites (
  { own, ownFaults, sites: { folder, reloadSeconds } }: ManySites,
  log: Logger,
  signals: CommandContext['signals'],
  onReload: () => void
): Promise<Pick<ServeOptions, 'directory' | 'sites' | 'sitesState'>> {
  const interval = 1_000 * reloadSeconds
  const settleTime = Math.min(maxSettleTime, interval / 2)
  const live = new LiveSites({
    folder,
    own,
    settleTime,
    warn: (file, { variable, message }) => log.warn({ file, variable }, `${file}: ${message}`)
  })
  const is = `SITES_DIR is ${quote(folder)}`
  const first = await live.look('start')
  if (first instanceof Error) {
    throw new ConfigError([...ownFaults, { variable: 'SITES_DIR', message: `${is}: ${first.message}` }], [])
  }
  if (first.sites === 0 && own === undefined) {
    const fault = 'no site in it can be served; add a file such as example.com.env, or fix those that are there'
    throw new ConfigError([
      ...ownFaults, ...first.faults.flatMap(listFaults),
      { variable: 'SITES_DIR', message: `${is}: ${fault}` }
    ], first.faults.flatMap(listWarnings))
  }
  for (const { variable, message } of ownFaults) log.error({ variable }, message)
  logFaults(first)
  if (first.sites + first.faulty === 0) log.warn({ variable: 'SITES_DIR' }, `${is}: ${explainEmptyFolder(folder)}`)
  let state = summarize(first, Date.now())
  const folderReports = new FaultReports()
  let isLost = false
  /** How many files the log says are faulty. */
  let reportedFaulty = first.faulty
  // So that a file is served within the interval after its change, although it may have to settle.
  watch({ interval: interval - settleTime, signals, look })
  return { directory: () => live.directory, sites: first.sites, sitesState: () => state }

  /** @returns the CPU time that it took. */
  async function look (occasion: Occasion): Promise<number> {
    const reload = await live.look(occasion)
    const lost = reload instanceof Error ? [{ file: folder, faults: [explainFolder(reload)], warnings: [] }] : []
    for (const { message } of folderReports.select(lost, occasion).flatMap(({ faults }) => faults)) {
      log.error(message)
      isLost = true
    }
    state = reload instanceof Error
      ? { ...state, lastReloadSuccessful: false }
      : summarize(reload, state.lastSuccess)
    if (reload instanceof Error) return 0
    if (isLost) log.info(`${is}: the folder can be read again`)
    isLost = false
    logFaults(reload)
    const { faults, cpuTime, duration: time, ...counts } = reload
    const { sites, added, changed, removed, faulty } = counts
    const isFixed = faulty < reportedFaulty
    if (occasion === 'poll' && added + changed + removed + faults.length === 0 && !isFixed) return cpuTime
    reportedFaulty = faulty
    if (added + changed + removed > 0) onReload()
    const duration = Math.round(time)
    const text = `reloaded ${countNouns(sites, 'site')} in ${duration} ms: ${formatCount(added)} added, ` +
      `${formatCount(changed)} changed, ${formatCount(removed)} removed, ${formatCount(faulty)} faulty`
    // Its files have been deleted, or something else is in its place, such as a volume that isn't mounted.
    if (sites === 0 && removed > 0) log.warn({ ...counts, duration }, `${text}; ${is}, which has no site any more`)
    else log.info({ ...counts, duration }, text)
    return cpuTime
  }

  /** The site of the environment is one more. */
  function summarize ({ sites, faulty }: Reload, lastSuccess: number): SitesState {
    const isGood = faulty + ownFaults.length === 0
    return {
      sites: sites + (own === undefined ? 0 : 1),
      faulty: faulty + (ownFaults.length === 0 ? 0 : 1),
      lastReloadSuccessful: isGood,
      lastSuccess: isGood ? Date.now() : lastSuccess
    }
  }

  function explainFolder ({ message }: Error): Fault {
    return { variable: 'SITES_DIR', message: `${is}: ${message}; all sites are served as before` }
  }

  function logFaults ({ faults }: Reload): void {
    for (const faulty of faults) {
      const { file } = faulty
      for (const { variable, message } of listWarnings(faulty)) log.warn({ file, variable }, message)
      for (const { variable, message } of listFaults(faulty)) log.error({ file, variable }, message)
    }
  }
}

function listFaults ({ file, faults }: FaultyFile): Fault[] {
  return faults.map(fault => inFile(file, fault))
}

function listWarnings ({ file, warnings }: FaultyFile): FaultyFile['warnings'] {
  return warnings.map(warning => inFile(file, warning))
}
