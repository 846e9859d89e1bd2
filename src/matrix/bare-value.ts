import { findInvalidValue, InvalidValueError } from './invalid-value.ts'
import { quote } from './printable.ts'

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

/** A variable of a shell or template that nothing has replaced. */
const placeholder = /\$\{[^{}]{1,100}\}|\{\{[^{}]{1,100}\}\}|<[^<>]{1,100}>/

/**
 * Refuses a value in which a variable has not been replaced, such as `https://${DOMAIN}`.
 *
 * @throws {InvalidValueError} if there is one.
 */
export function refusePlaceholder (input: string): void {
  const [found] = placeholder.exec(input.slice(0, maxLength)) ?? []
  if (found === undefined) return
  const fault = `contains the placeholder ${quote(found)}`
  throw new InvalidValueError('ERR_CHARACTER', input, fault, 'write the value in its place')
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
