import { ipVersion } from '../matrix/ip-address.ts'
import { InvalidValueError } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'

/** Fastify's names for ranges of private addresses. */
const ranges = ['loopback', 'linklocal', 'uniquelocal']

/**
 * Parses which proxies to trust, for Fastify: all, none, or these addresses. A number of hops is not accepted, because
 * a client that reaches the server directly could forge them.
 *
 * @throws {InvalidValueError} if it is not one of them.
 * @see https://fastify.dev/docs/latest/Reference/Server/#trustproxy
 */
export function parseTrustProxy (input: string): boolean | string[] {
  if (input === 'true' || input === 'false') return input === 'true'
  const addresses = input.split(',').map(address => address.trim())
  for (const address of addresses) {
    if (!ranges.includes(address) && !isAddressRange(address)) {
      const fix = `use true, false, ${ranges.join(', ')}, or addresses such as 127.0.0.1 or 10.0.0.0/8`
      throw new InvalidValueError('ERR_PROXY', input, `has ${quote(address)}, which isn't an address or range`, fix)
    }
  }
  return addresses
}

function isAddressRange (input: string): boolean {
  const [, address = '', prefix = '1'] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(input) ?? []
  const version = ipVersion(address)
  return version !== 0 && Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128)
}
