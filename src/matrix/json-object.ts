/** A JSON object, its values as they come out of JSON.parse. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject (value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a key of a JSON object; undefined where it has none, or where this is no such object. */
export function property (object: unknown, key: string): unknown {
  return isJsonObject(object) && Object.hasOwn(object, key) ? object[key] : undefined
}
