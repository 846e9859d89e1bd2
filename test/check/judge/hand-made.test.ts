import t from 'tap'
import type { BaseUrl } from '../../../src/check/gather/base-url.ts'
import type { CallService } from '../../../src/check/gather/calls.ts'
import type { ClientFacts } from '../../../src/check/gather/client.ts'
import type { Endpoint } from '../../../src/check/gather/discovery.ts'
import { readAddress } from '../../../src/check/gather/federation.ts'
import type { FederationAddress } from '../../../src/check/gather/federation.ts'
import type { FederationFacts } from '../../../src/check/gather/gather.ts'
import type { Fetch } from '../../../src/check/network/fetch.ts'
import { judgeCallService } from '../../../src/check/judge/call-services.ts'
import { judgeCertificate } from '../../../src/check/judge/certificates.ts'
import { judgeChangedPath } from '../../../src/check/judge/changed-paths.ts'
import { attributeToCauses } from '../../../src/check/judge/attribution.ts'
import {
  isBrokenDelegation, withoutConsequences, withoutFallback, withoutRepetitions
} from '../../../src/check/judge/consequences.ts'
import { judgeCors, judgeCorsHeaders, judgeNotFound, judgePreflight } from '../../../src/check/judge/cors.ts'
import { judgeDocument } from '../../../src/check/judge/documents.ts'
import { judgeFederation } from '../../../src/check/judge/federation.ts'
import { sortFindings } from '../../../src/check/judge/finding.ts'
import type { Context, Finding } from '../../../src/check/judge/finding.ts'
import { isIdentityServer, judgeIdentityServer } from '../../../src/check/judge/identity-server.ts'
import { readBadResponse, whyIncomplete } from '../../../src/check/judge/incomplete.ts'
import { judgeInstallation } from '../../../src/check/judge/installation.ts'
import { buildIntent, judgeIntent } from '../../../src/check/judge/intent.ts'
import type { Intent } from '../../../src/check/judge/intent.ts'
import { judgeDepth, judgeJsonFault } from '../../../src/check/judge/json-faults.ts'
import type { Tls } from '../../../src/check/network/certificate.ts'
import type { Lookup } from '../../../src/check/network/dns.ts'
import { readJsonObject } from '../../../src/check/network/json-body.ts'
import type { JsonFault } from '../../../src/check/network/json-body.ts'
import type { Exchange, Failure, Response } from '../../../src/check/network/peer.ts'
import type { ReaderOutcomes } from '../../../src/check/readers/readers.ts'
import { loadConfig } from '../../../src/config/config.ts'

const now = new Date('2026-01-01')
const day = 86_400_000
const host = 'matrix.example.com'
const address = '192.0.2.1'
const refused: Failure = { kind: 'refused', phase: 'connect', message: 'connect ECONNREFUSED' }
const open = { 'access-control-allow-origin': '*' }
const preflightHeaders = {
  ...open,
  'access-control-allow-methods': 'PUT',
  'access-control-allow-headers': 'authorization, content-type'
}
const documentContext: Context = { area: 'documents', about: { document: 'client', host, address } }
const homeserverContext: Context = { area: 'clients', about: { host, address } }

function inDays (days: number): Date {
  return new Date(now.getTime() + days * day)
}

function ids (findings: readonly Finding[]): string[] {
  return findings.map(({ id }) => id)
}

function response (status: number, headers: Readonly<Record<string, string>> = open, body = '{}'): Response {
  return { status, headers: Object.entries(headers), body: Buffer.from(body), truncated: false }
}

function tls (changes: Partial<Tls> = {}): Tls {
  return {
    protocol: 'TLSv1.3',
    chain: [{ subject: host, issuer: 'R11', validFrom: inDays(-30), validTo: inDays(60) }],
    names: [host],
    expectedName: host,
    nameMatches: true,
    chainFault: undefined,
    ...changes
  }
}

const selfSigned = tls({ chainFault: 'DEPTH_ZERO_SELF_SIGNED_CERT' })

function exchange (got: Response | Failure | undefined, changes: Partial<Exchange> = {}): Exchange {
  const isResponse = got !== undefined && 'status' in got
  return {
    request: { method: 'GET', target: '/', headers: {} },
    url: `https://${host}/`,
    address,
    port: 443,
    tls: isResponse ? tls() : undefined,
    response: isResponse ? got : undefined,
    failure: isResponse ? undefined : got,
    milliseconds: 1,
    ...changes
  }
}

