import { escapeControls } from '../../matrix/printable.ts'
import type { Report } from './report.ts'

/** A report for programs. Peers may have sent any text in it, so what would control a terminal is escaped. */
export function renderJson (report: Report): string {
  return `${escapeControls(JSON.stringify(report, null, 2))}\n`
}

/** The same on one line, for reports one after the other (JSON Lines). */
export function renderJsonLine (report: Report): string {
  return `${escapeControls(JSON.stringify(report))}\n`
}
