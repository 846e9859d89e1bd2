import { BlockList, isIPv6 } from 'node:net'

/**
 * Addresses that other servers don't connect to, whatever DNS says: private, loopback, link-local, shared,
 * documentation, benchmarking and multicast ranges, as in Synapse's `ip_range_blacklist`.
 *
 * @see https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#ip_range_blacklist
 */
const ranges: ReadonlyArray<readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6']> = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6']
]

const privateAddresses = new BlockList()
for (const range of ranges) privateAddresses.addSubnet(...range)

/** Whether an IP address leads nowhere from the public internet. IPv4 addresses in IPv6 (`::ffff:10.0.0.1`) count too. */
export function isPrivateAddress (address: string): boolean {
  return privateAddresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
