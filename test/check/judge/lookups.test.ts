import { test } from 'tap'
import { addressesToAsk } from '../../../src/check/gather/addresses.ts'
import { judgeLookup, judgeSrvCount, judgeSrvFailure } from '../../../src/check/judge/lookups.ts'
import { describeFinding } from '../../../src/check/report/finding-text.ts'
import type { DnsFailure, Lookup } from '../../../src/check/network/dns.ts'

const notFound: DnsFailure = { kind: 'not-found', code: 'ENOTFOUND' }
const noData: DnsFailure = { kind: 'no-data', code: 'ENODATA' }
const serverFailure: DnsFailure = { kind: 'server-failure', code: 'ESERVFAIL' }
const timeout: DnsFailure = { kind: 'timeout', code: 'ETIMEOUT' }
const invalidName: DnsFailure = { kind: 'invalid-name', code: 'EBADNAME' }
const unreadable: DnsFailure = { kind: 'unreadable', code: 'EBADRESP' }

const about = (lookup: Partial<Lookup>): Lookup => ({
  host: 'example.com',
  addresses: ['45.0.0.2'],
  source: 'dns',
  failures: {},
  ...lookup
})

type Expected = readonly [id: string, severity: string, what: string, fix: string]

const cases: Readonly<Record<string, readonly [lookup: Lookup, findings: readonly Expected[]]>> = {
  'an address': [about({}), []],
  'IPv4 only': [about({ failures: { AAAA: noData } }), []],
  'an address from --resolve': [about({ source: 'override' }), []],
  'an address, and an error for the other family': [
    about({ failures: { AAAA: serverFailure } }),
    [
      [
        'discovery.dns',
        'warning',
        'The DNS lookup of example.com fails (AAAA: ESERVFAIL).',
        'Check whether the name servers of the domain respond to this query.'
      ]
    ]
  ],
  "a host that doesn't exist": [
    about({ addresses: [], failures: { A: notFound, AAAA: notFound } }),
    [
      [
        'discovery.no-address',
        'warning',
        "example.com doesn't exist in DNS.",
        'Check the spelling of the name; if it is right, add A and AAAA records.'
      ]
    ]
  ],
  'a host whose name is too long for DNS': [
    about({ addresses: [], failures: { A: invalidName, AAAA: invalidName } }),
    [
      [
        'discovery.no-address',
        'warning',
        "example.com doesn't exist in DNS.",
        'Check the spelling of the name; if it is right, add A and AAAA records.'
      ]
    ]
  ],
  'a host that has no address': [
    about({ addresses: [], failures: { A: noData, AAAA: noData } }),
    [
      [
        'discovery.no-address',
        'warning',
        'example.com has no A and no AAAA record in DNS.',
        'Add A and AAAA records.'
      ]
    ]
  ],
  'a host that has no address of the only requested family': [
    about({ addresses: [], failures: { A: noData } }),
    [['discovery.no-address', 'warning', 'example.com has no A record in DNS.', 'Add A records.']]
  ],
  'errors only': [
    about({ addresses: [], failures: { A: timeout, AAAA: serverFailure } }),
    [
      [
        'discovery.dns',
        'warning',
        'The DNS lookup of example.com fails (A: ETIMEOUT, AAAA: ESERVFAIL).',
        'Check whether the name servers of the domain respond to this query.'
      ]
    ]
  ],
  'unreadable responses': [
    about({ failures: { AAAA: unreadable } }),
    [
      [
        'discovery.dns',
        'warning',
        'The DNS lookup of example.com fails (AAAA: EBADRESP).',
        'Use another DNS server with --dns: the response of this one is unreadable.'
      ]
    ]
  ],
  'an address in the hosts file only': [
    about({ source: 'hosts file', failures: { A: notFound, AAAA: notFound } }),
    [
      [
        'discovery.hosts-file',
        'warning',
        "example.com (45.0.0.2) resolves only through this machine's hosts file.",
        'Add A and AAAA records, unless all its users have such an entry too.'
      ]
    ]
  ],
  'nine addresses': [
    about({ addresses: Array.from({ length: 9 }, (_, i) => `127.0.0.${i}`) }),
    [
      [
        'address.too-many',
        'notice',
        'example.com has 9 addresses; only 8 of them are checked.',
        'Use fewer addresses, or check the others one by one: --resolve example.com:443:ADDRESS.'
      ]
    ]
  ]
}

for (const [title, [lookup, findings]] of Object.entries(cases)) {
  test(`a lookup with ${title}`, t => {
    const found = judgeLookup(lookup, { area: 'clients' }).map(describeFinding)
    t.strictSame(
      found.map(({ id, severity, what, fix }) => [id, severity, what, fix]),
      findings
    )
    t.ok(found.every(({ area, subject }) => area === 'clients' && subject === 'example.com'))
    t.strictSame(addressesToAsk(lookup), lookup.addresses.slice(0, 8))
    t.end()
  })
}

test('the base URL that a host without an address is from', t => {
  const lookup = about({ addresses: [], failures: { A: notFound } })
  const judge = (key: 'm.server' | 'base_url', value: string): unknown =>
    judgeLookup(lookup, { area: 'clients' }, { key, value }).map(describeFinding).map(({ what }) => what)
  t.strictSame(judge('base_url', 'https://example.com'),
    ["The base_url of the homeserver is https://example.com. example.com doesn't exist in DNS."])
  t.strictSame(judge('m.server', 'example.com:443'),
    ["m.server is example.com:443. example.com doesn't exist in DNS."])
  t.end()
})

test('an SRV lookup that fails, and more SRV records than are followed', t => {
  const name = '_matrix-fed._tcp.example.com'
  t.strictSame(judgeSrvFailure({ name, records: [], failure: undefined }), [])
  t.match(judgeSrvFailure({ name, records: [], failure: timeout }).map(describeFinding), [
    { id: 'discovery.dns', subject: name, what: `The DNS lookup of ${name} fails (SRV: ETIMEOUT).` }
  ])
  t.match(describeFinding(judgeSrvCount(20, 8, { area: 'federation', about: { record: name } })), {
    id: 'address.too-many',
    what: 'There are 20 SRV records; only the targets of the first 8 are checked.',
    fix: 'Use fewer SRV records.'
  })
  t.end()
})
