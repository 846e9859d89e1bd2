import { escapeControls } from '../matrix/printable.ts'

/** JSON for a `.env` file, where it is in single quotes and so can't have any. */
export function formatJson (value: unknown): string {
  return escapeControls(JSON.stringify(value)).replaceAll("'", '\\u0027')
}
