import { hostnameOf, isIpv4 } from './ip-address.ts'

/** The first parts of the IPv4 addresses. */
const ipv4Ranges = new RegExp('^(?:' + [
  '0', '10', '127', '169\\.254', '172\\.(?:1[6-9]|2\\d|3[01])', '192\\.168',
  '100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])',
  '192\\.0\\.[02]', '192\\.88\\.99', '198\\.1[89]', '198\\.51\\.100', '203\\.0\\.113',
  '22[4-9]', '2[3-5]\\d'
].join('|') + ')\\.')

/** ::, ::1, 2001:db8::/32, fc00::/7, fe80::/10, fec0::/10 and ff00::/8, as a URL parser writes them. */
const ipv6Ranges = /^\[(?:::1?\]|2001:db8:|f[cd][\da-f]{2}:|fe[89a-f][\da-f]:|ff[\da-f]{2}:)/

/**
 * Whether an IP address leads nowhere from the internet: private, loopback, link-local, shared, documentation,
 * benchmarking and multicast ranges, as in Synapse's `ip_range_blacklist`. IPv4 addresses in IPv6
 * (`::ffff:10.0.0.1`) count too.
 *
 * @see https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#ip_range_blacklist
 */
export function isPrivateAddress (address: string): boolean {
  if (isIpv4(address)) return ipv4Ranges.test(address)
  // The URL parser writes an IPv6 address in its shortest form, and an IPv4 address in it as hexadecimal digits.
  const shortest = String(hostnameOf(`[${address}]`))
  const [, high = '', low = ''] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(shortest) ?? []
  if (high === '') return ipv6Ranges.test(shortest)
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return ipv4Ranges.test([first >> 8, first & 255, second >> 8, second & 255].join('.'))
}
