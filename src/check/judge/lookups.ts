import { isLocalName } from '../../matrix/local-name.ts'
import { addressesToAsk } from '../gather/addresses.ts'
import { isAbsence } from '../network/dns.ts'
import type { DnsFailure, Lookup, SrvLookup } from '../network/dns.ts'
import { findingBuilder, rateUnfetched } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { suggestPlace } from './known-place.ts'
import { references } from './references.ts'

const notFound = { kind: 'not-found', code: 'ENOTFOUND' } as const

export const lookupFindings = {
  'discovery.no-address': {
    severity: 'warning',
    title: 'A host that others connect to has no address',
    why: 'Without an address, connections are impossible.',
    specification: references.discovery,
    what: ({ host, origin, failures }: LookupParts) => {
      if (!isNameMissing(failures)) {
        return `${introduce(origin)}${host} has no ${Object.keys(failures).join(' and no ')} record in DNS.`
      }
      return origin !== undefined && isLocalName(host)
        ? `${introduce(origin)}${host} isn't a public name: other machines don't find it.`
        : `${introduce(origin)}${host} doesn't exist in DNS.`
    },
    fix: ({ host, origin, failures }: LookupParts) => {
      const add = `dd ${Object.keys(failures).join(' and ')} records.`
      if (!isNameMissing(failures)) return `A${add}`
      const isLocal = origin !== undefined && isLocalName(host)
      const suggestion =
        suggestPlace(origin?.key === 'base_url' ? 'M_HOMESERVER_BASE_URL' : 'M_SERVER', origin?.known)
      if (isLocal) return `Use a public name${suggestion}.`
      return suggestion === ''
        ? `Check the spelling of the name; if it is right, a${add}`
        : `Check the spelling of the name${suggestion}.`
    },
    example: { host: 'matrix.example.com', origin: undefined, failures: { A: notFound, AAAA: notFound } }
  },
  'discovery.dns': {
    severity: 'warning',
    title: "DNS doesn't respond, or responds with an error",
    why: 'Others may get no response either, and then give up.',
    specification: references.discovery,
    what: ({ host, origin, failures }: LookupParts) => {
      const which = Object.entries(failures).filter(([, failure]) => !isAbsence(failure))
        .map(([type, { code }]) => `${type}: ${code}`).join(', ')
      return `${introduce(origin)}The DNS lookup of ${host} fails (${which}).`
    },
    fix: ({ failures }: LookupParts) => fixDns(Object.values(failures)),
    example: {
      host: 'matrix.example.com',
      origin: undefined,
      failures: { AAAA: { kind: 'server-failure', code: 'ESERVFAIL' } }
    }
  },
  'discovery.hosts-file': {
    severity: 'warning',
    title: "A host has an address only in this machine's hosts file",
    why: "Other machines don't have that file.",
    specification: references.discovery,
    what: ({ host, origin, addresses }: Pick<LookupParts, 'host' | 'origin'> & { addresses: readonly string[] }) =>
      `${introduce(origin)}${host} (${addresses.join(', ')}) resolves only through this machine's hosts file.`,
    fix: 'Add A and AAAA records, unless all its users have such an entry too.',
    example: { host: 'matrix.example.com', origin: undefined, addresses: ['192.0.2.1'] }
  },
  'address.too-many': {
    severity: 'notice',
    title: 'A host has more addresses than are checked',
    why: "Problems with the others aren't found.",
    specification: references.discovery,
    what: ({ host, origin, count, checked }: TooManyParts) => host === undefined
      ? `There are ${count} SRV records; only the targets of the first ${checked} are checked.`
      : `${introduce(origin)}${host} has ${count} addresses; only ${checked} of them are checked.`,
    fix: ({ host }: TooManyParts) => host === undefined
      ? 'Use fewer SRV records.'
      : `Use fewer addresses, or check the others one by one: --resolve ${host}:443:ADDRESS.`,
    example: { host: 'matrix.example.com', origin: undefined, count: 20, checked: 16 }
  }
} as const satisfies FindingKinds

