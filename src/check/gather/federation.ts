import { isJsonObject } from '../../matrix/json-object.ts'
import { readJsonResponse } from '../network/json-body.ts'
import type { Network } from '../network/network.ts'
import type { Exchange } from '../network/peer.ts'
import { requestHeaders } from '../network/user-agents.ts'
import { addressesToAsk } from './addresses.ts'
import type { Endpoint, Target } from './discovery.ts'
import { readPublishedKeys } from './published-keys.ts'
import type { PublishedKeys } from './published-keys.ts'

/** @see https://spec.matrix.org/latest/server-server-api/#get_matrixfederationv1version */
export const versionPath = '/_matrix/federation/v1/version'
/** @see https://spec.matrix.org/latest/server-server-api/#get_matrixkeyv2server */
export const keysPath = '/_matrix/key/v2/server'

/** @see https://spec.matrix.org/latest/server-server-api/#get_matrixfederationv1eventeventid */
const plainEventPath = '/_matrix/federation/v1/event/%24ab'
const encodedEventPath = '/_matrix/federation/v1/event/%24a%2Fb'

/** The responses of one address of the endpoint. */
export interface AddressResponses {
  readonly target: Target
  readonly address: string
  readonly version: Exchange
  readonly keys: Exchange
  /** Requests for an event that doesn't exist, without a signature; one ID has an encoded slash. */
  readonly plainEvent: Exchange
  readonly encodedEvent: Exchange
}

/** One address of the endpoint: its responses, and what takes long to find in them. */
export interface FederationAddress extends AddressResponses {
  /** Undefined unless it publishes keys of this server. */
  readonly publishedKeys: PublishedKeys | undefined
  /** Whether the homeserver says that it knows no path of `/_matrix/federation`. */
  readonly lacksFederation: boolean
}

/** Asks every address of an endpoint, in parallel, for a homeserver with this server name. */
export async function askEndpoint (
  network: Network,
  endpoint: Endpoint,
  serverName: string
): Promise<FederationAddress[]> {
  const { hostHeader: host, tlsName, targets } = endpoint
  const places = targets.flatMap(target => addressesToAsk(target.lookup).map(address => ({ target, address })))
  return await Promise.all(places.map(async ({ target, address }) => {
    const askFor = async (path: string): Promise<Exchange> => {
      const { host: targetHost, port } = target
      const peer = network.openPeer({ scheme: 'https', address, port, tlsName, host, target: targetHost })
      return await peer.send({ method: 'GET', target: path, headers: requestHeaders('server') })
    }
    const [version, keys, plainEvent, encodedEvent] = await Promise.all([
      askFor(versionPath), askFor(keysPath), askFor(plainEventPath), askFor(encodedEventPath)
    ])
    return readAddress({ target, address, version, keys, plainEvent, encodedEvent }, serverName)
  }))
}

/** Reads the responses of an address once, however many readers meet it. */
export function readAddress (responses: AddressResponses, serverName: string): FederationAddress {
  return {
    ...responses,
    publishedKeys: readPublishedKeys(responses.keys, serverName),
    lacksFederation: [responses.version, responses.plainEvent].every(({ response }) => response?.status === 404 &&
      readJsonResponse(response).content?.['errcode'] === 'M_UNRECOGNIZED')
  }
}

/**
 * Whether a proxy decodes the paths of requests, so that their signatures are wrong: a healthy homeserver demands a
 * signature for both events.
 */
export function hasDecodedPaths ({ plainEvent, encodedEvent }: FederationAddress): boolean {
  const encoded = encodedEvent.response?.status
  return plainEvent.response?.status === 401 && encoded !== undefined && encoded !== 401 && encoded !== 429 &&
    encoded < 500
}

/** The name and version that a homeserver states of its software. */
export function readSoftware ({ response }: Exchange): string | undefined {
  const server = response === undefined ? undefined : readJsonResponse(response).content?.['server']
  if (!isJsonObject(server)) return undefined
  const { name, version } = server
  return typeof name === 'string' && typeof version === 'string' ? `${name} ${version}` : undefined
}
