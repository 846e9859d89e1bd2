/** Where a text stops being JSON, from 1, and the usual cause if it is one. */
export interface SyntaxFault {
  readonly line: number
  readonly column: number
  readonly cause: SyntaxCause | undefined
  /** What is there: a word, a string, or a character. Empty at the end. */
  readonly found: string
}

export type SyntaxCause =
  'comment' | 'trailing comma' | 'missing comma' | 'single quotes' | 'curly quotes' | 'missing quotes' | 'backslash' |
  'end'

/** A piece of JSON, perhaps without its end, or something that people write instead. */
const tokens = /"(?:[^"\\\n]|\\.)*"?|[“”„]|\/\/|\/\*|#|,\s*(?=[}\]])|'/g

/** How many characters around the place where the parser stops are looked at. */
const maxLooked = 60

/** Finds why a text is not JSON: something that people write instead, or where the parser stops. */
export function findSyntaxFault (text: string): SyntaxFault | undefined {
  const stop = findStop(text)
  if (stop === undefined) return undefined
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const cause = causeOf(token)
    if (cause !== undefined) return { ...placeOf(text, index), cause, found: token }
  }
  if (text.slice(stop).trim() === '') return { ...placeOf(text, stop), cause: 'end', found: '' }
  // The parser may stop within a word, if that begins like "true".
  const start = stop - String(beginning.exec(text.slice(Math.max(0, stop - maxLooked), stop))).length
  const before = text.slice(Math.max(0, start - maxLooked), start).trimEnd()
  const found = String(/^(?:[\w$.:/-]+|"[^"\n]*"?|[^])/.exec(text.slice(start, start + maxLooked)))
  return { ...placeOf(text, start), cause: causeBetween(before, found), found }
}

function causeOf (token: string): SyntaxCause | undefined {
  if (token.startsWith('"')) return undefined
  if (token.startsWith(',')) return 'trailing comma'
  if (token === "'") return 'single quotes'
  return '“”„'.includes(token) ? 'curly quotes' : 'comment'
}

/** The beginning of one of the words that JSON has, or of another word. */
const beginning = /(?<![\w"])(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$|$/

/** Why a word or a value can't come after what is before it. */
function causeBetween (before: string, found: string): SyntaxCause | undefined {
  if (found === '\\') return 'backslash'
  if (/^[a-z]/i.test(found)) return /[{,:[]$/.test(before) ? 'missing quotes' : undefined
  return /^["{[]/.test(found) && /["\]}\d]$/.test(before) && !isKey.test(before) ? 'missing comma' : undefined
}

/** The end of a text in which a colon is expected next. */
const isKey = /[{,]\s*"[^"]*"$/

/** Where the parser of this Node stops: undefined if the text is JSON. */
export function findStop (text: string): number | undefined {
  const stop = tryToParse(text)
  if (stop !== 'somewhere') return stop
  // Some messages don't say where. The longest beginning of JSON ends there.
  let [possible, impossible] = [0, text.length]
  while (impossible - possible > 1) {
    const middle = Math.floor((possible + impossible) / 2)
    if (tryToParse(text.slice(0, middle)) === 'somewhere') impossible = middle
    else possible = middle
  }
  return possible
}

/** Where the parser stops in a text: undefined if it doesn't. */
function tryToParse (text: string): number | 'somewhere' | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    const message = String(error)
    const [, position] = /at position (\d+)/.exec(message) ?? []
    if (position !== undefined) return Number(position)
    return message.includes('end of JSON input') ? text.trimEnd().length : 'somewhere'
  }
}

function placeOf (text: string, index: number): { line: number, column: number } {
  const before = text.slice(0, index)
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') }
}
