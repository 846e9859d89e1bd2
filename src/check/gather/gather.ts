import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../../matrix/json-object.ts'
import { findDocumentFaults } from '../../matrix/document-faults.ts'
import { parseDelegatedServerName, parseServerName, withoutBrackets } from '../../matrix/server-name.ts'
import type { ServerName } from '../../matrix/server-name.ts'
import { documentKind, documentNames } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { DnsFault, Lookup } from '../network/dns.ts'
import type { Fetch, WellKnownHost } from '../network/fetch.ts'
import type { Network } from '../network/network.ts'
import { addressesToAsk, isOnlyPrivate } from './addresses.ts'
import { findCandidates, readHomeserverName } from './candidates.ts'
import type { Candidate } from './candidates.ts'
import { askAsClient, askServerName, fetchElsewhere, fetchOwnDocument, hasHomeserver } from './client.ts'
import type { ClientFacts } from './client.ts'
import { discover, discoverOtherwise, whyNoDelegation } from './discovery.ts'
import type { Discovery } from './discovery.ts'
import { askEndpoint } from './federation.ts'
import type { FederationAddress } from './federation.ts'
import { possibleDelegations } from './routes.ts'
import { fetchFrom, inspectDocument, readLeniently } from './well-known.ts'
import type { Inspection } from './well-known.ts'

/** The parts of a check. */
export const parts = ['federation', 'client', 'documents'] as const

export type Part = typeof parts[number]

/** A way to the homeserver, and what is at its end. */
export interface Route {
  /** The delegated server name; undefined if it leads on from the server name itself. */
  readonly delegatedName: string | undefined
  readonly discovery: Discovery
  /** The responses of each address of the endpoint. */
  readonly addresses: readonly FederationAddress[]
}

/** What other servers find. */
export interface FederationFacts {
  /** The way that the specification demands. */
  readonly discovery: Discovery
  /** The responses of each address of its endpoint. */
  readonly addresses: readonly FederationAddress[]
  /** That way first, then those of servers that read the document differently. */
  readonly routes: readonly Route[]
  /** If only the default port is left, `/server` on the likely host of the homeserver. */
  readonly elsewhere: Fetch | undefined
  /** If only the default port is left and the homeserver isn't there, homeservers where people usually have theirs. */
  readonly candidates: readonly Candidate[]
}

/** What clients find. */
export interface ClientSideFacts {
  /** The `/client` that a client reads; undefined if no address responds. */
  readonly document: Fetch | undefined
  /** What it leads to; undefined if it names no valid homeserver. */
  readonly facts: ClientFacts | undefined
  /** What the documents of other addresses lead to, if they name another homeserver. */
  readonly others: ReadonlyArray<{ readonly document: Fetch, readonly facts: ClientFacts | undefined }>
  /** The homeserver at the server name itself, if the document names no valid one. */
  readonly atServerName: ClientFacts['homeserver'] | undefined
  /** If it names none, `/client` on the likely host of the homeserver. */
  readonly elsewhere: Fetch | undefined
}

/** Everything that a check has found, not judged yet. */
export interface Facts {
  readonly serverName: string
  /** The host of the server name, which is asked for the documents. */
  readonly host: string
  readonly lookup: Lookup
  /** Undefined if this machine's DNS server responds, or isn't needed. */
  readonly dnsFault: DnsFault | undefined
  /** For each document that is wanted, the responses of each address of the host. */
  readonly inspections: ReadonlyMap<DocumentName, readonly Inspection[]>
  /** The responses of each address to a path that is not a document. */
  readonly strangers: readonly Fetch[]
  /** Undefined if this part is not wanted. */
  readonly federation: FederationFacts | undefined
  /** Undefined if this part is not wanted. */
  readonly client: ClientSideFacts | undefined
}

/** A host whose addresses serve more different documents than these is broken in any case. */
const maxOthers = 3

const strangePath = '/.well-known/matrix/no-such-document'

/**
 * Asks everything that a check needs. Questions that don't depend on each other are asked in parallel.
 *
 * @throws {InvalidValueError} if the server name is not valid.
 */
