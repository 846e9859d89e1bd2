import { escapeControls } from '../../matrix/printable.ts'
import type { Report } from './report.ts'

/** A report for programs. Peers may have sent any text in it, so what would control a terminal is escaped. */
export function renderJson (report: Report): string {
  return `${escapeControls(JSON.stringify(report, null, 2))}\n`
}
