import { createPublicKey, verify } from 'node:crypto'
import { isJsonObject } from './json-object.ts'
import type { JsonObject } from './json-object.ts'

/**
 * The bytes that the signatures of a JSON object sign: its canonical JSON without `signatures` and `unsigned`.
 *
 * @returns undefined if it has none, because half a surrogate pair can't be encoded.
 * @see https://spec.matrix.org/latest/appendices/#signing-json
 */
export function canonicalizeSigned (object: JsonObject): Uint8Array | undefined {
  const { signatures, unsigned, ...signed } = object
  const text = canonicalize(signed)
  return text.isWellFormed() ? Buffer.from(text) : undefined
}

/**
 * Canonical JSON: keys sorted by code point, no white space.
 *
 * @see https://spec.matrix.org/latest/appendices/#canonical-json
 */
function canonicalize (value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(',')}]`
  if (!isJsonObject(value)) return typeof value === 'string' ? quoteString(value) : JSON.stringify(value)
  // The order of UTF-8 bytes is that of code points; that of JavaScript's strings is not.
  const keys = Object.keys(value).toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
  return `{${keys.map(key => `${quoteString(key)}:${canonicalize(value[key])}`).join(',')}}`
}

/** Half a surrogate pair stays as it is, so that the whole is not well-formed. */
function quoteString (text: string): string {
  return text.isWellFormed() ? JSON.stringify(text) : text
}

/**
 * Verifies an ed25519 signature.
 *
 * @param publicKey 32 bytes.
 * @param signature unpadded base64.
 */
export function verifySignature (signed: Uint8Array, publicKey: Uint8Array, signature: string): boolean {
  const x = Buffer.from(publicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, signed, key, Buffer.from(signature, 'base64'))
}
