import { findInvalidValue } from './invalid-value.ts'
import type { StringFormats } from './string-formats.ts'

/** Formats as Ajv knows them: functions that say whether a text has the format. */
export function buildFormatTests (formats: StringFormats): Record<string, (text: string) => boolean> {
  return Object.fromEntries(Object.entries(formats)
    .map(([name, parse]) => [name, (text: string) => findInvalidValue(parse, text) === undefined]))
}
