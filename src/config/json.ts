/**
 * Reads JSON that is to be served again: refuses keys that stand there twice and numbers too large to be kept, of which
 * a part would be lost.
 *
 * @throws {SyntaxError} when it is no JSON, {RangeError} when it can't be served as it is.
 */
export function parseJson (text: string): unknown {
  try {
    const value: unknown = JSON.parse(text, refuseLargeNumbers)
    if (countKeys(text) !== countKeys(JSON.stringify(value))) throw new RangeError('a key stands there twice')
    return value
  } catch (error) {
    if (error instanceof RangeError && /stack/.test(error.message)) throw new RangeError('nested too deeply')
    throw error
  }
}

function refuseLargeNumbers (_key: string, value: unknown): unknown {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new RangeError('a number is too large to be kept exactly, write it as a string')
  }
  return value
}

/** How many keys a JSON text has: strings with a colon after them. */
function countKeys (text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length
}
