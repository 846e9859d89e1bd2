import t from 'tap'
import type { BaseUrl } from '../../../src/check/gather/base-url.ts'
import type { ClientFacts } from '../../../src/check/gather/client.ts'
import type { Route } from '../../../src/check/gather/gather.ts'
import type { Tls } from '../../../src/check/network/certificate.ts'
import type { Lookup } from '../../../src/check/network/dns.ts'
import type { Fetch } from '../../../src/check/network/fetch.ts'
import type { Response } from '../../../src/check/network/peer.ts'
import { elementWeb } from '../../../src/check/readers/element-web.ts'
import { followClient } from '../../../src/check/readers/client-outcome.ts'
import type { ClientRules } from '../../../src/check/readers/client-outcome.ts'
import { readAsElementX } from '../../../src/check/readers/element-x.ts'
import { missing } from '../../../src/check/readers/client-document.ts'
import { aboutDocument, because } from '../../../src/check/readers/outcome.ts'
import type { ReaderOutcome } from '../../../src/check/readers/outcome.ts'
import { explainLookup } from '../../../src/check/readers/server-outcome.ts'
import { synapse } from '../../../src/check/readers/synapse.ts'
import { exchange } from '../../support/exchange.ts'

const now = new Date('2026-01-01')
const cors = { 'access-control-allow-origin': '*' }
const document = '{"m.homeserver":{"base_url":"https://matrix.example.com"}}'

function lookUp (host: string, changes: Partial<Lookup> = {}): Lookup {
  return { host, addresses: ['45.0.0.1'], source: 'dns', failures: {}, ...changes }
}

