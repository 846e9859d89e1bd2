import { ipVersion } from '../matrix/ip-address.ts'
import { InvalidValueError } from '../matrix/invalid-value.ts'

/** In bytes: the space in a socket address on Linux. Node would cut a longer path and listen at what is left. */
const maxPathLength = 107

/**
 * Accepts what a server can listen on: an address, a host name, or `unix:` and a path.
 *
 * @throws {InvalidValueError} if it is none of them.
 */
export function parseListenHost (input: string): string {
  if (input.startsWith('unix:')) {
    const length = new TextEncoder().encode(input).length - 'unix:'.length
    if (length >= 1 && length <= maxPathLength && !input.includes('\0')) return input
    throw new InvalidValueError('ERR_LENGTH', input, `not a path of 1 to ${maxPathLength} bytes`, 'use one such as unix:/run/matrix-well-known.sock')
  }
  if (ipVersion(input.replace(/%[^%]+$/, '')) !== 0 || /^[a-z0-9_.-]{1,253}$/i.test(input)) return input
  throw new InvalidValueError('ERR_CHARACTER', input, 'not an address or a host name', 'use one such as :: or 127.0.0.1')
}
