import { createPublicKey, verify } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { JsonObject } from './json-object.ts'

/**
 * The text that is signed for a JSON object: its canonical JSON, without `signatures` and `unsigned`. Undefined if it
 * can't be encoded, because a string has half of a surrogate pair.
 *
 * @see https://spec.matrix.org/latest/appendices/#signing-json
 */
export function canonicalizeSigned (object: JsonObject): Uint8Array | undefined {
  const { signatures, unsigned, ...signed } = object
  try {
    return Buffer.from(String(canonicalize(signed)))
  } catch {
    return undefined
  }
}

/**
 * Whether an ed25519 signature is correct.
 *
 * @param publicKey 32 bytes.
 * @param signature unpadded base64.
 */
export function verifySignature (signed: Uint8Array, publicKey: Uint8Array, signature: string): boolean {
  const x = Buffer.from(publicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, signed, key, Buffer.from(signature, 'base64'))
}
