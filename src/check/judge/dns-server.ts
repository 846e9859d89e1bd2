import type { Facts } from '../gather/gather.ts'
import type { DnsFailure, DnsFault } from '../network/dns.ts'
import { findingBuilder, rateUnfetched } from './finding.ts'
import type { Area, Finding, FindingId, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const dnsServerFindings = {
  'discovery.dns-server': {
    severity: 'warning',
    title: "This machine's DNS server doesn't respond",
    reason: ({ failure }: DnsServerParts) => `this machine's DNS server ${describeFailure(failure)}`,
    why: "Without DNS, no host is found. Others, who use another DNS server, aren't affected.",
    specification: references.discovery,
    what: ({ servers, failure, isEverything }: DnsServerParts) => {
      const which = servers.length === 1 ? 'DNS server' : 'first DNS server'
      return `This machine's ${which}, ${servers[0]}, ${describeFailure(failure)} (${failure.code}); ` +
        `${isEverything ? 'nothing' : 'not everything'} could be checked from here.`
    },
    fix: 'Fix the DNS server of this machine, or use another one with --dns.',
    example: { servers: ['192.0.2.53'], failure: { kind: 'timeout', code: 'ETIMEOUT' }, isEverything: true }
  }
} as const satisfies FindingKinds

export interface DnsServerParts extends DnsFault {
  /** Whether nothing could be checked. */
  readonly isEverything: boolean
}

function describeFailure ({ kind }: DnsFailure): string {
  switch (kind) {
    case 'refused': return 'refuses to respond'
    case 'server-failure': return "can't look up any name"
    default: return "doesn't respond"
  }
}

const find = findingBuilder(dnsServerFindings)

/** What is found if this machine's DNS server fails, in place of what follows from that. */
export function judgeDnsServer (
  { serverName, lookup }: Pick<Facts, 'serverName' | 'lookup'>,
  { servers, failure }: DnsFault,
  area: Area
): Finding {
  const isEverything = lookup.addresses.length === 0
  return find('discovery.dns-server', {
    area,
    severity: isEverything ? rateUnfetched({ area }) : 'warning',
    about: { serverName },
    parts: { servers, failure, isEverything },
    evidence: { servers, failure: failure.code }
  })
}

const consequences: readonly FindingId[] = ['discovery.dns', 'discovery.no-address', 'discovery.default-port']

/** Leaves out what only follows from a DNS server that fails. */
export function withoutDnsFindings (findings: readonly Finding[]): Finding[] {
  return findings.filter(({ id }) => !consequences.includes(id))
}
