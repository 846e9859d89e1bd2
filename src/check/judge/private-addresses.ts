import { listSome } from '../../matrix/list-some.ts'
import type { Lookup } from '../network/dns.ts'
import { isOnlyPrivate } from '../gather/addresses.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const privateAddressFindings = {
  'address.private': {
    severity: 'notice',
    title: "A host has only addresses that aren't public",
    why: 'It works only from here, if at all. Synapse and other servers refuse to connect to such addresses.',
    specification: references.discovery,
    what: ({ host, addresses, source }: PrivateAddresses) => {
      if (source === 'literal') return `${host} is a private address.`
      const which = addresses.length === 1 ? 'a private address' : 'private addresses'
      return `${host} has only ${which} in DNS: ${listSome(addresses, 5)}.`
    },
    fix: ({ source }: PrivateAddresses) => source === 'literal'
      ? 'Use a name, or a public address.'
      : 'Add the public address to the public DNS. If this network has a DNS of its own, check from outside, or ' +
        'with --dns and a public DNS server.',
    example: { host: 'matrix.example.com', addresses: ['192.168.1.10'], source: 'dns' }
  }
} as const satisfies FindingKinds

export type PrivateAddresses = Pick<Lookup, 'host' | 'addresses' | 'source'>

const find = findingBuilder(privateAddressFindings)

/** Whether a host can only be reached from the network of this machine. */
export function judgePrivateAddresses (
  lookup: Lookup,
  where: Pick<Finding, 'area'> & Partial<Pick<Finding, 'severity'>>
): Finding[] {
  if (!isOnlyPrivate(lookup)) return []
  const { host, addresses, source } = lookup
  const parts = { host, addresses, source }
  return [find('address.private', { ...where, about: { host }, parts, evidence: { addresses } })]
}