/** Where the name of a host is from, if it is from a document or an SRV record. */
export interface HostOrigin {
  readonly key: 'm.server' | 'base_url' | 'livekit_service_url' | 'SRV'
  /** Of an SRV record, its name. */
  readonly value: string
  /** Where the homeserver is known to respond, to write instead. */
  readonly known?: string | undefined
}

export interface LookupParts {
  /** Or the name of the record. */
  readonly host: string
  readonly origin: HostOrigin | undefined
  /** By type of record. */
  readonly failures: Readonly<Record<string, DnsFailure>>
}

export interface TooManyParts {
  /** Undefined if there are too many SRV records. */
  readonly host: string | undefined
  readonly origin: HostOrigin | undefined
  readonly count: number
  readonly checked: number
}

function introduce (origin: HostOrigin | undefined): string {
  if (origin === undefined) return ''
  return `${subjects[origin.key]} is ${origin.value}. `
}

const subjects: Readonly<Record<HostOrigin['key'], string>> = {
  SRV: 'The SRV record that is used',
  'm.server': 'm.server',
  base_url: 'The base_url of the homeserver',
  livekit_service_url: 'The livekit_service_url'
}

/** Whether there is no such host, rather than one without an address. */
function isNameMissing (failures: LookupParts['failures']): boolean {
  return Object.values(failures).some(({ kind }) => kind === 'not-found' || kind === 'invalid-name')
}

function fixDns (failures: readonly DnsFailure[]): string {
  // c-ares refuses compressed SRV targets from 1.34.7 on; some routers send them (nodejs/node#66173).
  if (failures.some(({ kind }) => kind === 'unreadable')) {
    return 'Use another DNS server with --dns: the response of this one is unreadable.'
  }
  return 'Check whether the name servers of the domain respond to this query.'
}

const find = findingBuilder(lookupFindings)

/** What is wrong with the addresses of a host. */
export function judgeLookup (lookup: Lookup, where: Omit<Context, 'about'>, origin?: HostOrigin): Finding[] {
  const { host, addresses, failures, source } = lookup
  const context = { ...where, about: { host } }
  const checked = addressesToAsk(lookup).length
  const findings: Finding[] = []
  const parts = { host, origin, failures }
  const severity = addresses.length === 0 ? rateUnfetched(where) : 'warning'
  if (Object.values(failures).some(failure => !isAbsence(failure))) {
    findings.push(find('discovery.dns', { ...context, severity, parts, evidence: codesOf(failures) }))
  } else if (addresses.length === 0) {
    findings.push(find('discovery.no-address', { ...context, severity, parts, evidence: codesOf(failures) }))
  }
  const evidence = { addresses }
  if (source === 'hosts file') {
    findings.push(find('discovery.hosts-file', { ...context, parts: { host, origin, addresses }, evidence }))
  }
  if (addresses.length > checked) {
    const count = addresses.length
    findings.push(find('address.too-many', { ...context, parts: { host, origin, count, checked }, evidence }))
  }
  return findings
}

function codesOf (failures: LookupParts['failures']): Record<string, string> {
  return Object.fromEntries(Object.entries(failures).map(([type, { code }]) => [type, code]))
}

/** An SRV lookup that failed. */
export function judgeSrvFailure ({ name, failure }: SrvLookup): Finding[] {
  if (failure === undefined) return []
  return [find('discovery.dns', {
    area: 'federation',
    about: { record: name },
    parts: { host: name, origin: undefined, failures: { SRV: failure } },
    evidence: { failure: failure.code }
  })]
}

/** More SRV records than are followed. */
export function judgeSrvCount (count: number, checked: number, context: Context): Finding {
  return find('address.too-many', { ...context, parts: { host: undefined, origin: undefined, count, checked } })
}
