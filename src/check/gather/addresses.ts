import { isIP } from 'node:net'
import type { Lookup } from '../network/dns.ts'

/** More of a family than a homeserver has; the addresses of a host that names more are not all asked. */
const greatestAddresses = 8

/** Those addresses of a host that are asked. */
export function addressesToAsk ({ addresses }: Lookup): readonly string[] {
  // Of each family: none is to crowd out the other.
  return [6, 4].flatMap(family => addresses.filter(address => isIP(address) === family).slice(0, greatestAddresses))
}