function fetched (got: Response | Failure, changes: Partial<Fetch> = {}): Fetch {
  const isRead = 'status' in got && got.status === 200
  return {
    host: 'example.com',
    path: '/.well-known/matrix/client',
    address,
    hops: [exchange(got)],
    redirectFault: undefined,
    reading: isRead ? readJsonObject(got.body) : undefined,
    ...changes
  }
}

function lookup (of: string, changes: Partial<Lookup> = {}): Lookup {
  return { host: of, addresses: ['45.0.0.1'], source: 'dns', failures: {}, ...changes }
}

function baseUrl (of: string): BaseUrl {
  return { url: `https://${of}`, scheme: 'https', host: of, port: 443, path: '', lookup: lookup(of) }
}

function finding (id: Finding['id'], changes: Partial<Finding> = {}): Finding {
  return { id, severity: 'notice', readers: [], area: 'federation', about: {}, parts: {}, evidence: {}, ...changes }
}

const noHost = lookup('gone.example.com', {
  addresses: [],
  failures: { A: { kind: 'not-found', code: 'ENOTFOUND' }, AAAA: { kind: 'not-found', code: 'ENOTFOUND' } }
})

t.test('a service for calls is judged by its health and its preflight', async t => {
  const healthy: CallService = {
    ...baseUrl(host),
    health: exchange(response(200)),
    preflight: exchange(response(200, preflightHeaders))
  }
  const withdrawn = { ...healthy, host: 'livekit-jwt.call.matrix.org' }
  const judge = (changes: Partial<CallService>, serverName = 'example.com'): string[] =>
    ids(judgeCallService({ ...healthy, ...changes }, serverName, now))
  t.strictSame(judge({}), [])
  t.strictSame(judge(withdrawn), ['call.withdrawn'])
  t.strictSame(judge(withdrawn, 'matrix.org'), [])
  t.strictSame(judge(withdrawn, 'rooms.matrix.org'), [])
  t.strictSame(judge({ lookup: noHost, health: undefined, preflight: undefined }), ['discovery.no-address'])
  t.strictSame(judge({ health: exchange(response(200), { tls: selfSigned }) }), ['certificate.self-signed'])
  t.strictSame(judge({ health: exchange(response(502)) }), ['call.unreachable'])
  t.strictSame(judge({ health: exchange(refused) }), ['call.unreachable'])
  t.strictSame(judge({ preflight: exchange(refused) }), ['call.preflight'])
  t.strictSame(judge({ preflight: exchange(response(405)) }), ['call.preflight'])
})

