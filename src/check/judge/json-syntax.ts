/** Where a text stops being JSON, from 1, and the usual cause if it is one. */
export interface SyntaxFault {
  readonly line: number | undefined
  readonly column: number | undefined
  readonly cause: 'comment' | 'trailing comma' | 'single quotes' | undefined
}

/** A piece of JSON, or something that people write instead. */
const tokens = /"(?:[^"\\\n]|\\.)*"|\/\/|\/\*|#|,\s*(?=[}\]])|'/g

/** Finds why a text is not JSON: a comment, a trailing comma, or single quotes; or where the parser stops. */
export function findSyntaxFault (text: string): SyntaxFault {
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const cause = causeOf(token)
    if (cause !== undefined) return { ...placeOf(text, index), cause }
  }
  const position = stopOf(text)
  return position === undefined
    ? { line: undefined, column: undefined, cause: undefined }
    : { ...placeOf(text, position), cause: undefined }
}

function causeOf (token: string): SyntaxFault['cause'] {
  if (token.startsWith('"')) return undefined
  if (token.startsWith(',')) return 'trailing comma'
  return token === "'" ? 'single quotes' : 'comment'
}

/** Where the parser of this Node stops, if it says. */
function stopOf (text: string): number | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(String(error)) ?? []
    return position === undefined ? undefined : Number(position)
  }
}

function placeOf (text: string, index: number): { line: number, column: number } {
  const before = text.slice(0, index)
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') }
}
