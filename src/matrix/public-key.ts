import { InvalidValueError } from './invalid-value.ts'
import { isKeyFile } from './printable.ts'

/**
 * Decodes an ed25519 public key: 32 bytes in unpadded base64, 43 characters of the standard or the URL-safe alphabet,
 * the specification's own example using the latter.
 *
 * @throws {InvalidValueError} when it is not one.
 * @see https://spec.matrix.org/latest/appendices/#unpadded-base64
 */
export function parsePublicKey (input: string): Uint8Array {
  if (isKeyFile(input)) {
    // Not a character of it goes on.
    throw new InvalidValueError('ERR_PRIVATE_KEY', '…', 'a line of a key file, which may be private and is not shown: write the public key')
  }
  const unpadded = input.replace(/={1,2}$/, '')
  if (!/^(?:[A-Za-z0-9+/]{43}|[A-Za-z0-9_-]{43})$/.test(unpadded)) {
    throw new InvalidValueError('ERR_KEY', input,
      'not an ed25519 public key: write its 32 bytes in base64, 43 characters')
  }
  if (unpadded !== input) throw new InvalidValueError('ERR_KEY', input, 'leave out the "=" at the end', unpadded)
  const binary = atob(input.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, character => character.charCodeAt(0))
}
