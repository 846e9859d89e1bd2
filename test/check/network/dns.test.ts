import { test } from 'tap'
import { Dns, isAbsence } from '../../../src/check/network/dns.ts'
import { startDnsServer } from '../../support/dns-server.ts'
import type { DnsRecords } from '../../support/dns-server.ts'

const { signal } = new AbortController()

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
  'four.example.com': [['127.0.0.4'], { AAAA: 'ENODATA' }],
  'half.example.com': [['127.0.0.4'], { AAAA: 'ESERVFAIL' }],
  'text.example.com': [[], { A: 'ENODATA', AAAA: 'ENODATA' }],
  'nowhere.example.com': [[], { A: 'ENOTFOUND', AAAA: 'ENOTFOUND' }],
  'servfail.example.com': [[], { A: 'ESERVFAIL', AAAA: 'ESERVFAIL' }],
  'refused.example.com': [[], { A: 'EREFUSED', AAAA: 'EREFUSED' }],
  'silent.example.com': [[], { A: 'ETIMEOUT', AAAA: 'ETIMEOUT' }],
  'circle.example.com': [[], { A: 'ESERVFAIL', AAAA: 'ESERVFAIL' }],
  [`${'a'.repeat(64)}.example.com`]: [[], { A: 'EBADNAME', AAAA: 'EBADNAME' }]
}

for (const [host, [addresses, failures]] of Object.entries(lookups)) {
  test(`looks up ${host}`, async t => {
    const { address: server } = await startDnsServer(t, records)
    const dns = new Dns({ server, timeout: 500, signal })
    t.strictSame(await dns.lookup(host), { host, addresses, source: 'dns', failures })
  })
}

for (const [host, address] of [['127.0.0.2', '127.0.0.2'], ['[2001:db8::2]', '2001:db8::2'], ['2001:db8::2', '2001:db8::2']] as const) {
  test(`asks nobody for ${host}`, async t => {
    const { address: server, queries } = await startDnsServer(t, records)
    t.strictSame(await new Dns({ server, timeout: 500, signal }).lookup(host), { host, addresses: [address], source: 'literal', failures: {} })
    t.strictSame(queries, [])
  })
}

test('sorts SRV records by priority and weight', async t => {
  const { address: server } = await startDnsServer(t, records)
  const { records: found, failure } = await new Dns({ server, timeout: 500, signal }).resolveSrv('_matrix-fed._tcp.example.com')
  t.strictSame(found.map(({ name, port }) => `${name}:${port}`), ['a.example.com:4', 'b.example.com:3', 'c.example.com:2', 'd.example.com:1'])
  t.equal(failure, undefined)
})

test('tells why there are no SRV records', async t => {
  const { address: server } = await startDnsServer(t, records)
  const dns = new Dns({ server, timeout: 500, signal })
  t.match(await dns.resolveSrv('_matrix._tcp.example.com'), { records: [], failure: 'ENOTFOUND' })
  t.match(await dns.resolveSrv('_matrix-fed._tcp.silent.example.com'), { records: [], failure: 'ETIMEOUT' })
  // The specification lets a server name be as long as DNS allows, and puts something before it.
  t.match(await dns.resolveSrv(`_matrix-fed._tcp.${'a.'.repeat(120)}example.com`), { records: [], failure: 'EBADNAME' })
})

test('tells what a name is an alias of', async t => {
  const { address: server } = await startDnsServer(t, records)
  const dns = new Dns({ server, timeout: 500, signal })
  t.equal(await dns.resolveCname('alias.example.com'), 'example.com')
  t.equal(await dns.resolveCname('example.com'), undefined)
  t.equal(await dns.resolveCname('silent.example.com'), undefined)
})

test('gives up what is still asked', async t => {
  const { address: server, queries } = await startDnsServer(t, records)
  const dns = new Dns({ server, timeout: 60_000, signal })
  const answer = dns.resolveSrv('_matrix-fed._tcp.silent.example.com')
  // The query has to be on its way.
  while (queries.length === 0) await new Promise(resolve => setImmediate(resolve))
  dns.close()
  t.match(await answer, { records: [], failure: 'ECANCELLED' })
})

test('gives up when the time for all of it is over, and asks no more', async t => {
  const { address: server } = await startDnsServer(t, records)
  const over = new AbortController()
  const dns = new Dns({ server, timeout: 60_000, signal: over.signal })
  const answer = dns.resolveSrv('_matrix-fed._tcp.silent.example.com')
  over.abort()
  t.match(await answer, { records: [], failure: 'ETIMEOUT' })
  t.match(await dns.resolveSrv('_matrix-fed._tcp.silent.example.com'), { records: [], failure: 'ETIMEOUT' })
  dns.close()
})

test('takes from this machine what no DNS server knows', async t => {
  const dns = new Dns({ timeout: 2000, signal })
  const { addresses, source } = await dns.lookup('localhost')
  t.ok(addresses.includes('127.0.0.1') || addresses.includes('::1'))
  // Some resolvers know localhost (RFC 6761 §6.3).
  t.match(source, /^(hosts file|dns)$/)
  t.match(await dns.lookup('no-such-host.invalid'), { addresses: [], source: 'dns' })
})

test('knows that there is nothing from that nobody knows', t => {
  t.strictSame(['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'ETIMEOUT', 'EREFUSED', 'EBADNAME'].map(isAbsence), [true, true, false, false, false, false])
  t.end()
})
