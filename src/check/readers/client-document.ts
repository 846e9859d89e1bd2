import { measureDepth } from '../../matrix/json-depth.ts'
import { decodeStrictly, parseJsonText } from '../network/body-text.ts'
import { notJson } from './causes.ts'
import { maxPythonDepth } from './max-depth.ts'
import { aboutDocument } from './outcome.ts'
import type { Cause } from './outcome.ts'

/** What a client makes of a response to `/.well-known/matrix/client`. */
export type ClientReading =
  /** It goes on with this homeserver. */
  | { readonly kind: 'homeserver', readonly baseUrl: string }
  /** It ignores the document and asks the user for the homeserver's address. */
  | { readonly kind: 'asks', readonly cause: Cause }
  /** It shows an error. `isRead`: it has read the document, and looks nowhere else. */
  | { readonly kind: 'fails', readonly cause: Cause, readonly isRead?: true }

export function asks (...findings: readonly string[]): ClientReading {
  return { kind: 'asks', cause: aboutDocument('client', ...findings) }
}

export function fails (...findings: readonly string[]): ClientReading {
  return { kind: 'fails', cause: aboutDocument('client', ...findings) }
}

/** Reads a body as Python does: UTF-8, and JSON that isn't nested too deep. */
export function readAsPython (body: Uint8Array, read: (content: unknown) => ClientReading): ClientReading {
  const text = decodeStrictly(body)
  if (text === undefined) return fails('document.encoding')
  if (measureDepth(text) > maxPythonDepth) return fails('document.depth')
  const content = parseJsonText(text)
  return content === undefined ? fails(...notJson(text)) : read(content)
}

/** Findings of a 404. */
export const missing = ['document.path-changed', 'client.not-found', 'intent.missing', 'cors.not-found'] as const
