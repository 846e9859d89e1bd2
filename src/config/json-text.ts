import { measureDepth } from '../matrix/json-depth.ts'
import { quote } from '../matrix/printable.ts'

/**
 * Parses JSON that is served again. Refuses what would be lost or changed on the way, and what some readers refuse:
 * duplicate keys, large numbers, halves of surrogate pairs, and deep nesting.
 *
 * @throws {SyntaxError} if it is not JSON, {RangeError} with the fault and the fix if it can't be served as it is.
 */
export function parseJson (text: string, maxDepth: number): unknown {
  // First, since JSON.parse would exhaust the stack.
  if (measureDepth(text) > maxDepth) {
    throw new RangeError(`nested deeper than ${maxDepth} levels, which readers refuse; use fewer levels`)
  }
  const value: unknown = JSON.parse(text, refuseUnservable)
  const duplicate = findDuplicateKey(text)
  if (duplicate !== undefined) throw new RangeError(`has the duplicate key ${quote(duplicate)}; remove one of them`)
  return value
}

/** Why a value can't be served as it is; undefined if it can. */
export function explainUnservable (value: unknown, maxDepth: number): string | undefined {
  try {
    parseJson(JSON.stringify(value, refuseUnservable), maxDepth)
    return undefined
  } catch (error) {
    return String(Object(error).message)
  }
}

function refuseUnservable (key: string, value: unknown): unknown {
  // Not the other way round, since nothing is true of NaN.
  if (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`the number of ${quote(key)} is too large to be served exactly; write it as a string`)
  }
  if ([key, value].some(text => typeof text === 'string' && /\p{Cs}/u.test(text))) {
    throw new RangeError(`has half of a surrogate pair at the key ${quote(key)}, which ruma refuses; remove it`)
  }
  return value
}

/** The first key that an object in a JSON text has twice. */
function findDuplicateKey (json: string): string | undefined {
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
