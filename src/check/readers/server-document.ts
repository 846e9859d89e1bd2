import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { property } from '../../matrix/json-object.ts'
import { parseDelegatedServerName } from '../../matrix/server-name.ts'
import { parseJsonText } from '../network/body-text.ts'
import type { Decoder } from '../network/body-text.ts'
import { measureDepth } from '../../matrix/json-depth.ts'
import type { Response } from '../network/peer.ts'
import { badStatus, invalidContent, notJson } from './causes.ts'
import { aboutDocument } from './outcome.ts'
import type { Cause } from './outcome.ts'

/** What a server makes of a response to `/.well-known/matrix/server`. */
export type Delegation =
  /** It goes on with this delegated server name. */
  | { readonly kind: 'delegated', readonly name: string }
  /** It goes on as if there were no document, perhaps only when its time is over. */
  | { readonly kind: 'ignored', readonly causes: readonly Cause[], readonly isLate: boolean }
  /** It tries to connect to something that is not a server name, and gives up. */
  | { readonly kind: 'invalid', readonly causes: readonly Cause[] }

/** How a server reads `/.well-known/matrix/server`. */
export interface ServerDocumentRules {
  /** The longest body that it reads, in bytes. */
  readonly maxSize: number
  readonly acceptsStatus: (status: number) => boolean
  /** Which Content-Encoding it decodes. */
  readonly decodes: 'any' | 'gzip' | 'none'
  readonly decode: Decoder
  /** How deep its JSON may be. */
  readonly maxDepth: number
  /** What it makes of a string that is not a server name. */
  readonly invalidName: (value: string) => Delegation
  /** Whether it can't connect to a server name, although that is valid. */
  readonly refusesName?: (value: string) => boolean
}

/** Reads a response, whose body is decoded, by the rules of a server. */
export function readServerDocument (response: Response, rules: ServerDocumentRules): Delegation {
  const { status, body, truncated } = response
  if (!rules.acceptsStatus(status)) return ignored('document.path-changed', ...badStatus, 'intent.missing')
  if (truncated || body.length > rules.maxSize) return ignored('document.too-large', 'document.large')
  const text = rules.decode(body)
  if (text === undefined) return ignored('document.encoding', 'document.content-encoding')
  if (measureDepth(text) > rules.maxDepth) return ignored('document.depth')
  const content = parseJsonText(text)
  if (content === undefined) return ignored(...notJson(text))
  const value = property(content, 'm.server')
  if (typeof value !== 'string') return ignored(...invalidContent)
  return findInvalidValue(parseDelegatedServerName, value) === undefined && rules.refusesName?.(value) !== true
    ? { kind: 'delegated', name: value }
    : rules.invalidName(value)
}

export function notRead (...causes: readonly Cause[]): Delegation {
  return { kind: 'ignored', causes, isLate: false }
}

export function ignored (...findings: readonly string[]): Delegation {
  return notRead(aboutDocument('server', ...findings))
}

/** An `m.server` that breaks a server which doesn't fall back. */
export const invalidDelegation: Delegation = {
  kind: 'invalid',
  causes: [aboutDocument('server', 'document.invalid')]
}
