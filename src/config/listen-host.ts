import { InvalidValueError } from '../matrix/invalid-value.ts'
import { ipVersion } from '../matrix/ip-address.ts'

/** In bytes: the space in a socket address on Linux. Node would cut a longer path and listen at what is left. */
const maxPathLength = 107

/**
 * Accepts what a server can listen on: an address, a host name, or `unix:` and a path.
 *
 * @throws {InvalidValueError} if it is not one of them.
 */
export function parseListenHost (input: string): string {
  if (input.startsWith('unix:')) {
    const length = new TextEncoder().encode(input).length - 'unix:'.length
    if (length >= 1 && length <= maxPathLength && !input.includes('\0')) return input
    const fault = `not a path of 1 to ${maxPathLength} bytes`
    throw new InvalidValueError('ERR_LENGTH', input, fault, 'use one such as unix:/run/matrix-well-known.sock')
  }
  if (isAddress(input) || isHostName(input)) return input
  throw new InvalidValueError('ERR_CHARACTER', input, 'not an address or a host name', findHint(input))
}

function isAddress (input: string): boolean {
  return ipVersion(input.replace(/%[^%]+$/, '')) !== 0
}

function isHostName (input: string): boolean {
  return /^[a-z0-9_.-]{1,253}$/i.test(input)
}

function findHint (input: string): string {
  const [, bracketed, plain, port] = /^(?:https?:\/\/)?(?:\[([^\]]*)\]|([^:/]*))(?::(\d+))?\/?$/i.exec(input) ?? []
  const host = bracketed ?? plain ?? ''
  if (isAddress(host) || isHostName(host)) {
    return port === undefined ? `use ${host}` : `use ${host}, and set PORT to ${port}`
  }
  if (input === '*') return 'use :: for all addresses'
  if (/^\.{0,2}\//.test(input)) return `write unix:${input}`
  return 'use one such as :: or 127.0.0.1'
}
