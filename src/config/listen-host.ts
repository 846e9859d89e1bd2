import { ipVersion } from '../matrix/ip-address.ts'
import { InvalidValueError } from '../matrix/invalid-value.ts'

/** In bytes: what Linux has room for in the address of a Unix socket. It would cut a longer path, and listen there. */
const maxPathLength = 107

/**
 * Where a server can listen, as far as that can be seen without trying: an address, the name of a host, or `unix:` and a path.
 *
 * @throws {InvalidValueError} when it is none of them.
 */
export function parseListenHost (input: string): string {
  if (input.startsWith('unix:')) {
    const length = new TextEncoder().encode(input).length - 'unix:'.length
    if (length >= 1 && length <= maxPathLength && !input.includes('\0')) return input
    throw new InvalidValueError('ERR_LENGTH', input, `write a path of 1 to ${maxPathLength} bytes, such as unix:/run/matrix-well-known.sock`)
  }
  if (ipVersion(input.replace(/%[^%]+$/, '')) !== 0 || /^[a-z0-9_.-]{1,253}$/i.test(input)) return input
  throw new InvalidValueError('ERR_CHARACTER', input, 'neither an address nor the name of a host, write for example :: or 127.0.0.1')
}
