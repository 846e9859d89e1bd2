import { ipVersion } from '../matrix/ip-address.ts'
import { InvalidValueError } from '../matrix/invalid-value.ts'
import { quote } from '../matrix/printable.ts'

/** Names that Fastify knows for the usual ranges of private addresses. */
const ranges = ['loopback', 'linklocal', 'uniquelocal']

/**
 * What TRUST_PROXY means to Fastify: everybody, nobody, or these addresses. Not a number of
 * hops: Fastify no longer believes in one, since a client that reaches the server directly could feign them.
 *
 * @throws {InvalidValueError} when it is none of them.
 * @see https://fastify.dev/docs/latest/Reference/Server/#trustproxy
 */
export function parseTrustProxy (input: string): boolean | string[] {
  if (input === 'true' || input === 'false') return input === 'true'
  const addresses = input.split(',').map(address => address.trim())
  for (const address of addresses) {
    if (!ranges.includes(address) && !isAddressRange(address)) {
      throw new InvalidValueError('ERR_PROXY', input,
        `${quote(address)} is no proxy: write true, false, or addresses such as 127.0.0.1, 10.0.0.0/8 or ${ranges.join(', ')}`)
    }
  }
  return addresses
}

function isAddressRange (input: string): boolean {
  const [, address = '', prefix = '1'] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(input) ?? []
  const version = ipVersion(address)
  return version !== 0 && Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128)
}
