import { test } from 'tap'
import { DnsClient } from '../../../src/check/network/dns-client.ts'
import { Dns, isAbsence } from '../../../src/check/network/dns.ts'
import type { DnsFailure } from '../../../src/check/network/dns.ts'
import { startDnsServer } from '../../support/dns-server.ts'
import type { DnsRecords } from '../../support/dns-server.ts'

const { signal } = new AbortController()
/** In milliseconds: for questions that get no response, and for all others. */
const [short, long] = [500, 60_000]

const notFound: DnsFailure = { kind: 'not-found', code: 'ENOTFOUND' }
const noData: DnsFailure = { kind: 'no-data', code: 'ENODATA' }
const serverFailure: DnsFailure = { kind: 'server-failure', code: 'ESERVFAIL' }
const refused: DnsFailure = { kind: 'refused', code: 'EREFUSED' }
const timeout: DnsFailure = { kind: 'timeout', code: 'ETIMEOUT' }
const invalidName: DnsFailure = { kind: 'invalid-name', code: 'EBADNAME' }
const cancelled: DnsFailure = { kind: 'other', code: 'ECANCELLED' }

const records: DnsRecords = {
  'example.com': { A: ['127.0.0.2'], AAAA: ['2001:db8::2'] },
  'alias.example.com': { CNAME: 'example.com' },
  'four.example.com': { A: ['127.0.0.4'] },
  'half.example.com': { A: ['127.0.0.4'], AAAA: 'SERVFAIL' },
  'text.example.com': {},
  'servfail.example.com': { code: 'SERVFAIL' },
  'refused.example.com': { code: 'REFUSED' },
  'silent.example.com': { code: 'SILENT' },
  'circle.example.com': { CNAME: 'circle.example.com' },
  '_matrix-fed._tcp.example.com': {
    SRV: [
      { priority: 20, weight: 100, port: 1, target: 'd.example.com' },
      { priority: 10, weight: 0, port: 2, target: 'c.example.com' },
      { priority: 10, weight: 9, port: 3, target: 'b.example.com' },
      { priority: 0, weight: 0, port: 4, target: 'a.example.com' }
    ]
  },
  '_matrix-fed._tcp.silent.example.com': { SRV: 'SILENT' }
}

const lookups: Readonly<Record<string, readonly [addresses: readonly string[], failures: object]>> = {
  'example.com': [['2001:db8::2', '127.0.0.2'], {}],
  'EXAMPLE.com': [['2001:db8::2', '127.0.0.2'], {}],
  'alias.example.com': [['2001:db8::2', '127.0.0.2'], {}],
  'four.example.com': [['127.0.0.4'], { AAAA: noData }],
  'half.example.com': [['127.0.0.4'], { AAAA: serverFailure }],
  'text.example.com': [[], { A: noData, AAAA: noData }],
  'nowhere.example.com': [[], { A: notFound, AAAA: notFound }],
  'servfail.example.com': [[], { A: serverFailure, AAAA: serverFailure }],
  'refused.example.com': [[], { A: refused, AAAA: refused }],
  'silent.example.com': [[], { A: timeout, AAAA: timeout }],
  'circle.example.com': [[], { A: serverFailure, AAAA: serverFailure }],
  [`${'a'.repeat(64)}.example.com`]: [[], { A: invalidName, AAAA: invalidName }]
}

for (const [host, [addresses, failures]] of Object.entries(lookups)) {
  test(`looks up ${host}`, async t => {
    const { address: server } = await startDnsServer(t, records)
    const dns = new Dns({ server, timeout: host.startsWith('silent.') ? short : long, signal })
    t.strictSame(await dns.lookup(host), { host, addresses, source: 'dns', failures })
  })
}

const literals = { '127.0.0.2': '127.0.0.2', '[2001:db8::2]': '2001:db8::2', '2001:db8::2': '2001:db8::2' }

for (const [host, address] of Object.entries(literals)) {
  test(`asks no DNS server for ${host}`, async t => {
    const { address: server, queries } = await startDnsServer(t, records)
    const lookup = await new Dns({ server, timeout: long, signal }).lookup(host)
    t.strictSame(lookup, { host, addresses: [address], source: 'literal', failures: {} })
    t.strictSame(queries, [])
  })
}

test('sorts SRV records by priority and weight', async t => {
  const { address: server } = await startDnsServer(t, records)
  const dns = new Dns({ server, timeout: long, signal })
  const { records: found, failure } = await dns.resolveSrv('_matrix-fed._tcp.example.com')
  t.strictSame(
    found.map(({ target, port }) => `${target}:${port}`),
    ['a.example.com:4', 'b.example.com:3', 'c.example.com:2', 'd.example.com:1']
  )
  t.equal(failure, undefined)
})

