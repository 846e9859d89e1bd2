/** Where a text stops being JSON, from 1, and the usual cause if it is one. */
export interface SyntaxFault {
  readonly line: number | undefined
  readonly column: number | undefined
  readonly cause: SyntaxCause | undefined
}

export type SyntaxCause = 'comment' | 'trailing comma' | 'single quotes' | 'curly quotes' | 'end'

/** A piece of JSON, perhaps without its end, or something that people write instead. */
const tokens = /"(?:[^"\\\n]|\\.)*"?|[“”„]|\/\/|\/\*|#|,\s*(?=[}\]])|'/g

/** Finds why a text is not JSON: something that people write instead, or where the parser stops. */
export function findSyntaxFault (text: string): SyntaxFault {
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const cause = causeOf(token)
    if (cause !== undefined) return { ...placeOf(text, index), cause }
  }
  const position = stopOf(text)
  if (position === undefined) return { line: undefined, column: undefined, cause: undefined }
  return { ...placeOf(text, position), cause: text.slice(position).trim() === '' ? 'end' : undefined }
}

function causeOf (token: string): SyntaxCause | undefined {
  if (token.startsWith('"')) return undefined
  if (token.startsWith(',')) return 'trailing comma'
  if (token === "'") return 'single quotes'
  return '“”„'.includes(token) ? 'curly quotes' : 'comment'
}

/** Where the parser of this Node stops, if it says. */
function stopOf (text: string): number | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    const message = String(error)
    const [, position] = /at position (\d+)/.exec(message) ?? []
    if (position === undefined) return message.includes('end of JSON input') ? text.trimEnd().length : undefined
    return Number(position)
  }
}

function placeOf (text: string, index: number): { line: number, column: number } {
  const before = text.slice(0, index)
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') }
}