function respond (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Response {
  return { status, headers: Object.entries({ ...cors, ...headers }), body: Buffer.from(body), truncated: false }
}

function fetched (hops: Fetch['hops'], address = '45.0.0.1'): Fetch {
  return { host: 'example.com', path: '/', address, hops, redirectFault: undefined, reading: undefined }
}

const homeserver: BaseUrl = {
  url: 'https://matrix.example.com',
  scheme: 'https',
  host: 'matrix.example.com',
  port: 443,
  path: '',
  lookup: lookUp('matrix.example.com')
}

/** Follows redirects less often than `check` does. */
const rules: ClientRules = {
  read: readAsElementX,
  isBrowser: false,
  maxRedirects: 1,
  keepsSlashes: false,
  maxTime: 5_000,
  acceptsVersions: undefined,
  usesOauth: true
}

function follow (
  fetches: readonly Fetch[],
  lookup = lookUp('example.com'),
  own: Partial<BaseUrl> = {}
): ReaderOutcome | undefined {
  const facts: ClientFacts = {
    homeserver: { ...homeserver, ...own, addresses: [] },
    identityServer: undefined,
    ownDocument: undefined,
    callServices: []
  }
  const inspections = new Map([
    ['client' as const, fetches.map(fetch => ({ fetch, asOther: undefined, preflight: undefined }))]
  ])
  return followClient({
    host: 'example.com',
    lookup,
    dnsFault: undefined,
    inspections: fetches.length === 0 ? new Map() : inspections,
    client: { document: fetches[0], facts, others: [], atServerName: undefined, elsewhere: undefined }
  }, rules)
}

const silent = { addresses: [], failures: { A: { kind: 'timeout', code: 'ETIMEOUT' } } } as const
const absent = { addresses: [], failures: { A: { kind: 'not-found', code: 'ENOTFOUND' } } } as const

t.test('without an address of the host, clients fail; without a response from DNS, it is unknown', async t => {
  t.match(follow([], lookUp('example.com', silent)), { outcome: 'unknown' })
  t.match(follow([], lookUp('example.com', absent)), { outcome: 'fails' })
})

t.test("what a document leads to is unknown if it wasn't asked", async t => {
  const content = { 'm.homeserver': { base_url: 'https://other.example.com' } }
  const fetch = { ...fetched([exchange(respond(200, JSON.stringify(content)))]), reading: { content } }
  t.strictSame(
    follow([fetched([exchange(respond(200, document))]), fetch]),
    because('unknown', ...Array.from({ length: 2 }, () => aboutDocument('client', 'document.split-brain')))
  )
})

t.test('the same holds for the homeserver', async t => {
  const read = [fetched([exchange(respond(200, document))])]
  t.match(follow(read, undefined, { lookup: lookUp('matrix.example.com', silent) }), { outcome: 'unknown' })
  t.match(follow(read, undefined, { lookup: lookUp('matrix.example.com', absent) }), { outcome: 'fails' })
})

t.test('a redirect that leads nowhere, or one too many, keeps clients from the document', async t => {
  const moved = exchange(respond(302, ''))
  const fails = (id: string): ReaderOutcome => because('fails', aboutDocument('client', id))
  t.strictSame(follow([fetched([moved, exchange(undefined)])]), fails('document.redirect-broken'))
  t.strictSame(follow([fetched([moved, moved, exchange(respond(200, document))])]), fails('document.redirect'))
})

t.test('a body that can not be decoded matters with status 200, not with 404', async t => {
  const gzip = { 'content-encoding': 'gzip' }
  t.strictSame(
    follow([fetched([exchange(respond(200, document, gzip))])]),
    because('fails', aboutDocument('client', 'document.content-encoding'))
  )
  t.match(follow([fetched([exchange(respond(404, 'nothing', gzip))])]), { causes: [{ findings: missing }] })
})

const tls: Tls = {
  protocol: 'TLSv1.3',
  chain: [{ subject: 'matrix.example.com', issuer: 'R11', validFrom: now, validTo: new Date('2026-03-01') }],
  names: ['matrix.example.com'],
  expectedName: 'matrix.example.com',
  nameMatches: true,
  chainFault: undefined
}

t.test('Element Web does not decode what is not compressed', async t => {
  const versions = exchange(respond(200, '{"versions":["v1.11"]}', { 'content-encoding': 'gzip' }))
  const address = {
    address: '45.0.0.1',
    versions: { ...versions, tls },
    preflight: versions,
    transports: undefined,
    authMetadata: versions,
    loginFlows: versions,
    whoami: versions,
    keys: versions
  }
  const fetch = fetched([exchange(respond(200, document))])
  const facts = {
    homeserver: { ...homeserver, addresses: [address] },
    identityServer: undefined,
    ownDocument: undefined,
    callServices: []
  }
  t.match(elementWeb.follow({
    serverName: 'example.com',
    host: 'example.com',
    lookup: lookUp('example.com'),
    dnsFault: undefined,
    inspections: new Map([['client', [{ fetch, asOther: undefined, preflight: undefined }]]]),
    strangers: [],
    federation: undefined,
    client: { document: fetch, facts, others: [], atServerName: undefined, elsewhere: undefined }
  }, now), { outcome: 'fails', causes: [{ findings: ['homeserver.down', 'homeserver.blocked', 'client.versions'] }] })
})

t.test('a server without a delegation fails for what kept it from reading one', async t => {
  const refused: Route = {
    delegatedName: undefined,
    discovery: {
      steps: [],
      endpoint: undefined,
      refusal: '_matrix-fed._tcp.example.com',
      delegation: undefined,
      shadowed: [],
      failedLookups: []
    },
    addresses: []
  }
  const followAt = (address: string, milliseconds: number): ReaderOutcome | undefined => synapse.follow({
    serverName: 'example.com',
    host: 'example.com',
    lookup: lookUp('example.com'),
    dnsFault: undefined,
    inspections: new Map([['server', [{
      fetch: fetched([exchange(respond(200, '{"m.server":"matrix.example.com:443"}'), milliseconds)], address),
      asOther: undefined,
      preflight: undefined
    }]]]),
    strangers: [],
    federation: {
      discovery: refused.discovery, addresses: [], routes: [refused], elsewhere: undefined, candidates: []
    },
    client: undefined
  }, now)
  t.match(followAt('192.168.1.2', 1), { outcome: 'fails', causes: [{ findings: ['address.private'] }] })
  t.match(followAt('45.0.0.1', 61_000), { outcome: 'fails', causes: [{ findings: ['document.slow'] }] })
})

t.test('a server without any response, or without a way on', async t => {
  const discovery = {
    steps: [], endpoint: undefined, refusal: undefined, delegation: undefined, shadowed: [], failedLookups: []
  }
  const followAlong = (routes: readonly Route[], lookup = lookUp('example.com', absent)): ReaderOutcome | undefined =>
    synapse.follow({
      serverName: 'example.com',
      host: 'example.com',
      lookup,
      dnsFault: undefined,
      inspections: new Map(),
      strangers: [],
      federation: { discovery, addresses: [], routes, elsewhere: undefined, candidates: [] },
      client: undefined
    }, now)
  t.match(followAlong([]), { outcome: 'unknown' })
  t.match(
    followAlong([], lookUp('example.com', silent)),
    { outcome: 'unknown', causes: [{ findings: ['discovery.dns'] }] }
  )
  t.match(
    followAlong([{ delegatedName: undefined, discovery, addresses: [] }]),
    { outcome: 'fails', causes: [{ findings: ['discovery.no-address'] }] }
  )
  t.strictSame(explainLookup(lookUp('example.com')), [], 'an address needs no explanation')
})
