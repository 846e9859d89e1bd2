import { test } from 'tap'
import { addressesToAsk } from '../../../src/check/gather/addresses.ts'
import { judgeLookup } from '../../../src/check/judge/lookups.ts'
import type { DnsFailure, Lookup } from '../../../src/check/network/dns.ts'

const notFound: DnsFailure = { kind: 'not-found', code: 'ENOTFOUND' }
const noData: DnsFailure = { kind: 'no-data', code: 'ENODATA' }
const serverFailure: DnsFailure = { kind: 'server-failure', code: 'ESERVFAIL' }
const timeout: DnsFailure = { kind: 'timeout', code: 'ETIMEOUT' }
const unreadable: DnsFailure = { kind: 'unreadable', code: 'EBADRESP' }

const about = (lookup: Partial<Lookup>): Lookup => ({ host: 'example.com', addresses: ['127.0.0.2'], source: 'dns', failures: {}, ...lookup })

const cases: Readonly<Record<string, readonly [lookup: Lookup, findings: ReadonlyArray<readonly [id: string, severity: string, what: string, change: string]>]>> = {
  'an address': [about({}), []],
  'IPv4 alone': [about({ failures: { AAAA: noData } }), []],
  'an address by --resolve': [about({ source: 'override' }), []],
  'an address, and an error for the other family': [about({ failures: { AAAA: serverFailure } }), [
    ['discovery.dns', 'warning', 'DNS fails on the address of example.com (AAAA: ESERVFAIL).', 'See whether the name servers of the domain answer this.']
  ]],
  'a host that is not there': [about({ addresses: [], failures: { A: notFound, AAAA: notFound } }), [
    ['discovery.no-address', 'failure', 'There is no host example.com in DNS.', 'See whether the name is spelled rightly; otherwise give it A and AAAA records.']
  ]],
  'a host that has no address': [about({ addresses: [], failures: { A: noData, AAAA: noData } }), [
    ['discovery.no-address', 'failure', 'example.com has no A and no AAAA record in DNS.', 'Give it A and AAAA records.']
  ]],
  'a host that has no address of the only family that is wanted': [about({ addresses: [], failures: { A: noData } }), [
    ['discovery.no-address', 'failure', 'example.com has no A record in DNS.', 'Give it A records.']
  ]],
  'errors alone': [about({ addresses: [], failures: { A: timeout, AAAA: serverFailure } }), [
    ['discovery.dns', 'warning', 'DNS fails on the address of example.com (A: ETIMEOUT, AAAA: ESERVFAIL).', 'See whether the name servers of the domain answer this.'],
    ['discovery.no-address', 'failure', 'No address of example.com is found, since DNS fails.', 'See whether the name servers of the domain answer this.']
  ]],
  'answers that can not be read': [about({ failures: { AAAA: unreadable } }), [
    ['discovery.dns', 'warning', 'DNS fails on the address of example.com (AAAA: EBADRESP).', 'Ask another DNS server with --dns: what this one answers can not be read.']
  ]],
  'an address of this machine alone': [about({ source: 'hosts file', failures: { A: notFound, AAAA: notFound } }), [
    ['discovery.hosts-file', 'warning', 'example.com has its address 127.0.0.2 from this machine alone, not from DNS.', 'Give it A and AAAA records, unless all who have to reach it know it by other means.']
  ]],
  'nine addresses': [about({ addresses: Array.from({ length: 9 }, (_, i) => `127.0.0.${i}`) }), [
    ['address.too-many', 'notice', 'example.com has 9 addresses; 8 of them are checked.', 'Nothing, if that is meant.']
  ]]
}

for (const [title, [lookup, findings]] of Object.entries(cases)) {
  test(`a look-up with ${title}`, t => {
    t.strictSame(judgeLookup(lookup, 'clients').map(({ id, severity, what, change }) => [id, severity, what, change]), findings)
    t.ok(judgeLookup(lookup, 'clients').every(({ area, subject }) => area === 'clients' && subject === 'example.com'))
    t.strictSame(addressesToAsk(lookup), lookup.addresses.slice(0, 8))
    t.end()
  })
}
