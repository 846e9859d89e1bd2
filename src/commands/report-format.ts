import type { Report } from '../check/report/report.ts'
import type { TextOptions } from '../check/report/page.ts'

export const reportFormats = ['text', 'json', 'tap', 'html', 'markdown', 'nagios'] as const

export type ReportFormat = typeof reportFormats[number]

export interface RenderOptions {
  readonly format: ReportFormat
  /** Whether warnings are failures. */
  readonly strict: boolean
  /** Whether to leave out IP and email addresses. */
  readonly redact: boolean
  readonly text: TextOptions
  /** Of this program. */
  readonly version: string
}

/** Writes a report; only the modules of its format are loaded. */
export async function renderReport (report: Report, options: RenderOptions): Promise<string> {
  const { format, strict, text, version } = options
  const shown = options.redact ? (await import('../check/report/redact.ts')).redactReport(report) : report
  switch (format) {
    case 'text': return (await import('../check/report/text.ts')).renderText(shown, text)
    case 'json': return (await import('../check/report/json.ts')).renderJson(shown)
    case 'tap': return (await import('../check/report/tap.ts')).renderTap(shown, strict)
    case 'html': return (await import('../check/report/html/html.ts')).renderHtml(shown, version)
    case 'markdown': return (await import('../check/report/markdown.ts')).renderMarkdown(shown, version)
    case 'nagios': return (await import('../check/report/nagios.ts')).renderNagios(shown, strict)
  }
}
