import { refuseJson } from './bare-value.ts'
import { InvalidValueError } from './invalid-value.ts'
import { isKeyFile } from './printable.ts'

/**
 * Decodes an ed25519 public key: 32 bytes in unpadded base64, 43 characters, with the standard or URL-safe alphabet.
 *
 * @throws {InvalidValueError} if it is not one.
 * @see https://spec.matrix.org/latest/appendices/#unpadded-base64
 */
export function parsePublicKey (input: string): Uint8Array {
  if (isKeyFile(input)) {
    // Not a single character of it is passed on.
    const fault = "starts like a file with a private key, so it isn't shown"
    throw new InvalidValueError('ERR_PRIVATE_KEY', '…', fault, 'write the public key')
  }
  refuseJson(input, parsePublicKey)
  const unpadded = input.replace(/={1,2}$/, '')
  if (!/^(?:[A-Za-z0-9+/]{43}|[A-Za-z0-9_-]{43})$/.test(unpadded)) {
    const fix = 'write its 32 bytes in base64, 43 characters'
    throw new InvalidValueError('ERR_KEY', input, 'not an ed25519 public key', fix)
  }
  if (unpadded !== input) throw new InvalidValueError('ERR_KEY', input, 'has "=" at its end', 'remove it', unpadded)
  const binary = atob(withStandardAlphabet(input))
  return Uint8Array.from(binary, character => character.charCodeAt(0))
}

/**
 * Decodes a public key in a document, where readers accept only the standard alphabet.
 *
 * @throws {InvalidValueError} if it is not one.
 */
export function parsePublishedKey (input: string): Uint8Array {
  const key = parsePublicKey(input)
  if (!/[-_]/.test(input)) return key
  const fix = 'replace "-" by "+" and "_" by "/"'
  throw new InvalidValueError('ERR_KEY', input, 'has the URL-safe base64 alphabet', fix, withStandardAlphabet(input))
}

/** Encodes a key as documents have it: unpadded base64 with the standard alphabet. */
export function encodePublicKey (key: Uint8Array): string {
  return btoa(String.fromCharCode(...key)).replace(/=+$/, '')
}

function withStandardAlphabet (base64: string): string {
  return base64.replaceAll('-', '+').replaceAll('_', '/')
}