export async function gather (serverName: string, network: Network, only: Part | undefined): Promise<Facts> {
  const name = parseServerName(serverName)
  const lookup = network.lookup(withoutBrackets(name.host), 443)
  const hosts = lookup.then(found => addressesToAsk(found).map(address => ({ host: name.host, address })))
  const documents = new Map(documentNames.filter(document => isWanted(document, only))
    .map(document => [document, inspectEverywhere(network, hosts, document)]))
  const { fetches: servers } = documents.get('server') ?? {}
  const { fetches: clients } = documents.get('client') ?? {}

  const federation = servers === undefined || only === 'documents'
    ? undefined
    : followAsServer(serverName, network, servers, lookup)
  const client = clients === undefined || only === 'documents'
    ? undefined
    : followAsClient(name, network, clients, federation)
  const strangers = only === 'federation' ? [] : fetchEverywhere(network, hosts, strangePath)

  const found = await lookup
  const dnsFault = found.addresses.length === 0 ? await network.diagnoseDns() : undefined
  const common = { serverName, host: name.host, lookup: found }
  // Every further question would only have to wait as well.
  if (dnsFault !== undefined) return { ...common, ...nothing(only), dnsFault }
  const [inspections, unknown, federationFacts, clientFacts] = await Promise.all([
    Promise.all([...documents].map(async ([document, { inspections }]) => [document, await inspections] as const)),
    strangers,
    federation,
    client
  ])
  return {
    ...common,
    dnsFault: await network.diagnoseDns(),
    inspections: new Map(inspections),
    strangers: unknown,
    federation: federationFacts,
    client: clientFacts
  }
}

/** What is found without DNS. */
function nothing (only: Part | undefined): Pick<Facts, 'inspections' | 'strangers' | 'federation' | 'client'> {
  const discovery = {
    steps: [], endpoint: undefined, refusal: undefined, delegation: undefined, shadowed: [], failedLookups: []
  }
  return {
    inspections: new Map(),
    strangers: [],
    federation: only === 'client' || only === 'documents'
      ? undefined
      : { discovery, addresses: [], routes: [], elsewhere: undefined, candidates: [] },
    client: only === 'federation' || only === 'documents'
      ? undefined
      : { document: undefined, facts: undefined, others: [], atServerName: undefined, elsewhere: undefined }
  }
}

function isWanted (document: DocumentName, only: Part | undefined): boolean {
  const { area } = documentKind(document)
  if (only === 'federation') return area === 'federation'
  return only === 'client' ? area === 'clients' : true
}

/** Asks all addresses for a document. The fetches are available before the rest of the inspections. */
function inspectEverywhere (
  network: Network,
  hosts: Promise<readonly WellKnownHost[]>,
  name: DocumentName
): { fetches: Promise<Fetch[]>, inspections: Promise<Inspection[]> } {
  const started = hosts.then(all => all.map(at => inspectDocument(network, at, name)))
  return {
    fetches: started.then(async all => await Promise.all(all.map(async ({ fetch }) => await fetch))),
    inspections: started.then(async all => await Promise.all(all.map(async ({ inspection }) => await inspection)))
  }
}

async function fetchEverywhere (
  network: Network,
  hosts: Promise<readonly WellKnownHost[]>,
  path: string
): Promise<Fetch[]> {
  return await Promise.all((await hosts).map(async at => await fetchFrom(network, at, path)))
}

async function followAsServer (
  serverName: string,
  network: Network,
  fetches: Promise<readonly Fetch[]>,
  lookup: Promise<Lookup>
): Promise<FederationFacts> {
  const [discovery, others] = await Promise.all([
    discover(serverName, network, fetches),
    followOtherRoutes(serverName, network, fetches, lookup)
  ])
  const { endpoint } = discovery
  const [addresses, elsewhere] = await Promise.all([
    endpoint === undefined ? [] : askEndpoint(network, endpoint, serverName),
    endpoint?.step === '6' ? fetchElsewhere(network, likelyHost(endpoint.tlsName), 'server') : undefined
  ])
  const candidates = endpoint?.step !== '6' || addresses.some(({ keys }) => readHomeserverName(keys) === serverName)
    ? []
    : await findCandidates(network, endpoint.tlsName, addresses.flatMap(({ keys }) => keys.tls?.names ?? []))
  const delegatedName = delegatedNameOf(discovery)
  return { discovery, addresses, elsewhere, candidates, routes: [{ delegatedName, discovery, addresses }, ...others] }
}

