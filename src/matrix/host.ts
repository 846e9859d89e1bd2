import { InvalidValueError } from './invalid-value.ts'
import { hostnameOf } from './ip-address.ts'
import { quote } from './printable.ts'
import { parseHost } from './server-name.ts'

/** In characters: the longest host name, its dot at the end, and a port. */
export const maxHostLength = 262

/**
 * The form in which hosts are compared: without port and trailing dot, in lower case and Punycode, an IPv6 address in
 * its shortest form and in brackets. Undefined if the text is not a host.
 */
export function normalizeHost (text: string): string | undefined {
  if (text.length > maxHostLength) return undefined
  const host = text.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
  if (/^[a-z0-9._-]+$/.test(host)) return host
  // A URL parser would also accept what is no host: a user name before it, a path after it.
  return /[/?#@\\\s]/.test(host) ? undefined : hostnameOf(host)
}

/**
 * Parses a host without a port.
 *
 * @throws {InvalidValueError} if it is not one.
 */
export function parseHostName (input: string): string {
  if (input.includes('*')) {
    throw new InvalidValueError('ERR_CHARACTER', input, 'contains "*", but there are no wildcards',
      'write each host in full')
  }
  const { host, port } = parseHost(input)
  if (port === undefined) return host
  const fault = `has the port ${quote(`:${port}`)}, but every port of a host gets the same documents`
  throw new InvalidValueError('ERR_PORT', input, fault, 'leave it out', host)
}
