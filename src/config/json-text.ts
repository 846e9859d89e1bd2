import { quote } from '../matrix/printable.ts'

/**
 * Reads JSON that is to be served again: refuses keys that stand there twice and numbers too large to be kept, of which
 * a part would be lost.
 *
 * @throws {SyntaxError} when it is no JSON, {RangeError} when it can't be served as it is.
 */
export function parseJson (text: string): unknown {
  try {
    const value: unknown = JSON.parse(text, refuseLargeNumbers)
    const repeated = findRepeatedKey(text)
    if (repeated !== undefined) throw new RangeError(`the key ${quote(repeated)} stands there twice, write it once`)
    return value
  } catch (error) {
    if (error instanceof RangeError && /stack/.test(error.message)) throw new RangeError('nested too deeply')
    throw error
  }
}

function refuseLargeNumbers (key: string, value: unknown): unknown {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`the number of ${quote(key)} is too large to be kept exactly, write it as a string`)
  }
  return value
}

/** The first key of a JSON text that its object has already. */
function findRepeatedKey (json: string): string | undefined {
  const objects: Set<string>[] = []
  for (const [token, string = '', colon] of json.matchAll(/[{}]|("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (token === '{') objects.push(new Set())
    if (token === '}') objects.pop()
    if (colon === undefined) continue
    const key = JSON.parse(string) as string
    if (objects.at(-1)?.has(key)) return key
    objects.at(-1)?.add(key)
  }
  return undefined
}
