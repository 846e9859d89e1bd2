import { measureDepth } from '../../matrix/json-depth.ts'
import { isJsonObject } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { decodeStrictly } from './body-text.ts'
import { decodeBody } from './content-encoding.ts'
import type { Response } from './peer.ts'

/** Why a body is not one JSON object. */
export type JsonFault = 'empty' | 'bom' | 'encoding' | 'html' | 'trailing' | 'json' | 'depth' | 'object'

/** The JSON object in a body, or why there isn't one. */
export type Reading =
  { readonly content: JsonObject, readonly fault?: never } |
  { readonly fault: JsonFault, readonly content?: never }

/** As deep as JSON in Python may be; deeper JSON is an attack on its readers. */
const maxJsonDepth = 1_000

/** Reads a body as strict readers do: UTF-8 without a byte order mark, one JSON object and nothing else. */
export function readJsonObject (body: Uint8Array): Reading {
  if (body.length === 0) return { fault: 'empty' }
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return { fault: 'bom' }
  const text = decodeStrictly(body)
  if (text === undefined) return { fault: 'encoding' }
  if (text.trim() === '') return { fault: 'empty' }
  if (/^\s*<(!doctype|html|head|body|!--)/i.test(text)) return { fault: 'html' }
  if (measureDepth(text) > maxJsonDepth) return { fault: 'depth' }
  try {
    const content: unknown = JSON.parse(text)
    return isJsonObject(content) ? { content } : { fault: 'object' }
  } catch (error) {
    // A number at the beginning is not meant as JSON, such as "404 page not found".
    const isJson = /^\s*[{["]/.test(text)
    const isTrailing = String(error).startsWith('SyntaxError: Unexpected non-whitespace character after JSON')
    return { fault: isJson && isTrailing ? 'trailing' : 'json' }
  }
}

/** Reads the body of a response as strict readers do, without its Content-Encoding. */
export function readJsonResponse (response: Response): Reading {
  const body = decodeBody(response)
  return body === undefined ? { fault: 'encoding' } : readJsonObject(body)
}
