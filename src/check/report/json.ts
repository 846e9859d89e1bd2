import type { Report } from './report.ts'

/** A report for programs. Peers may have sent any text in it, so what would control a terminal is escaped. */
export function renderJson (report: Report): string {
  return `${escapeControls(JSON.stringify(report, null, 2))}\n`
}

/** Escapes invisible characters in JSON, which itself only escapes those below U+0020. */
export function escapeControls (json: string): string {
  return json.replaceAll(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, character => [...Array(character.length).keys()]
    .map(i => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''))
}
