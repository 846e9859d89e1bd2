import { shorten } from '../../matrix/short-text.ts'
import { findExpiry } from './expiry.ts'
import type { Expiry } from './expiry.ts'
import { countGroups, groupFindings, listFindingIds } from './finding-groups.ts'
import { summarizeReport } from './headline.ts'
import { rateVerdict } from './rating.ts'
import type { Rating } from './rating.ts'
import type { Report } from './report.ts'

/** What a service comes to for Nagios, Icinga and others. */
export type NagiosState = 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN'

const states: Readonly<Record<Rating, NagiosState>> = {
  works: 'OK', warning: 'WARNING', fails: 'CRITICAL', unknown: 'UNKNOWN'
}

/** The state of the verdict, or that of a certificate near its end if it is worse. */
export function rateForNagios (report: Report, strict: boolean): NagiosState {
  const state = states[rateVerdict(report.verdict, strict)]
  const expiry = findExpiry(report)
  if (expiry === undefined || state === 'CRITICAL') return state
  if (expiry.days < expiry.criticalDays) return 'CRITICAL'
  if (expiry.days >= expiry.warningDays || state !== 'OK') return state
  return strict ? 'CRITICAL' : 'WARNING'
}

/**
 * A report in one line, with performance data.
 *
 * @see https://www.monitoring-plugins.org/doc/guidelines.html
 */
export function renderNagios (report: Report, strict: boolean): string {
  const { serverName, findings, milliseconds } = report
  const groups = groupFindings(findings)
  const counts = countGroups(groups)
  const expiry = findExpiry(report)
  const data = [
    ...expiry === undefined ? [] : [renderExpiry(expiry)],
    `time=${(milliseconds / 1000).toFixed(3)}s;;;0`,
    // Warning and critical: more than none.
    `failures=${counts.failures};;0;0`,
    `warnings=${counts.warnings};${strict ? ';0' : '0;'};0`
  ]
  const text = `${serverName}: ${summarizeReport(report)}${listFindingIds(groups)}`
  return renderNagiosLine(rateForNagios(report, strict), text, data)
}

/** A line that says why there is no report. */
export function renderNagiosProblem (message: string): string {
  return renderNagiosLine('UNKNOWN', message, [])
}

/** `14:` means "below 14". */
function renderExpiry ({ days, warningDays, criticalDays }: Expiry): string {
  return `expiry_days=${days};${warningDays}:;${criticalDays}:`
}

/** Some programs read no more of a line, in characters. */
const maxLength = 1_000

/** What separates lines and data is replaced, and so is what the web pages of some programs would take for HTML. */
function renderNagiosLine (state: NagiosState, text: string, data: readonly string[]): string {
  const safe = shorten(text.replaceAll('…', '...'), maxLength, '...').replaceAll(/[^\x20-\x7e]|[|<>&`$\\]/g, '?')
  return `MATRIX ${state} - ${safe}${data.length === 0 ? '' : ` | ${data.join(' ')}`}\n`
}
