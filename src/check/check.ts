import type { Site } from '../site/site.ts'
import { gather, parts } from './gather/gather.ts'
import type { Part } from './gather/gather.ts'
import { judgeLateness } from './judge/check-time.ts'
import { judgeFacts } from './judge/judge.ts'
import { openNetwork } from './network/network.ts'
import type { Network, NetworkOptions, ShowProgress } from './network/network.ts'
import { followReaders } from './readers/readers.ts'
import { buildReport } from './report/report.ts'
import type { Report } from './report/report.ts'

export type { FindingId, Severity } from './judge/finding.ts'
export type { Part } from './gather/gather.ts'
export type { Override } from './network/network.ts'
export type { ReportedFinding as Finding } from './report/finding-text.ts'
export type { Report } from './report/report.ts'

export interface CheckOptions extends NetworkOptions {
  /** A part of the check; all of it if undefined. */
  readonly only?: Part | undefined
  /** What the settings say that should be served. */
  readonly intent?: Site | undefined
  /** Called with what the check is waiting for, each time that changes. */
  readonly progress?: ShowProgress | undefined
}

/**
 * Checks how other servers and clients find a server name, and whether they get anywhere. What doesn't work is a
 * finding of the report.
 *
 * @throws {InvalidValueError} if the server name isn't valid.
 * @throws {TypeError} if an option isn't valid.
 */
export async function checkServer (serverName: string, options: CheckOptions = {}): Promise<Report> {
  const { only } = options
  if (only !== undefined && !parts.includes(only)) {
    throw new TypeError(`only is "${String(only)}": use one of ${parts.map(part => `"${part}"`).join(', ')}`)
  }
  const network = openNetwork(options, options.progress)
  try {
    return await checkOver(network, serverName, options)
  } finally {
    network.close()
  }
}

/** The same over a network that is open already. */
export async function checkOver (
  network: Network, serverName: string, { only, intent }: Pick<CheckOptions, 'only' | 'intent'>
): Promise<Report> {
  const start = network.now()
  const facts = await gather(serverName, network, only)
  const outcomes = followReaders(facts, start)
  const findings = [...judgeFacts(facts, outcomes, intent, start), ...judgeLateness(serverName, network.late)]
  return buildReport(facts, outcomes, findings, start, network.now())
}
