import { documentNames } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import { parseDelegatedServerName, parseServerName, withoutBrackets } from '../../matrix/server-name.ts'
import type { ServerName } from '../../matrix/server-name.ts'
import { askAsClient, fetchElsewhere, fetchOwnDocument } from './client.ts'
import type { ClientFacts } from './client.ts'
import { hasHomeserver } from './client.ts'
import { discover } from './discovery.ts'
import type { Discovery } from './discovery.ts'
import { askEndpoint } from './federation.ts'
import type { FederationAddress } from './federation.ts'
import { addressesToAsk } from './addresses.ts'
import type { Network } from '../network/network.ts'
import type { Lookup } from '../network/dns.ts'
import { fetchFrom, inspectDocument } from './well-known.ts'
import type { Fetch, Inspection } from './well-known.ts'

/** The part of a check that is wanted. */
export type Part = 'federation' | 'client' | 'documents'

/** All that was found out, before it is judged. */
export interface Facts {
  readonly serverName: string
  /** The host of the server name, which is asked for the documents. */
  readonly host: string
  readonly lookup: Lookup
  /** What each address answers for each document. */
  readonly inspections: ReadonlyMap<DocumentName, readonly Inspection[]>
  /** What each address answers for a path that is no document. */
  readonly strangers: readonly Fetch[]
  readonly federation: {
    readonly discovery: Discovery
    readonly addresses: readonly FederationAddress[]
    /** Where there is no /server, the one that is on the homeserver's own host. */
    readonly elsewhere: Fetch | undefined
  } | undefined
  readonly client: {
    /** The document that a client reads; undefined where no address answers. */
    readonly document: Fetch | undefined
    readonly facts: ClientFacts | undefined
    /** Where there is none, the document that is on the homeserver's own host. */
    readonly elsewhere: Fetch | undefined
  } | undefined
}

const strangePath = '/.well-known/matrix/no-such-document'

/**
 * Finds out all that a check is about. What does not depend on one another is asked side by side.
 *
 * @throws {InvalidValueError} when the server name is none.
 */
export async function gather (serverName: string, network: Network, only: Part | undefined): Promise<Facts> {
  const name = parseServerName(serverName)
  const lookup = network.lookup(withoutBrackets(name.host), 443)
  const documents = documentNames.filter(document => only === undefined || only === 'documents' || document === (only === 'federation' ? 'server' : 'client'))
  const asked = lookup.then(found => {
    const hosts = addressesToAsk(found).map(address => ({ host: name.host, address }))
    return {
      documents: new Map(documents.map(document => [document, hosts.map(at => inspectDocument(network, at, document))])),
      strangers: only === 'federation' ? [] : hosts.map(async at => await fetchFrom(network, at, strangePath))
    }
  })
  const fetchesOf = async (document: DocumentName): Promise<Fetch[]> => {
    const each = [...(await asked).documents].flatMap(([name, each]) => name === document ? each : [])
    return await Promise.all(each.map(async ({ fetch }) => await fetch))
  }
  const inspect = async (): Promise<Map<DocumentName, Inspection[]>> => new Map(await Promise.all([...(await asked).documents].map(
    async ([document, each]) => [document, await Promise.all(each.map(async ({ inspection }) => await inspection))] as const
  )))

  const federation = only === undefined || only === 'federation' ? followServers(serverName, network, async () => await fetchesOf('server')) : undefined
  const client = only === undefined || only === 'client' ? followClients(name, network, async () => await fetchesOf('client'), federation) : undefined
  const [found, inspections, strangers, servers, clients] = await Promise.all([
    lookup, inspect(), asked.then(async ({ strangers }) => await Promise.all(strangers)), federation, client
  ])
  return { serverName, host: name.host, lookup: found, inspections, strangers, federation: servers, client: clients }
}

async function followServers (serverName: string, network: Network, fetches: () => Promise<readonly Fetch[]>): Promise<NonNullable<Facts['federation']>> {
  const discovery = await discover(serverName, network, fetches)
  const { endpoint } = discovery
  const [addresses, elsewhere] = await Promise.all([
    endpoint === undefined ? [] : askEndpoint(network, endpoint),
    endpoint?.step === '6' ? fetchElsewhere(network, likelyHost(endpoint.tlsName), 'server') : undefined
  ])
  return { discovery, addresses, elsewhere }
}

async function followClients ({ host, kind }: ServerName, network: Network, fetches: () => Promise<readonly Fetch[]>, federation: Promise<Facts['federation']> | undefined): Promise<NonNullable<Facts['client']>> {
  const all = await fetches()
  const document = all.find(({ reading }) => reading?.content !== undefined) ?? all.find(({ hops }) => hops.at(-1)?.response !== undefined)
  const content = document?.reading?.content
  const facts = content === undefined ? undefined : await askAsClient(network, content, host)
  if (content !== undefined && (facts === undefined || hasHomeserver(facts))) return { document, facts, elsewhere: undefined }
  // Where the homeserver probably is.
  const delegated = (await federation)?.discovery.delegation?.reading?.content?.['m.server']
  const ownHost = typeof delegated === 'string' ? parseDelegatedServerName(delegated).host : likelyHost(host)
  const asked = facts?.homeserver.host.toLowerCase() === ownHost.toLowerCase()
  const elsewhere = kind === 'dns' && !asked ? await fetchOwnDocument(network, ownHost, host) : undefined
  if (facts === undefined) return { document, facts, elsewhere }
  return { document, facts: { ...facts, ownDocument: facts.ownDocument ?? elsewhere }, elsewhere: undefined }
}

/** Where most people have the homeserver of a server name. */
function likelyHost (host: string): string {
  return `matrix.${host}`
}
