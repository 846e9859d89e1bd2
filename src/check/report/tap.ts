import { escapeControls } from '../../matrix/printable.ts'
import type { ReportedFinding } from './finding-text.ts'
import type { Report } from './report.ts'
import { isSuccess } from './success.ts'

/**
 * A report in the Test Anything Protocol: a test point for each verdict and each finding. A warning doesn't count
 * (TODO) unless `strict`.
 *
 * @see https://testanything.org/tap-version-14-specification.html
 */
export function renderTap (report: Report, strict: boolean): string {
  return [version, ...renderPoints(report, strict), ''].join('\n')
}

const version = 'TAP version 14'

/** The start of a stream that has a subtest for each name. */
export function renderTapPlan (names: number): string {
  return `${version}\n1..${names}\n`
}

/** The subtest of a name, and its test point. */
export function renderTapSubtest (report: Report, number: number, strict: boolean): string {
  const lines = renderPoints(report, strict).join('\n').split('\n').map(line => `    ${line}`)
  const point = renderPoint(isSuccess(report.verdict, strict), report.serverName)
  return [`# Subtest: ${report.serverName}`, ...lines, numberPoint(point, number), ''].join('\n')
}

/** The end of a stream whose other subtests are missing. */
export function renderTapBailOut (reason: string): string {
  return `Bail out! ${reason}\n`
}

/** The plan and the test points of a report. */
function renderPoints ({ verdict, serverName, findings }: Report, strict: boolean): string[] {
  const { federation, clients } = verdict
  const canLogIn = clients === 'works' || clients === 'asks'
  const points = [
    ...federation === 'unchecked'
      ? []
      : [renderVerdict(federation === 'works', `other servers reach ${serverName}`, federation)],
    ...clients === 'unchecked' ? [] : [renderVerdict(canLogIn, `clients can log in at ${serverName}`, clients)],
    ...findings.map(finding => renderFinding(finding, strict))
  ]
  const lines = points.length === 0 ? [renderPoint(true, `no problems found at ${serverName}`)] : points
  return [`1..${lines.length}`, ...lines.map((line, i) => numberPoint(line, i + 1))]
}

function numberPoint (point: string, number: number): string {
  return point.replace(/^(not )?ok/, match => `${match} ${number}`)
}

function renderVerdict (ok: boolean, description: string, verdict: string): string {
  const point = renderPoint(ok, description)
  return ok ? point : `${point}\n${renderDiagnostic({ verdict })}`
}

function renderFinding (finding: ReportedFinding, strict: boolean): string {
  const { id, severity, subject, what, why, fix, specification } = finding
  const directive = severity === 'warning' && !strict ? ' # TODO warning' : ''
  const point = renderPoint(severity === 'notice', `${id}: ${subject}`)
  const diagnostic = renderDiagnostic({ severity, what, why, fix, specification: specification.url })
  return `${point}${directive}\n${diagnostic}`
}

function renderDiagnostic (texts: Readonly<Record<string, string>>): string {
  // JSON strings are YAML strings.
  const lines = Object.entries(texts).map(([name, text]) => `  ${name}: ${escapeControls(JSON.stringify(text))}`)
  return ['  ---', ...lines, '  ...'].join('\n')
}

/** A test point without its number; characters that have a meaning in TAP are escaped. */
function renderPoint (ok: boolean, description: string): string {
  const escaped = escapeControls(JSON.stringify(description)).slice(1, -1).replaceAll('\\"', '"')
    .replaceAll('#', '\\#')
  return `${ok ? 'ok' : 'not ok'} - ${escaped}`
}
