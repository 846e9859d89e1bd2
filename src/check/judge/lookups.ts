import { addressesToAsk } from '../gather/addresses.ts'
import { buildFinding } from './finding.ts'
import type { Area, Finding } from './finding.ts'
import { isAbsence } from '../network/dns.ts'
import type { DnsFailure, Lookup } from '../network/dns.ts'

/** What to change where DNS fails. */
export function adviseOnDns (failures: readonly DnsFailure[]): string {
  // c-ares refuses compressed SRV targets from 1.34.7 on; some routers send them (nodejs/node#66173).
  if (failures.some(({ kind }) => kind === 'unreadable')) return 'Ask another DNS server with --dns: what this one answers can not be read.'
  return 'See whether the name servers of the domain answer this.'
}

/** What is wrong with the addresses of a host. */
export function judgeLookup (lookup: Lookup, area: Area): Finding[] {
  const { host, addresses, failures, source } = lookup
  const asked = addressesToAsk(lookup)
  const findings: Finding[] = []
  const failed = Object.entries(failures).filter(([, failure]) => !isAbsence(failure))
  const evidence = Object.fromEntries(Object.entries(failures).map(([type, { code }]) => [type, code]))
  if (failed.length > 0) {
    const which = failed.map(([type, { code }]) => `${type}: ${code}`).join(', ')
    findings.push(buildFinding('discovery.dns', { area, subject: host, what: `DNS fails on the address of ${host} (${which}).`, change: adviseOnDns(Object.values(failures)), evidence }))
  }
  if (addresses.length === 0) {
    const about = { area, subject: host, evidence }
    const kinds = Object.keys(failures).join(' and ')
    findings.push(buildFinding('discovery.no-address', failed.length > 0
      ? { ...about, what: `No address of ${host} is found, since DNS fails.`, change: adviseOnDns(Object.values(failures)) }
      : Object.values(failures).some(({ kind }) => kind === 'not-found')
        ? { ...about, what: `There is no host ${host} in DNS.`, change: `See whether the name is spelled rightly; otherwise give it ${kinds} records.` }
        : { ...about, what: `${host} has no ${Object.keys(failures).join(' and no ')} record in DNS.`, change: `Give it ${kinds} records.` }))
  }
  if (source === 'hosts file') {
    findings.push(buildFinding('discovery.hosts-file', { area, subject: host, what: `${host} has its address ${addresses.join(', ')} from this machine alone, not from DNS.`, change: 'Give it A and AAAA records, unless all who have to reach it know it by other means.', evidence: { addresses } }))
  }
  if (addresses.length > asked.length) {
    findings.push(buildFinding('address.too-many', { area, subject: host, what: `${host} has ${addresses.length} addresses; ${asked.length} of them are checked.`, change: 'Nothing, if that is meant.', evidence: { addresses } }))
  }
  return findings
}
