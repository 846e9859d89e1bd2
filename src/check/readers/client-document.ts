import { measureDepth } from '../../matrix/json-depth.ts'
import { decodeStrictly, parseJsonText } from '../network/body-text.ts'
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

/** A body that is not JSON for a reader that keeps a byte order mark. */
export function failsAsJson (text: string): ClientReading {
  return text.startsWith('\ufeff') ? fails('document.bom') : fails('document.json', ...notJson)
}

/** Reads a body as Python does: UTF-8, and JSON that isn't nested too deep. */
export function readAsPython (body: Uint8Array, read: (content: unknown) => ClientReading): ClientReading {
  const text = decodeStrictly(body)
  if (text === undefined) return fails('document.encoding')
  if (measureDepth(text) > maxPythonDepth) return fails('document.depth')
  const content = parseJsonText(text)
  return content === undefined ? failsAsJson(text) : read(content)
}

/** Findings of a body that is not JSON. */
export const notJson = ['document.html', 'document.trailing', 'document.bot-challenge'] as const

/** Findings of a 404. */
export const missing = ['document.path-changed', 'client.not-found', 'intent.missing', 'cors.not-found'] as const

/** Findings of a status that is not accepted. */
export const badStatus = [
  'document.status', 'document.forbidden', 'document.user-agent', 'document.bot-challenge'
] as const

/** Findings of a value that is missing or wrong; a key in the wrong place may be why. */
export const invalid: readonly string[] = [
  'document.any-path', 'document.misplaced-key', 'document.invalid', 'document.json'
]
