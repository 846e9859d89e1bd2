import type { Report } from './report.ts'

/** A report for programs; what a terminal would obey is escaped, since a peer may have sent it. */
export function renderJson (report: Report): string {
  return `${escapeControls(JSON.stringify(report, null, 2))}\n`
}

/** JSON in which strings have no characters that do not show: JSON itself escapes only those below U+0020. */
export function escapeControls (json: string): string {
  return json.replaceAll(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, character => [...Array(character.length).keys()]
    .map(i => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''))
}
