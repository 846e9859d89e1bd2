import { documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { readCacheSeconds } from '../network/cache-control.ts'
import { daysLeft, isTrusted } from '../network/certificate.ts'
import { readVersions } from '../gather/client.ts'
import type { ClientFacts } from '../gather/client.ts'
import { reachVerdict } from '../judge/clients.ts'
import type { ClientVerdict } from '../judge/clients.ts'
import type { Step, StepNumber } from '../gather/discovery.ts'
import { readSoftware } from '../gather/federation.ts'
import { sortFindings } from '../judge/finding.ts'
import type { Finding } from '../judge/finding.ts'
import { describeFinding } from './finding-text.ts'
import type { ReportedFinding } from './finding-text.ts'
import type { Facts } from '../gather/gather.ts'
import type { Exchange } from '../network/peer.ts'
import type { Fetch } from '../gather/well-known.ts'

/** A TLS handshake. */
export interface ReportedTls {
  readonly protocol: string
  readonly subject: string
  readonly issuer: string
  readonly names: readonly string[]
  readonly trusted: boolean
  readonly validTo: string
  readonly daysLeft: number
}

/** An address that was connected to. */
export interface ReportedAddress {
  readonly host: string
  readonly port: number
  readonly address: string
  readonly answers: boolean
  /** Why not: refused, timeout, unroutable, reset, tls, not-http or other. */
  readonly failure: string | null
  readonly tls: ReportedTls | null
}

/** A document at one address. */
export interface ReportedDocument {
  readonly name: DocumentName
  readonly path: string
  readonly address: string
  /** Each URL that was asked, redirects included. */
  readonly urls: readonly string[]
  readonly status: number | null
  readonly content: JsonObject | null
  readonly bytes: number | null
  readonly milliseconds: number
  /** For how many seconds the answer says that it may be kept. */
  readonly cacheSeconds: number | null
}

/** Whether something works; `unchecked` where `only` left it out. */
export interface Verdict {
  readonly federation: 'works' | 'fails' | 'unchecked'
  /** `asks`: users have to type in the homeserver's address. `web-fails`: all but web clients can log in. */
  readonly clients: 'works' | 'asks' | 'web-fails' | 'fails' | 'unchecked'
  readonly failures: number
  readonly warnings: number
  readonly notices: number
}

/** What a check found out. Its form is described by report.schema.json; a change of `version` says that it has changed. */
export interface Report {
  readonly version: 2
  readonly serverName: string
  /** ISO 8601. */
  readonly checkedAt: string
  readonly milliseconds: number
  readonly verdict: Verdict
  readonly federation: {
    readonly steps: readonly Step[]
    readonly endpoint: { readonly step: StepNumber, readonly hostHeader: string, readonly tlsName: string } | null
    readonly addresses: ReadonlyArray<ReportedAddress & { readonly software: string | null }>
  } | null
  readonly clients: {
    readonly verdict: ClientVerdict
    readonly baseUrl: string | null
    readonly identityServer: string | null
    readonly addresses: ReadonlyArray<ReportedAddress & { readonly versions: readonly string[] | null }>
  } | null
  readonly hosts: readonly ReportedAddress[]
  readonly documents: readonly ReportedDocument[]
  readonly findings: readonly ReportedFinding[]
}

export function buildReport (facts: Facts, findings: readonly Finding[], start: Date, end: Date): Report {
  const { serverName, host, inspections, federation, client } = facts
  const fetches = [...inspections].flatMap(([name, each]) => each.map(({ fetch }) => ({ name, fetch })))
  const clientVerdict = client === undefined ? undefined : reachVerdict(client.document, client.facts)
  return {
    version: 2,
    serverName,
    checkedAt: start.toISOString(),
    milliseconds: end.getTime() - start.getTime(),
    verdict: {
      federation: federation === undefined ? 'unchecked' : findings.some(isFailure('federation')) ? 'fails' : 'works',
      clients: clientVerdict === undefined ? 'unchecked' : judgeClients(clientVerdict, findings),
      failures: findings.filter(({ severity }) => severity === 'failure').length,
      warnings: findings.filter(({ severity }) => severity === 'warning').length,
      notices: findings.filter(({ severity }) => severity === 'notice').length
    },
    federation: federation === undefined
      ? null
      : {
          steps: federation.discovery.steps,
          endpoint: describeEndpoint(federation.discovery.endpoint),
          addresses: federation.addresses.map(({ target, version }) => ({ ...describeAddress(target.host, version, start), software: readSoftware(version) ?? null }))
        },
    clients: client === undefined || clientVerdict === undefined
      ? null
      : {
          verdict: clientVerdict,
          baseUrl: client.facts?.homeserver.url ?? null,
          identityServer: client.facts?.identityServer?.url ?? null,
          addresses: describeHomeserver(client.facts?.homeserver, start)
        },
    hosts: [...new Map(fetches.map(({ fetch }) => [fetch.address, describeAddress(host, fetch.hops[0], start)])).values()],
    documents: fetches.map(({ name, fetch }) => describeDocument(name, fetch, start)),
    findings: sortFindings(findings).map(describeFinding)
  }
}

function isFailure (area: Finding['area']): (finding: Finding) => boolean {
  return finding => finding.area === area && finding.severity === 'failure'
}

function judgeClients (verdict: ClientVerdict, findings: readonly Finding[]): Verdict['clients'] {
  const failures = findings.filter(isFailure('clients'))
  if (failures.some(({ id }) => !id.startsWith('cors.')) || verdict.startsWith('FAIL')) return 'fails'
  if (failures.length > 0) return 'web-fails'
  return verdict === 'IGNORE' ? 'asks' : 'works'
}

function describeHomeserver (homeserver: ClientFacts['homeserver'] | undefined, now: Date): NonNullable<Report['clients']>['addresses'] {
  if (homeserver === undefined) return []
  return homeserver.addresses.map(({ versions }) => ({ ...describeAddress(homeserver.host, versions, now), versions: readVersions(versions) ?? null }))
}

function describeEndpoint (endpoint: NonNullable<Facts['federation']>['discovery']['endpoint']): NonNullable<Report['federation']>['endpoint'] {
  return endpoint === undefined ? null : { step: endpoint.step, hostHeader: endpoint.hostHeader, tlsName: endpoint.tlsName }
}

function describeAddress (host: string, { address, port, response, failure, tls }: Exchange, now: Date): ReportedAddress {
  const [own] = tls?.chain ?? []
  return {
    host,
    port,
    address,
    answers: response !== undefined,
    failure: failure?.kind ?? null,
    tls: tls === undefined || own === undefined
      ? null
      : {
          protocol: tls.protocol,
          subject: own.subject,
          issuer: own.issuer,
          names: tls.names,
          trusted: isTrusted(tls),
          validTo: own.validTo.toISOString(),
          daysLeft: daysLeft([own], now)
        }
  }
}

function describeDocument (name: DocumentName, { address, hops, reading }: Fetch, now: Date): ReportedDocument {
  const response = hops.at(-1)?.response
  return {
    name,
    path: documentPath(name),
    address,
    urls: hops.map(({ url }) => url),
    status: response?.status ?? null,
    content: reading?.content ?? null,
    bytes: response?.body.length ?? null,
    milliseconds: hops.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    cacheSeconds: response === undefined ? null : readCacheSeconds(response, now) ?? null
  }
}
