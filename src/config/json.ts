/**
 * Reads JSON as it will be served again: refuses what would come out as something else.
 *
 * @throws {Error} whose message says what is wrong, to be read in brackets.
 */
export function parseJson (text: string): unknown {
  const value: unknown = JSON.parse(text, (_key, item: unknown) => {
    if (typeof item === 'number' && Math.abs(item) > Number.MAX_SAFE_INTEGER) {
      throw new Error('a number is too large to be kept exactly, write it as a string')
    }
    return item
  })
  try {
    JSON.stringify(value)
  } catch {
    throw new Error('nested too deeply')
  }
  return value
}
