import { documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { readCacheSeconds } from '../network/cache-control.ts'
import { daysLeft, isTrusted } from '../network/certificate.ts'
import type { Tls } from '../network/certificate.ts'
import { readVersions } from '../gather/client.ts'
import { reachVerdict } from '../judge/client-verdict.ts'
import type { ClientVerdict } from '../judge/client-verdict.ts'
import type { Step, StepNumber } from '../gather/discovery.ts'
import { readSoftware } from '../gather/federation.ts'
import { sortFindings } from '../judge/finding.ts'
import type { Finding } from '../judge/finding.ts'
import type { Fetch } from '../network/fetch.ts'
import type { ReaderOutcomes } from '../readers/readers.ts'
import { describeFinding } from './finding-text.ts'
import type { ReportedFinding } from './finding-text.ts'
import { reportExchanges } from './exchanges.ts'
import type { ReportedExchange } from './exchanges.ts'
import { buildPaths } from './paths/paths.ts'
import type { Paths } from './paths/paths.ts'
import { buildVerdict } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import type { Facts } from '../gather/gather.ts'
import type { Exchange } from '../network/peer.ts'

export type { Verdict } from './verdict.ts'

/** A TLS handshake. */
export interface ReportedTls {
  readonly protocol: string
  readonly subject: string
  readonly issuer: string
  readonly names: readonly string[]
  readonly trusted: boolean
  readonly validFrom: string
  readonly validTo: string
  readonly daysLeft: number
}

/** An address that the check connected to. */
export interface ReportedAddress {
  readonly host: string
  readonly port: number
  readonly address: string
  readonly responds: boolean
  /** Why it doesn't respond: refused, timeout, unroutable, not-public, reset, tls, not-http or other. */
  readonly failure: string | null
  readonly tls: ReportedTls | null
}

/** A document at one address. */
export interface ReportedDocument {
  readonly name: DocumentName
  readonly path: string
  readonly address: string
  /** Each URL that was requested, including redirects. */
  readonly urls: readonly string[]
  readonly status: number | null
  readonly content: JsonObject | null
  readonly bytes: number | null
  readonly milliseconds: number
  /** How many seconds the response may be cached for, if it says. */
  readonly cacheSeconds: number | null
}

/** The endpoint of federation, and how it was found. */
export interface ReportedFederation {
  readonly steps: readonly Step[]
  readonly endpoint: { readonly step: StepNumber, readonly hostHeader: string, readonly tlsName: string } | null
  readonly addresses: ReadonlyArray<ReportedAddress & { readonly software: string | null }>
}

/** Where `/client` leads. */
export interface ReportedClients {
  readonly verdict: ClientVerdict
  readonly baseUrl: string | null
  readonly identityServer: string | null
  readonly addresses: ReadonlyArray<ReportedAddress & { readonly versions: readonly string[] | null }>
}

/** The result of a check, as report.schema.json describes it; `version` changes if its readers have to. */
export interface Report {
  readonly version: 2
  readonly serverName: string
  /** ISO 8601. */
  readonly checkedAt: string
  readonly milliseconds: number
  readonly verdict: Verdict
  readonly paths: Paths
  readonly federation: ReportedFederation | null
  readonly clients: ReportedClients | null
  readonly hosts: readonly ReportedAddress[]
  readonly documents: readonly ReportedDocument[]
  readonly findings: readonly ReportedFinding[]
  /** The requests and responses that show all this, of the host of the documents first. */
  readonly exchanges: readonly ReportedExchange[]
  /** How many further ones there were. */
  readonly exchangesLeftOut: number
}

export function buildReport (
  facts: Facts,
  outcomes: ReaderOutcomes,
  findings: readonly Finding[],
  start: Date,
  end: Date
): Report {
  const { serverName, host, inspections, federation, client } = facts
  const fetches = [...inspections].flatMap(([name, each]) => each.map(({ fetch }) => ({ name, fetch })))
  const hosts = fetches.map(({ fetch }) => [fetch.address, reportAddress(host, fetch.hops[0], start)] as const)
  return {
    version: 2,
    serverName,
    checkedAt: start.toISOString(),
    milliseconds: end.getTime() - start.getTime(),
    verdict: buildVerdict(facts, outcomes, findings),
    paths: buildPaths(facts, outcomes, findings, start),
    federation: federation === undefined ? null : reportFederation(federation, start),
    clients: client === undefined ? null : reportClients(client, start),
    hosts: [...new Map(hosts).values()],
    documents: fetches.map(({ name, fetch }) => reportDocument(name, fetch, start)),
    findings: sortFindings(findings).map(describeFinding),
    ...reportExchanges(facts)
  }
}

function reportFederation (
  { discovery: { steps, endpoint }, addresses }: NonNullable<Facts['federation']>,
  now: Date
): ReportedFederation {
  return {
    steps,
    endpoint: endpoint === undefined
      ? null
      : { step: endpoint.step, hostHeader: endpoint.hostHeader, tlsName: endpoint.tlsName },
    addresses: addresses.map(({ target, version }) =>
      ({ ...reportAddress(target.host, version, now), software: readSoftware(version) ?? null }))
  }
}

function reportClients ({ document, facts }: NonNullable<Facts['client']>, now: Date): ReportedClients {
  const { homeserver, identityServer } = facts ?? {}
  return {
    verdict: reachVerdict(document, facts),
    baseUrl: homeserver?.url ?? null,
    identityServer: identityServer?.url ?? null,
    addresses: homeserver === undefined
      ? []
      : homeserver.addresses.map(({ versions }) =>
        ({ ...reportAddress(homeserver.host, versions, now), versions: readVersions(versions) ?? null }))
  }
}

function reportAddress (
  host: string,
  { address, port, response, failure, tls }: Exchange,
  now: Date
): ReportedAddress {
  return {
    host,
    port,
    address,
    responds: response !== undefined,
    failure: failure?.kind ?? null,
    tls: tls === undefined ? null : reportTls(tls, now)
  }
}

function reportTls (tls: Tls, now: Date): ReportedTls {
  const [{ subject, issuer, validFrom, validTo }] = tls.chain
  return {
    protocol: tls.protocol,
    subject,
    issuer,
    names: tls.names,
    trusted: isTrusted(tls),
    validFrom: validFrom.toISOString(),
    validTo: validTo.toISOString(),
    daysLeft: daysLeft(tls.chain.slice(0, 1), now)
  }
}

function reportDocument (name: DocumentName, { address, hops, reading }: Fetch, now: Date): ReportedDocument {
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
