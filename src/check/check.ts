import type { Site } from '../site/site.ts'
import { buildFinding } from './judge/finding.ts'
import { gather } from './gather/gather.ts'
import type { Part } from './gather/gather.ts'
import { judge } from './judge/judge.ts'
import { openNetwork } from './network/network.ts'
import type { Network, NetworkOptions } from './network/network.ts'
import { buildReport } from './report/report.ts'
import type { Report } from './report/report.ts'

export type { Finding, FindingId, Severity } from './judge/finding.ts'
export type { Part } from './gather/gather.ts'
export type { Override } from './network/network.ts'
export type { Report } from './report/report.ts'

export interface CheckOptions extends NetworkOptions {
  /** A part of the check; all of it where undefined. */
  readonly only?: Part | undefined
  /** What the settings say that the world should see. */
  readonly intent?: Site | undefined
}

/**
 * Checks how other servers and clients find a server name, and whether they get anywhere. What does not work is a
 * finding of the report.
 *
 * @throws {InvalidValueError} when the server name is none.
 * @throws {TypeError} when the DNS server of the options is no address, or a time no number of seconds.
 */
export async function checkServer (serverName: string, options: CheckOptions = {}): Promise<Report> {
  const network = openNetwork(options)
  try {
    return await checkOver(network, serverName, options)
  } finally {
    network.close()
  }
}

async function checkOver (network: Network, serverName: string, { only, intent }: CheckOptions): Promise<Report> {
  const start = network.now()
  const facts = await gather(serverName, network, only)
  const findings = judge(facts, intent, start)
  if (network.late) {
    findings.push(buildFinding('check.time', {
      // What it made of that is a finding by itself.
      area: 'documents',
      subject: serverName,
      what: 'The check took longer than it may in all, and was cut short.',
      change: 'Raise --timeout, or see what is so slow.'
    }))
  }
  return buildReport(facts, findings, start, network.now())
}
