import { isJsonObject } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'

/** What can be wrong with bytes that should be one JSON object. */
export type JsonFault = 'empty' | 'bom' | 'encoding' | 'html' | 'trailing' | 'json' | 'depth' | 'object'

export type Reading = { readonly content: JsonObject, readonly fault?: never } | { readonly fault: JsonFault, readonly content?: never }

/** Deeper than anything that Matrix has; JSON beyond it is an attack on its readers. */
const greatestDepth = 100

/** Reads the body of an answer as its readers do: UTF-8, without a byte order mark, one JSON object and nothing else. */
export function readJsonObject (body: Uint8Array): Reading {
  if (body.length === 0) return { fault: 'empty' }
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return { fault: 'bom' }
  const text = decode(body)
  if (text === undefined) return { fault: 'encoding' }
  if (text.trim() === '') return { fault: 'empty' }
  if (/^\s*<(!doctype|html|head|body|!--)/i.test(text)) return { fault: 'html' }
  if (measureDepth(text) > greatestDepth) return { fault: 'depth' }
  try {
    const content: unknown = JSON.parse(text)
    return isJsonObject(content) ? { content } : { fault: 'object' }
  } catch (error) {
    return { fault: /after JSON/.test((error as Error).message) ? 'trailing' : 'json' }
  }
}

function decode (body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}

/** How deep the brackets of a JSON text go; those inside strings do not count. */
function measureDepth (text: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth)
    else if (token === ']' || token === '}') depth--
  }
  return deepest
}
