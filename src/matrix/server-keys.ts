import { findInvalidValue } from './invalid-value.ts'
import { isJsonObject, property } from './json-object.ts'
import type { JsonObject } from './json-object.ts'
import { parsePublicKey } from './public-key.ts'
import { canonicalizeSigned, verifySignature } from './signed-json.ts'

/** What is wrong with a key of a homeserver: it isn't one, it hasn't signed, or its signature is wrong. */
export type SignatureFault = 'not-a-key' | 'missing' | 'wrong'

/** Whether the keys of a homeserver have signed the response that lists them. */
export interface KeySignatures {
  /** The faulty keys by fault. */
  readonly faults: ReadonlyMap<SignatureFault, readonly string[]>
  /** How many ed25519 keys there are. */
  readonly count: number
  /** How many of them were checked: the first ones. */
  readonly checked: number
}

/** A homeserver has one or two. Each takes a tenth of a millisecond, and a response has room for a thousand. */
const maxChecked = 16

/**
 * Checks that the ed25519 keys in `/_matrix/key/v2/server` have signed the response for the name of the server.
 *
 * @returns undefined if there is no ed25519 key at all.
 * @see https://spec.matrix.org/latest/server-server-api/#get_matrixkeyv2server
 */
export function checkKeySignatures (content: JsonObject, serverName: string): KeySignatures | undefined {
  const verifyKeys = isJsonObject(content['verify_keys']) ? content['verify_keys'] : {}
  const all = Object.keys(verifyKeys).filter(id => id.startsWith('ed25519:'))
  if (all.length === 0) return undefined
  const ids = all.slice(0, maxChecked)
  const signatures = property(property(content, 'signatures'), serverName)
  const signed = canonicalizeSigned(content)
  const faults = new Map<SignatureFault, string[]>()
  for (const id of ids) {
    const fault = findSignatureFault(signed, property(property(verifyKeys, id), 'key'), property(signatures, id))
    if (fault !== undefined) faults.set(fault, [...faults.get(fault) ?? [], id])
  }
  return { faults, count: all.length, checked: ids.length }
}

function findSignatureFault (
  signed: Uint8Array | undefined,
  key: unknown,
  signature: unknown
): SignatureFault | undefined {
  if (typeof key !== 'string' || findInvalidValue(parsePublicKey, key) !== undefined) return 'not-a-key'
  if (typeof signature !== 'string') return 'missing'
  return signed !== undefined && verifySignature(signed, parsePublicKey(key), signature) ? undefined : 'wrong'
}
