import { isIP } from 'node:net'
import { isPrivateAddress } from '../../matrix/private-address.ts'
import type { Lookup } from '../network/dns.ts'

/** More than a homeserver has; if a host has more addresses of a family, the rest is not asked. */
const maxAddressesPerFamily = 8

/** The addresses of a host that are asked. */
export function addressesToAsk ({ addresses }: Lookup): readonly string[] {
  // The limit is per family, so that neither can crowd out the other.
  return [6, 4].flatMap(family => addresses.filter(address => isIP(address) === family).slice(0, maxAddressesPerFamily))
}

/** Whether DNS has addresses for a host, none of which is public. */
export function isOnlyPrivate ({ addresses, source }: Lookup): boolean {
  return source !== 'override' && addresses.length > 0 && addresses.every(isPrivateAddress)
}