/** The `m.server` that was followed. */
export function delegatedNameOf ({ delegation }: Pick<Discovery, 'delegation'>): string | undefined {
  const name = delegation?.reading?.content?.['m.server']
  return typeof name === 'string' ? name : undefined
}

/** The ways of servers that read the document more or less strictly than the specification, or can't reach it. */
async function followOtherRoutes (
  serverName: string,
  network: Network,
  fetches: Promise<readonly Fetch[]>,
  lookup: Promise<Lookup>
): Promise<Route[]> {
  const { kind, port } = parseServerName(serverName)
  if (kind !== 'dns' || port !== undefined) return []
  const found = await fetches
  const usual = delegatedNameOf({ delegation: found.find(fetch => whyNoDelegation(fetch) === undefined) })
  const possible = possibleDelegations(found)
  const all = isOnlyPrivate(await lookup) ? new Set([undefined, ...possible]) : possible
  const others = [...all].filter(name => name !== usual).slice(0, maxOthers)
  return await Promise.all(others.map(async delegatedName => {
    const discovery = await discoverOtherwise(serverName, network, delegatedName)
    const { endpoint } = discovery
    const addresses = endpoint === undefined ? [] : await askEndpoint(network, endpoint, serverName)
    return { delegatedName, discovery, addresses }
  }))
}

async function followAsClient (
  { host, kind, port }: ServerName,
  network: Network,
  fetches: Promise<readonly Fetch[]>,
  federation: Promise<FederationFacts> | undefined
): Promise<ClientSideFacts> {
  const all = await fetches
  const document = all.find(({ reading }) => reading?.content !== undefined) ??
    all.find(({ hops }) => hops.at(-1)?.response !== undefined)
  const content = document?.reading?.content ?? readLeniently(document)
  const isValid = content !== undefined && findDocumentFaults('client', content).length === 0
  const [facts, others, atServerName] = await Promise.all([
    content === undefined ? undefined : askAsClient(network, content, host),
    followOthers(network, all, content, host),
    document === undefined || isValid
      ? undefined
      : askServerName(network, `https://${host}${port === undefined ? '' : `:${port}`}`)
  ])
  const common = { document, others, atServerName }
  if (content !== undefined && (facts === undefined || hasHomeserver(facts))) {
    return { ...common, facts, elsewhere: undefined }
  }
  // No homeserver was found, so look where it probably is.
  const delegated = (await federation)?.discovery.delegation?.reading?.content?.['m.server']
  const ownHost = typeof delegated === 'string' ? parseDelegatedServerName(delegated).host : likelyHost(host)
  const isAsked = facts?.homeserver.host.toLowerCase() === ownHost.toLowerCase()
  const elsewhere = kind === 'dns' && !isAsked ? await fetchOwnDocument(network, ownHost, host) : undefined
  if (facts === undefined) return { ...common, facts, elsewhere }
  return { ...common, facts: { ...facts, ownDocument: facts.ownDocument ?? elsewhere }, elsewhere: undefined }
}

/** What the documents lead to that name another homeserver than the one that is followed. */
async function followOthers (
  network: Network,
  fetches: readonly Fetch[],
  followed: JsonObject | undefined,
  host: string
): Promise<ClientSideFacts['others']> {
  const found: Array<{ readonly document: Fetch, readonly content: JsonObject }> = []
  for (const document of fetches) {
    const content = document.reading?.content
    const known = [followed, ...found.map(({ content }) => content)]
    const isKnown = known.some(other =>
      isDeepStrictEqual(other?.['m.homeserver'], content?.['m.homeserver']))
    if (content !== undefined && !isKnown) found.push({ document, content })
  }
  return await Promise.all(found.slice(0, maxOthers).map(async ({ document, content }) =>
    ({ document, facts: await askAsClient(network, content, host) })))
}

/** Where the homeserver of a server name usually is. */
function likelyHost (host: string): string {
  return `matrix.${host}`
}
