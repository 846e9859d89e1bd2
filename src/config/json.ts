/**
 * Reads JSON as it will be served again: refuses what would come out as something else.
 *
 * @throws {Error} whose message says what is wrong, to be read in brackets.
 */
export function parseJson (text: string): unknown {
  try {
    const value: unknown = JSON.parse(text, refuseLargeNumbers)
    JSON.stringify(value)
    return value
  } catch (error) {
    throw error instanceof RangeError ? new Error('nested too deeply') : error
  }
}

function refuseLargeNumbers (_key: string, value: unknown): unknown {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new Error('a number is too large to be kept exactly, write it as a string')
  }
  return value
}
