import { findInvalidValue } from './invalid-value.ts'
import { isJsonObject, property } from './json-object.ts'
import type { JsonObject } from './json-object.ts'
import { parsePublicKey } from './public-key.ts'
import { canonicalizeSigned, verifySignature } from './signed-json.ts'

/** What is wrong with a key of a homeserver: it isn't one, it hasn't signed, or its signature is wrong. */
export type SignatureFault = 'not-a-key' | 'missing' | 'wrong'

/**
 * Checks that every ed25519 key in `/_matrix/key/v2/server` has signed the response for the name of the server.
 *
 * @returns the faulty keys by fault; undefined if there is no ed25519 key at all.
 * @see https://spec.matrix.org/latest/server-server-api/#get_matrixkeyv2server
 */
export function findSignatureFaults (
  content: JsonObject,
  serverName: string
): ReadonlyMap<SignatureFault, readonly string[]> | undefined {
  const verifyKeys = isJsonObject(content['verify_keys']) ? content['verify_keys'] : {}
  const ids = Object.keys(verifyKeys).filter(id => id.startsWith('ed25519:'))
  if (ids.length === 0) return undefined
  const signatures = property(property(content, 'signatures'), serverName)
  const signed = canonicalizeSigned(content)
  const faulty = new Map<SignatureFault, string[]>()
  for (const id of ids) {
    const fault = findSignatureFault(signed, property(property(verifyKeys, id), 'key'), property(signatures, id))
    if (fault !== undefined) faulty.set(fault, [...faulty.get(fault) ?? [], id])
  }
  return faulty
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

/** Whether other servers accept the content of `/_matrix/key/v2/server` as the keys of a server, now. */
export function areServerKeysValid (content: JsonObject, serverName: string, now: Date): boolean {
  const { server_name: name, valid_until_ts: until } = content
  return name === serverName && typeof until === 'number' && until > now.getTime() &&
    findSignatureFaults(content, serverName)?.size === 0
}