t.test('a certificate is judged by its chain, its names and its end', async t => {
  const own = tls().chain[0]
  const judge = (changes: Partial<Tls>, srvTarget?: string): string[] =>
    ids(judgeCertificate(tls(changes), { area: 'federation', about: {}, srvTarget }, now))
  const expired = { ...own, subject: 'R11', validTo: inDays(-1) }
  t.strictSame(judge({}), [])
  t.strictSame(judge({ chainFault: 'CERT_HAS_EXPIRED', chain: [expired] }), ['certificate.expired'])
  t.strictSame(judge({ chainFault: 'CERT_HAS_EXPIRED', chain: [own, expired] }), ['certificate.expired'])
  t.strictSame(judge({ chainFault: 'CERT_HAS_EXPIRED', chain: [expired, own] }), ['certificate.expired'])
  t.strictSame(judge({ chainFault: 'CERT_NOT_YET_VALID' }), ['certificate.not-yet-valid'])
  t.strictSame(judge({ chainFault: 'DEPTH_ZERO_SELF_SIGNED_CERT', chain: [{ ...own, subject: '' }] }),
    ['certificate.self-signed'])
  t.strictSame(judge({ chainFault: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), ['certificate.incomplete'])
  t.strictSame(judge({ chainFault: 'UNABLE_TO_GET_ISSUER_CERT' }), ['certificate.incomplete'])
  t.strictSame(judge({ chainFault: 'SELF_SIGNED_CERT_IN_CHAIN' }), ['certificate.untrusted'])
  t.strictSame(judge({ nameMatches: false }), ['certificate.name'])
  t.strictSame(judge({ nameMatches: false }, 'other.example.com'), ['certificate.name'])
  t.strictSame(judge({ nameMatches: false }, host), ['certificate.srv-target'])
  t.strictSame(judge({ chain: [{ ...own, validFrom: inDays(-80), validTo: inDays(5) }] }), ['certificate.expires-soon'])
  t.strictSame(judge({ chain: [{ ...own, validFrom: inDays(-1), validTo: inDays(5) }] }), [])
})

t.test('a 404 of the sidecar shows a changed path', async t => {
  const judge = (error: unknown): string[] =>
    ids(judgeChangedPath('client', response(404, open, JSON.stringify({ error })), documentContext))
  t.strictSame(judge('No such path: /client. Documents are at /.well-known/matrix/.'), ['document.path-changed'])
  t.strictSame(judge('No such path: /.well-known/matrix/client. Documents are at /.well-known/matrix/.'), [])
  t.strictSame(judge('Not found'), [])
  t.strictSame(judge(404), [])
})

function endpoint (step: Endpoint['step']): Endpoint {
  return {
    step,
    hostHeader: host,
    tlsName: host,
    targets: [{ host, port: 8448, lookup: lookup(host), priority: 0, cname: undefined }],
    unasked: 0
  }
}

function federation (step: Endpoint['step'] | undefined, changes: Partial<FederationFacts> = {}): FederationFacts {
  const discovery = {
    steps: [],
    endpoint: step === undefined ? undefined : endpoint(step),
    refusal: step === undefined ? '_matrix-fed._tcp.example.com' : undefined,
    delegation: undefined,
    shadowed: [],
    failedLookups: []
  }
  return { discovery, addresses: [], routes: [], elsewhere: undefined, candidates: [], ...changes }
}

function outcomes (outcome: 'works' | 'fails'): ReaderOutcomes {
  return new Map([['specification', { outcome, causes: [] }]])
}

t.test('what only follows from something else is left out', async t => {
  const unreachable = finding('federation.unreachable')
  const defaultPort = finding('discovery.default-port')
  const version = finding('federation.version')
  const judge = (step: Endpoint['step'], others: readonly Finding[], outcome: 'works' | 'fails' = 'fails'): string[] =>
    ids(withoutConsequences({ federation: federation(step) }, outcomes(outcome), [unreachable, defaultPort, version],
      others))
  const broken = finding('document.json', { severity: 'failure', about: { document: 'server' } })
  const expired = finding('certificate.expired', { severity: 'failure' })
  const elsewhere = finding('document.json', { severity: 'failure', area: 'clients', about: { document: 'client' } })
  t.strictSame(judge('6', [broken]), ['federation.version', 'document.json'])
  t.strictSame(judge('6', [expired]), ['federation.version', 'certificate.expired'])
  t.strictSame(judge('6', [elsewhere]), ['federation.unreachable', 'federation.version', 'document.json'])
  t.strictSame(judge('6', [broken], 'works'), ['federation.unreachable', 'federation.version', 'document.json'])
  t.strictSame(judge('2', [broken]), ['federation.unreachable', 'federation.version'])
  t.strictSame(judge('1', [finding('discovery.well-known-unread')]),
    ['federation.unreachable', 'federation.version', 'discovery.well-known-unread'])
  const noAddress = finding('discovery.no-address')
  t.strictSame(ids(withoutConsequences({ federation: undefined }, new Map(), [defaultPort, version], [])),
    ['discovery.default-port', 'federation.version'])
  t.strictSame(ids(withoutConsequences({ federation: undefined }, new Map(), [defaultPort, noAddress], [])),
    ['discovery.no-address'])
})

t.test('a document that was meant to delegate is broken', async t => {
  const fetch = fetched(response(200, open, '{"m.server":"matrix.example.com:443"}'))
  const serving = {
    host: 'example.com',
    inspections: new Map([['server' as const, [{ fetch, asOther: undefined, preflight: undefined }]]]),
    strangers: []
  }
  const silent = { host: 'example.com', inspections: new Map(), strangers: [] }
  const { site } = loadConfig({ SERVER_NAME: 'example.com', M_SERVER: `${host}:443` })
  const isBroken = (facts: Parameters<typeof isBrokenDelegation>[0], found: Finding, intent?: Intent): boolean =>
    isBrokenDelegation(facts, intent, found)
  const readers = ['synapse' as const]
  const certificate = finding('certificate.expired', { readers, about: { host: 'example.com', port: 443 } })
  t.equal(isBroken(serving, finding('document.json')), false)
  t.equal(isBroken(serving, finding('document.json', { readers, about: { document: 'server' } })), true)
  const page = finding('document.html', { readers, about: { document: 'server' } })
  const everywhere = { ...serving, strangers: [fetched(response(200, open, '<html>'))] }
  t.equal(isBroken(serving, page), true, 'only in its place')
  t.equal(isBroken(everywhere, page), false, 'a page that any path returns')
  const { site: other } = loadConfig({ SERVER_NAME: 'example.com', SERVE_SERVER_WELLKNOWN: 'false' })
  t.equal(isBroken(everywhere, page, buildIntent(site)), true, 'a page in place of a document that the settings have')
  t.equal(isBroken(everywhere, page, buildIntent(other)), false)
  t.equal(isBroken(serving, certificate), true)
  t.equal(isBroken(serving, { ...certificate, about: { host: 'example.com', port: 8448 } }), false)
  t.equal(isBroken(serving, { ...certificate, about: { host, port: 443 } }), false)
  t.equal(isBroken(serving, { ...certificate, id: 'keys.missing' }), false)
  t.equal(isBroken(silent, certificate), false)
})

t.test('what is wrong with a fallback is left out', async t => {
  const about = { host, port: 8448 }
  const findings = [
    finding('federation.unreachable', { about }),
    finding('certificate.expired', { about }),
    finding('keys.missing', { about }),
    finding('federation.version', { about }),
    finding('keys.missing', { about: { host: 'example.com', port: 443 } }),
    finding('discovery.default-port', { about: { step: '6' } }),
    finding('certificate.name', { about, area: 'clients' })
  ]
  t.strictSame(ids(withoutFallback({ federation: federation('6') }, findings)),
    ['keys.missing', 'certificate.name'])
  t.strictSame(ids(withoutFallback({ federation: federation('3.2') }, findings)), ids(findings))
  t.strictSame(ids(withoutFallback({ federation: federation(undefined) }, findings)), ids(findings))
  t.strictSame(ids(withoutFallback({ federation: undefined }, findings)), ids(findings))
})

t.test('findings with the same cause, or twice the same, are reported once', async t => {
  const attribute = (...findings: readonly Finding[]): Finding[] => attributeToCauses(findings, { host: 'example.com' })
  const at = finding('keys.missing', { about: { host, port: 443, address } })
  const version = finding('federation.version', { about: { host, port: 443, address } })
  const elsewhere = finding('federation.version', { about: { host, port: 443, address: '192.0.2.2' } })
  const readers = ['synapse' as const]
  t.strictSame(attribute(at, { ...version, severity: 'failure', readers }, elsewhere),
    [{ ...at, severity: 'failure', readers }, elsewhere], 'the cause explains what it leads to')
  t.strictSame(withoutRepetitions([at, at, version]), [at, version])
  t.strictSame(withoutRepetitions([at, version, at]), [at, version], 'where the first one is')
  t.strictSame(ids(sortFindings([at, { ...version, severity: 'failure' }])), ['federation.version', 'keys.missing'])
})

t.test('a browser reads only responses with CORS headers', async t => {
  const doubled = { ...response(200), headers: [['access-control-allow-origin', '*'] as const] }
  const twice = { ...doubled, headers: [...doubled.headers, ...doubled.headers] }
  const list = { 'access-control-allow-origin': '*, *' }
  t.strictSame(judgeCorsHeaders(response(200), true, documentContext), [])
  t.strictSame(ids(judgeCorsHeaders(twice, true, documentContext)), ['cors.doubled'])
  t.strictSame(ids(judgeCorsHeaders(response(200, list), true, homeserverContext)), ['cors.doubled'])
  t.strictSame(ids(judgeCorsHeaders(response(200, {}), true, homeserverContext)), ['cors.missing'])
  t.strictSame(ids(judgeCorsHeaders(response(200, {}), false, documentContext)), ['cors.missing-elsewhere'])
  t.strictSame(judgePreflight(exchange(response(204, preflightHeaders)), 'homeserver', homeserverContext), [])
  t.strictSame(ids(judgePreflight(exchange(refused), 'homeserver', homeserverContext)), ['cors.preflight'])
  t.strictSame(ids(judgePreflight(exchange(response(405)), 'document', documentContext)), ['cors.preflight-document'])
})

t.test('a document, its redirects and its preflight need CORS headers if clients read it', async t => {
  const redirected: Partial<Fetch> = { hops: [exchange(response(301, {})), exchange(response(200))] }
  const judge = (fetch: Fetch, preflight?: Exchange, name: 'client' | 'server' = 'client'): string[] =>
    ids(judgeCors(name, { fetch, asOther: undefined, preflight }, documentContext))
  t.strictSame(judge(fetched(response(200))), [])
  t.strictSame(judge(fetched(refused)), [])
  t.strictSame(judge(fetched(response(200, {}, '<html>'))), [])
  t.strictSame(judge(fetched(response(200, {})), undefined, 'server'), ['cors.missing-elsewhere'])
  t.strictSame(judge(fetched(response(200)), exchange(response(405))), ['cors.preflight-document'])
  t.strictSame(judge(fetched(response(200), redirected), exchange(response(405))), ['cors.redirect'])
  t.strictSame(judgeNotFound([fetched(response(404)), fetched(refused), fetched(response(200, {}))], host), [])
  t.strictSame(ids(judgeNotFound([fetched(response(404, {}))], host)), ['cors.not-found'])
})

t.test('a document is judged by its last response', async t => {
  const judge = (fetch: Fetch, asOther?: Exchange): string[] =>
    ids(judgeDocument('server', { fetch, asOther, preflight: undefined }, documentContext, now))
  const json = { ...open, 'content-type': 'application/json', 'cache-control': 'max-age=3600' }
  const served = response(200, json, '{"m.server":"matrix.example.com:443"}')
  const cut = (failure: Failure): Fetch => fetched(served, { hops: [exchange(served, { failure })] })
  const hops: Fetch['hops'] = [exchange(response(302, { location: 'https://x.example/' })), exchange(refused)]
  t.strictSame(judge(fetched(refused)), [])
  t.notOk(judge(fetched(served, { hops, reading: undefined })).includes('document.status'))
  t.notOk(judge(fetched(response(302), { redirectFault: 'loop' })).includes('document.status'))
  t.strictSame(judge(fetched(served)), [])
  const redirected = (headers: Readonly<Record<string, string>>): string[] => ids(judgeDocument('client', {
    fetch: fetched(served, { hops: [exchange(response(301, headers)), exchange(served)] }),
    asOther: undefined,
    preflight: undefined
  }, documentContext, now))
  t.ok(redirected(open).includes('document.redirect'))
  t.ok(redirected({}).includes('cors.redirect'))
  t.notOk(redirected({}).includes('document.redirect'), "a redirect that browsers don't follow is reported once")
  t.strictSame(judge(fetched(response(404))), [])
  t.strictSame(judge(fetched(response(401))), ['document.forbidden'])
  t.strictSame(judge(fetched(response(403)), exchange(response(200))), ['document.user-agent'])
  t.strictSame(judge(fetched(response(410))), ['document.status'])
  t.strictSame(judge(fetched(response(200, open, '<html>ddos-guard'))), ['document.bot-challenge'])
  t.strictSame(judge(cut({ kind: 'timeout', phase: 'response', message: 'timeout' })), ['document.broken-off'])
  t.strictSame(judge(fetched({ ...served, truncated: true })), ['document.too-large'])
  t.strictSame(judge(fetched(response(200, json, '[]'))), ['document.json'])
  t.strictSame(judge(fetched(response(200, { ...json, 'content-encoding': 'x' }, 'x'))), ['document.content-encoding'])
})

function federationAddress (keys: Exchange, version: Exchange = keys): FederationAddress {
  const [target] = endpoint('3.2').targets
  if (target === undefined) throw new Error('no target')
  const events = { plainEvent: exchange(refused), encodedEvent: exchange(refused) }
  return readAddress({ target, address: '45.0.0.1', version, keys, ...events }, 'example.com')
}

t.test('a homeserver is reachable for other servers if one address responds', async t => {
  const about = { serverName: 'example.com', host: 'example.com', lookup: lookup('example.com'), client: undefined }
  const judge = (step: Endpoint['step'] | undefined, changes: Partial<FederationFacts> = {}): Finding[] =>
    judgeFederation({ ...about, federation: federation(step, changes) }, now)
  const unroutable = federationAddress(exchange({ ...refused, kind: 'unroutable' }))
  const silent = federationAddress(exchange(refused))
  t.strictSame(judgeFederation({ ...about, federation: undefined }, now), [])
  t.notOk(ids(judge(undefined)).includes('federation.unreachable'))
  t.notOk(ids(judge('6')).includes('federation.unreachable'))
  t.ok(ids(judge('3.2', { addresses: [unroutable] })).includes('federation.unreachable'))
  t.match(judge('3.5', { addresses: [silent] }).find(({ id }) => id === 'federation.unreachable')?.parts,
    { isDefaultPort: true, elsewhere: undefined })
  const elsewhere = fetched(response(200))
  t.match(judge('6', { addresses: [silent], elsewhere }).find(({ id }) => id === 'federation.unreachable')?.parts,
    { isDefaultPort: true, elsewhere: { host: 'example.com' } })
  const named = exchange(response(200, {}, '{"server":{"name":"Synapse","version":"1"}}'))
  const keys = exchange(response(404))
  t.notOk(ids(judge('3.3', { addresses: [federationAddress(keys, named)] })).includes('federation.version'))
  for (const got of [response(200), response(404), { ...response(200), truncated: true }]) {
    t.ok(ids(judge('4', { addresses: [federationAddress(keys, exchange(got))] })).includes('federation.version'))
  }
  for (const server of ['{"name":"Synapse"}', '{"version":"1"}', '{"name":1,"version":1}']) {
    const version = exchange(response(200, {}, `{"server":${server}}`))
    t.ok(ids(judge('5', { addresses: [federationAddress(keys, version)] })).includes('federation.version'))
  }
})

function clientFacts (identity: Exchange | undefined, changes: Partial<ClientFacts> = {}): ClientFacts {
  return {
    homeserver: { ...baseUrl(host), addresses: [] },
    identityServer: { ...baseUrl('id.example.com'), exchange: identity },
    ownDocument: undefined,
    callServices: [],
    ...changes
  }
}

t.test('an identity server is judged by its response; a shared host with the homeserver', async t => {
  const judge = (identity: Exchange | undefined, changes: Partial<ClientFacts> = {}): string[] =>
    ids(judgeIdentityServer(clientFacts(identity, changes), now))
  const shared = (identity: Exchange | undefined): Partial<ClientFacts> => ({
    identityServer: { ...clientFacts(undefined).homeserver, exchange: identity }
  })
  const untrusted = exchange(response(200), { tls: selfSigned })
  t.equal(isIdentityServer(undefined), false)
  t.equal(isIdentityServer(exchange(response(404))), false)
  t.equal(isIdentityServer(untrusted), false)
  t.equal(isIdentityServer(exchange(response(200))), true)
  t.strictSame(judge(undefined, { identityServer: undefined }), [])
  t.strictSame(judge(undefined), ['client.identity-server'])
  t.strictSame(judge(undefined, shared(undefined)), [])
  t.strictSame(judge(untrusted), ['client.identity-server', 'certificate.self-signed'])
  t.strictSame(judge(undefined, shared(untrusted)), [])
  t.strictSame(judge(exchange(refused)), ['client.identity-server'])
  t.strictSame(judge(undefined, shared(exchange(refused))), [])
  t.strictSame(judge(exchange(response(404))), ['client.identity-server'])
  t.strictSame(judge(exchange(response(200, {}))), ['client.identity-server'])
  t.strictSame(judge(exchange(response(200))), [])
})

t.test('why a response is incomplete', async t => {
  const got = response(502, {}, '{"errcode":"M_UNKNOWN"}')
  const reset: Failure = { kind: 'reset', phase: 'response', message: 'read ECONNRESET' }
  t.equal(whyIncomplete(got, undefined), undefined)
  t.equal(whyIncomplete({ ...got, truncated: true }, undefined), 'too-long')
  t.equal(whyIncomplete(response(200, { 'content-encoding': 'gzip' }, '{}'), undefined), 'encoding')
  t.equal(whyIncomplete(got, { ...reset, kind: 'timeout' }), 'timeout')
  t.strictSame(whyIncomplete(got, reset), { bytes: 23 })
  t.match(readBadResponse({ ...exchange(got), response: got }), { status: 502, errcode: 'M_UNKNOWN' })
  t.equal(readBadResponse({ ...exchange(got), response: response(502) }).errcode, undefined)
})

t.test('a homeserver that servers are not led to', async t => {
  const site = loadConfig({ SERVER_NAME: 'example.com', M_SERVER: `${host}:443` }).site
  const facts = { serverName: 'example.com', host: 'example.com', inspections: new Map(), federation: undefined }
  const judge = (candidates: FederationFacts['candidates'], outcome: 'works' | 'fails' = 'fails'): Finding[] =>
    judgeInstallation({ ...facts, federation: federation('6', { candidates }) }, outcomes(outcome), site)
  const own = { host, port: 443, serverName: 'example.com' }
  t.strictSame(judge([own], 'works'), [])
  t.match(judge([own]), [{ id: 'discovery.not-delegated', parts: { isConfigured: true } }])
  t.match(judge([{ ...own, port: 8448 }]), [{ id: 'discovery.not-delegated', parts: { isConfigured: false } }])
  t.strictSame(ids(judge([{ host: 'example.com', port: 443, serverName: 'example.org' }])), ['discovery.is-a-host'])
  t.match(judge([{ ...own, serverName: 'example.org' }]), [{
    id: 'keys.server-name', about: { host, port: 443 }, parts: { name: 'example.org' }
  }])
  t.strictSame(judge([{ ...own, serverName: 'not a name' }]), [])
  t.strictSame(judgeInstallation(facts, outcomes('fails'), undefined), [])
})

t.test('what is published is compared with the settings', async t => {
  const { site } = loadConfig({ SERVER_NAME: 'example.com', M_SERVER: `${host}:443`, CACHE_MAX_AGE: '60' })
  const intent = buildIntent(site)
  const own = JSON.stringify({ 'm.server': `${host}:443` })
  const judge = (got: Response | Failure, name: 'server' | 'support' = 'server'): Finding[] =>
    judgeIntent(intent, name, fetched(got))
  const caching = (value: string): Record<string, string> => ({ 'cache-control': value })
  t.strictSame([...intent.documents.keys()], ['server'])
  t.strictSame(judge(refused), [])
  t.strictSame(judge(response(404), 'support'), [])
  t.strictSame(ids(judge(response(200), 'support')), ['intent.unexpected'])
  t.strictSame(ids(judge(response(404))), ['intent.missing'])
  t.strictSame(judge(response(502)), [])
  t.strictSame(judge(response(200, caching('max-age=60'), own)), [])
  t.strictSame(ids(judge(response(200, caching('max-age=60, private'), own))), ['intent.headers'])
  t.strictSame(ids(judge(response(200, {}, own))), ['intent.headers'])
  const kinds: ReadonlyArray<readonly [headers: Record<string, string>, kind: string]> = [
    [{ age: '5' }, 'cache'],
    [{ 'x-cache': 'HIT' }, 'cache'],
    [{ 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 'file'],
    [{ ...preflightHeaders, 'x-content-type-options': 'nosniff' }, 'sidecar'],
    [{}, 'other']
  ]
  for (const [headers, kind] of kinds) {
    t.match(judge(response(200, headers)), [{
      id: 'intent.differs',
      parts: { responder: { kind }, key: 'm.server', is: undefined, should: `${host}:443`, more: 0 }
    }])
  }
})

t.test("a body that isn't a JSON object", async t => {
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`
  const cases: ReadonlyArray<readonly [fault: JsonFault, body: string, id: string]> = [
    ['json', '{', 'document.json'],
    ['empty', '', 'document.json'],
    ['object', '[]', 'document.json'],
    ['html', '<html>', 'document.html'],
    ['trailing', '{}x', 'document.trailing'],
    ['bom', '\ufeff{}', 'document.bom'],
    ['encoding', '{}', 'document.encoding'],
    ['depth', deep, 'document.depth']
  ]
  for (const [fault, body, id] of cases) {
    t.equal(judgeJsonFault(fault, Buffer.from(body), documentContext, {}).id, id, fault)
  }
  t.strictSame(ids(judgeDepth(deep, documentContext)), ['document.depth'])
  t.strictSame(judgeDepth('{}', documentContext), [])
})
