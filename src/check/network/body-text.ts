import { readJson } from '../../matrix/json-object.ts'

/** How a reader turns the bytes of a body into text; undefined if it refuses them. */
export type Decoder = (body: Uint8Array) => string | undefined

/** UTF-8 and nothing else, as in Python and Rust: a byte order mark stays part of the text. */
export function decodeStrictly (body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}

/** UTF-8 in which invalid bytes are replaced, as in Go: a byte order mark stays part of the text. */
export function decodeLossily (body: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)
}

/** As browsers and reqwest do: invalid bytes are replaced, and a byte order mark is dropped. */
export function decodeAsBrowser (body: Uint8Array): string {
  return new TextDecoder('utf-8').decode(body)
}

/** The value of a body that is JSON, as one of these has decoded it; undefined if it isn't JSON. */
export function parseJsonText (text: string | undefined): unknown {
  return text === undefined ? undefined : readJson(text)
}

/** A key of an object in a JSON text. */
export interface KeyPlace {
  /** Which object of the text it belongs to, counted from 0. */
  readonly object: number
  /** The keys that lead to that object; arrays don't count. */
  readonly path: readonly string[]
  readonly key: string
}

/** Deeper than any reader looks. It bounds the work on hostile JSON. */
const maxPathLength = 8

/** An object or array that a place is in, and the key that leads to the place. */
interface Surroundings {
  readonly object: number | undefined
  readonly path: readonly string[]
  key: string
}

function pathInto (inside: Surroundings | undefined): readonly string[] {
  if (inside === undefined) return []
  return inside.object === undefined || inside.path.length >= maxPathLength ? inside.path : [...inside.path, inside.key]
}

/** All keys of a JSON text, in order, repeated ones included. The text must be valid JSON. */
export function listKeys (json: string): KeyPlace[] {
  const places: KeyPlace[] = []
  const open: Surroundings[] = []
  let objects = 0
  for (const [token, string, colon] of json.matchAll(/[{}[\]]|("(?:[^"\\]|\\.)*")(?:\s*(:))?/g)) {
    const inside = open.at(-1)
    if (token === '{' || token === '[') {
      open.push({ object: token === '{' ? objects++ : undefined, path: pathInto(inside), key: '' })
    } else if (token === '}' || token === ']') {
      open.pop()
    } else if (colon !== undefined && inside?.object !== undefined) {
      inside.key = JSON.parse(String(string)) as string
      places.push({ object: inside.object, path: inside.path, key: inside.key })
    }
  }
  return places
}
