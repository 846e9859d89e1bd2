import { escapeControls } from '../../matrix/printable.ts'
import type { ReportedFinding } from './finding-text.ts'
import type { Report } from './report.ts'

/**
 * A report in the Test Anything Protocol: a test point for each verdict and each finding. A warning doesn't count
 * (TODO) unless `strict`.
 *
 * @see https://testanything.org/tap-version-14-specification.html
 */
export function renderTap ({ verdict, serverName, findings }: Report, strict: boolean): string {
  const canLogIn = verdict.clients === 'works' || verdict.clients === 'asks'
  const points = [
    ...verdict.federation === 'unchecked'
      ? []
      : [renderPoint(verdict.federation === 'works', `other servers reach ${serverName}`)],
    ...verdict.clients === 'unchecked' ? [] : [renderPoint(canLogIn, `clients can log in at ${serverName}`)],
    ...findings.map(finding => renderFinding(finding, strict))
  ]
  const lines = points.length === 0 ? [renderPoint(true, `no problems found at ${serverName}`)] : points
  const numbered = lines.map((line, i) => line.replace(/^(not )?ok/, match => `${match} ${i + 1}`))
  return ['TAP version 14', `1..${lines.length}`, ...numbered, ''].join('\n')
}

function renderFinding (finding: ReportedFinding, strict: boolean): string {
  const { id, severity, subject, what, why, fix, specification } = finding
  const directive = severity === 'warning' && !strict ? ' # TODO warning' : ''
  // JSON strings are YAML strings.
  const diagnostic = Object.entries({ severity, what, why, fix, specification: specification.url })
    .map(([name, text]) => `  ${name}: ${escapeControls(JSON.stringify(text))}`)
  const point = renderPoint(severity === 'notice', `${id}: ${subject}`)
  return [`${point}${directive}`, '  ---', ...diagnostic, '  ...'].join('\n')
}

/** A test point without its number; characters that have a meaning in TAP are escaped. */
function renderPoint (ok: boolean, description: string): string {
  const escaped = escapeControls(JSON.stringify(description)).slice(1, -1).replaceAll('\\"', '"')
    .replaceAll('#', '\\#')
  return `${ok ? 'ok' : 'not ok'} - ${escaped}`
}
