/** A JSON object, with the values that JSON.parse returns. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject (value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a key of a JSON object; undefined if it has no such key, or is not a JSON object. */
export function property (object: unknown, key: string): unknown {
  return isJsonObject(object) && Object.hasOwn(object, key) ? object[key] : undefined
}

/** The value of a JSON text; undefined if it is not JSON. `null` is a value. */
export function readJson (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
