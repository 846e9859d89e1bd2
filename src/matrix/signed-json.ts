import { createPublicKey, verify } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { JsonObject } from './documents.ts'

/**
 * Whether a signature of a JSON object is right: ed25519 over its canonical JSON, without `signatures` and `unsigned`.
 *
 * @param publicKey 32 bytes.
 * @param signature unpadded base64.
 * @see https://spec.matrix.org/latest/appendices/#signing-json
 */
export function verifySignature (object: JsonObject, publicKey: Uint8Array, signature: string): boolean {
  const { signatures, unsigned, ...signed } = object
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' })
    return verify(null, Buffer.from(String(canonicalize(signed))), key, Buffer.from(signature, 'base64'))
  } catch {
    // Half a character, a number that is none in canonical JSON: nobody can have signed it.
    return false
  }
}
