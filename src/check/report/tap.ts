import { escapeControls } from './json.ts'
import type { ReportedFinding } from './finding-text.ts'
import type { Report } from './report.ts'

/**
 * A report in the Test Anything Protocol: a point for each verdict and each finding. A warning is a point that does not
 * count (TODO) unless `strict`.
 *
 * @see https://testanything.org/tap-version-14-specification.html
 */
export function renderTap ({ verdict, serverName, findings }: Report, strict: boolean): string {
  const points = [
    ...verdict.federation === 'unchecked' ? [] : [point(verdict.federation === 'works', `other servers reach ${serverName}`)],
    ...verdict.clients === 'unchecked' ? [] : [point(verdict.clients === 'works' || verdict.clients === 'asks', `clients can log in at ${serverName}`)],
    ...findings.map(finding => renderFinding(finding, strict))
  ]
  const lines = points.length === 0 ? [point(true, `nothing is to be mended at ${serverName}`)] : points
  return ['TAP version 14', `1..${lines.length}`, ...lines.map((line, i) => line.replace(/^(not )?ok/, match => `${match} ${i + 1}`)), ''].join('\n')
}

function renderFinding ({ id, severity, subject, what, why, fix, specification }: ReportedFinding, strict: boolean): string {
  const failed = severity === 'failure' || severity === 'warning'
  const directive = severity === 'warning' && !strict ? ' # TODO warning' : ''
  // JSON strings are YAML strings.
  const diagnostic = Object.entries({ severity, what, why, fix, specification: specification.url }).map(([name, text]) => `  ${name}: ${escapeControls(JSON.stringify(text))}`)
  return [`${point(!failed, `${id}: ${subject}`)}${directive}`, '  ---', ...diagnostic, '  ...'].join('\n')
}

/** A test point, its number yet to come; what has a meaning in TAP is escaped. */
function point (ok: boolean, description: string): string {
  const harmless = escapeControls(JSON.stringify(description)).slice(1, -1).replaceAll('\\"', '"').replaceAll('#', '\\#')
  return `${ok ? 'ok' : 'not ok'} - ${harmless}`
}