test('reports why there are no SRV records', async t => {
  const { address: server } = await startDnsServer(t, records)
  const dns = new Dns({ server, timeout: long, signal })
  const impatient = new Dns({ server, timeout: short, signal })
  t.match(await dns.resolveSrv('_matrix._tcp.example.com'), { records: [], failure: notFound })
  t.match(await impatient.resolveSrv('_matrix-fed._tcp.silent.example.com'), { records: [], failure: timeout })
  // A server name may be as long as DNS allows, and discovery puts a prefix before it.
  t.match(await dns.resolveSrv(`_matrix-fed._tcp.${'a.'.repeat(120)}example.com`), {
    records: [],
    failure: invalidName
  })
})

test('finds the name that a name is an alias of', async t => {
  const { address: server } = await startDnsServer(t, records)
  const dns = new Dns({ server, timeout: long, signal })
  t.equal(await dns.resolveCname('alias.example.com'), 'example.com')
  t.equal(await dns.resolveCname('example.com'), undefined)
  const impatient = new Dns({ server, timeout: short, signal })
  t.equal(await impatient.resolveCname('silent.example.com'), undefined)
})

test('cancels pending questions when closed', async t => {
  const { address: server, queries } = await startDnsServer(t, records)
  const dns = new Dns({ server, timeout: 60_000, signal })
  const lookup = dns.resolveSrv('_matrix-fed._tcp.silent.example.com')
  // Wait until the query has been sent.
  while (queries.length === 0) await new Promise(resolve => setImmediate(resolve))
  dns.close()
  t.match(await lookup, { records: [], failure: cancelled })
})

test('stops when its signal aborts, and asks no more questions', async t => {
  const { address: server } = await startDnsServer(t, records)
  const over = new AbortController()
  const dns = new Dns({ server, timeout: 60_000, signal: over.signal })
  const lookup = dns.resolveSrv('_matrix-fed._tcp.silent.example.com')
  over.abort()
  t.match(await lookup, { records: [], failure: timeout })
  t.match(await dns.resolveSrv('_matrix-fed._tcp.silent.example.com'), { records: [], failure: timeout })
  dns.close()
})

test("uses the hosts file of this machine for a name that isn't in DNS", async t => {
  const dns = new Dns({ timeout: 2000, signal })
  const { addresses, source } = await dns.lookup('localhost')
  t.ok(addresses.includes('127.0.0.1') || addresses.includes('::1'))
  // Some resolvers know localhost (RFC 6761 §6.3).
  t.match(source, /^(hosts file|dns)$/)
  t.match(await dns.lookup('no-such-host.invalid'), { addresses: [], source: 'dns' })
})

test("doesn't ask the system, whose lookups nothing can end, if the DNS server doesn't respond", async t => {
  const silent = await startDnsServer(t, { localhost: { code: 'SILENT' } })
  const options = { timeout: 300, signal }
  const dns = new Dns(options, new DnsClient({ ...options, server: silent.address }))
  const failures = { A: timeout, AAAA: timeout }
  t.strictSame(await dns.lookup('localhost'), { host: 'localhost', addresses: [], source: 'dns', failures })
  const late = dns.lookup('localhost')
  dns.close()
  t.match(await late, { addresses: [], failures: { A: cancelled, AAAA: cancelled } })
})

test('distinguishes the absence of a record from the absence of a response', t => {
  const failures = [notFound, noData, serverFailure, timeout, refused, invalidName, cancelled]
  t.strictSame(failures.map(isAbsence), [true, true, false, false, false, true, false])
  t.end()
})

test("reports a DNS server that isn't there", async t => {
  // Port 1 belongs to a service (tcpmux) that is never running.
  const dns = new Dns({ server: '127.0.0.1:1', timeout: long, signal })
  t.match((await dns.resolveSrv('_matrix._tcp.example.com')).failure, { kind: 'unreachable', code: 'ECONNREFUSED' })
})

test('after the deadline, nothing is waited for', async t => {
  const { address } = await startDnsServer(t, records)
  const dns = new Dns({ server: address, timeout: 1000, signal: AbortSignal.abort() })
  t.teardown(() => dns.close())
  t.match(await dns.resolveSrv('_matrix-fed._tcp.silent.example.com'), { failure: { kind: 'timeout' } })
})
