import { findInvalidValue, InvalidValueError } from './invalid-value.ts'

/** Longer text is not what was meant as a value. */
const maxLength = 10_000

/**
 * Refuses JSON where only the value is wanted, such as `{"m.server": "matrix.example.com:443"}`, and suggests the one
 * string in it that a parser accepts.
 *
 * @throws {InvalidValueError} if the input is JSON.
 */
export function refuseJson (input: string, parse: (value: string) => unknown): void {
  if (!/^\s*[{"[]/.test(input) || input.length > maxLength) return
  const strings = findStrings(input)
  // An attempt at an object is not a value either.
  if (strings === undefined && !/^\s*\{/.test(input)) return
  const [suggestion, ...others] = (strings ?? []).filter(text => findInvalidValue(parse, text) === undefined)
  const fault = 'contains JSON, where only the value is needed'
  const only = others.length === 0 ? suggestion : undefined
  throw new InvalidValueError('ERR_JSON', input, fault, 'write only the value', only)
}

/** The strings in JSON, or in a part of an object such as `"m.server": "example.com"`; undefined if it is neither. */
function findStrings (text: string): string[] | undefined {
  for (const json of [text, `{${text}}`]) {
    try {
      return collectStrings(JSON.parse(json))
    } catch {}
  }
  return undefined
}

function collectStrings (value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(collectStrings) : []
}
