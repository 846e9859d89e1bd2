import { rtcFociNames } from '../../matrix/client-keys.ts'
import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { isJsonObject, property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { withoutBrackets } from '../../matrix/server-name.ts'
import { parseBaseUrl } from '../../matrix/url.ts'
import { documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import { isTrusted } from '../network/certificate.ts'
import type { Fetch } from '../network/fetch.ts'
import { readJsonResponse } from '../network/json-body.ts'
import type { Network } from '../network/network.ts'
import type { Exchange, Response } from '../network/peer.ts'
import { addressesToAsk } from './addresses.ts'
import { lookUpBaseUrl, sendToBaseUrl } from './base-url.ts'
import type { BaseUrl } from './base-url.ts'
import { askCallServices } from './calls.ts'
import type { CallService } from './calls.ts'
import { keysPath } from './federation.ts'
import { fetchFrom } from './well-known.ts'

/** The responses of one address of the homeserver's base URL. */
export interface ClientAddress {
  readonly address: string
  readonly versions: Exchange
  readonly preflight: Exchange
  /** Undefined if `/client` says nothing about calls. */
  readonly transports: Exchange | undefined
  /** How users can log in: with OAuth, and without. */
  readonly authMetadata: Exchange
  readonly loginFlows: Exchange
  /** A request without an access token, which gets a 401. */
  readonly whoami: Exchange
  /** The keys that the homeserver publishes here. */
  readonly keys: Exchange
}

/** What a client finds with the content of `/client`. */
export interface ClientFacts {
  readonly homeserver: BaseUrl & { readonly addresses: readonly ClientAddress[] }
  readonly identityServer: BaseUrl & { readonly exchange: Exchange | undefined } | undefined
  /** `/client` on the homeserver's own host, if that is another host. */
  readonly ownDocument: Fetch | undefined
  /** The services for calls in `/client`. */
  readonly callServices: readonly CallService[]
}

/** @see https://spec.matrix.org/latest/client-server-api/#get_matrixclientversions */
export const versionsPath = '/_matrix/client/versions'
/** @see https://spec.matrix.org/latest/client-server-api/#get_matrixclientv1auth_metadata */
export const authMetadataPath = '/_matrix/client/v1/auth_metadata'
/** @see https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3login */
export const loginPath = '/_matrix/client/v3/login'
/** @see https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3accountwhoami */
export const whoamiPath = '/_matrix/client/v3/account/whoami'
/** @see https://spec.matrix.org/latest/identity-service-api/#get_matrixidentityv2 */
export const identityPath = '/_matrix/identity/v2'
/** @see https://github.com/matrix-org/matrix-spec-proposals/pull/4143 */
export const transportsPath = '/_matrix/client/v1/rtc/transports'
/** Where Synapse has it, and clients ask as well, until MSC4143 becomes part of the specification. */
const unstableTransportsPath = '/_matrix/client/unstable/org.matrix.msc4143/rtc/transports'

/** The `base_url` of a key of `/client`; undefined if it is missing or invalid. */
export function baseUrlOf (content: JsonObject, key: 'm.homeserver' | 'm.identity_server'): string | undefined {
  const value = content[key]
  const url = isJsonObject(value) ? value['base_url'] : undefined
  return typeof url === 'string' && findInvalidValue(parseBaseUrl, url) === undefined ? url : undefined
}

/** The URL of the homeserver as URL parsers read it, if it isn't valid: some clients accept what they do. */
function tolerableUrl (content: JsonObject): string | undefined {
  const homeserver = content['m.homeserver']
  // ruma takes an array for an object whose keys are left out.
  const value: unknown = Array.isArray(homeserver) ? homeserver[0] : property(homeserver, 'base_url')
  // matrix-js-sdk takes an array of one string for the string.
  if (!(typeof value === 'string' || Array.isArray(value))) return undefined
  // mautrix-go adds a missing scheme.
  const text = String(value).replace(/^\/*(?=[\w-]+\.[\w.-]+(?:$|\/))/, 'https://')
  if (!URL.canParse(text)) return undefined
  const { protocol, host, pathname } = new URL(text)
  return ['http:', 'https:'].includes(protocol) ? `${protocol}//${host}${pathname.replace(/\/$/, '')}` : undefined
}

/**
 * Asks what a client that has read `/client` asks: the homeserver and the identity server in it. Undefined if it has no
 * homeserver that any client accepts.
 *
 * @param host the host that served `/client`.
 */
export async function askAsClient (
  network: Network,
  content: JsonObject,
  host: string
): Promise<ClientFacts | undefined> {
  const url = baseUrlOf(content, 'm.homeserver') ?? tolerableUrl(content)
  if (url === undefined) return undefined
  const [homeserver, identityServer, ownDocument, callServices] = await Promise.all([
    askHomeserver(network, url, rtcFociNames.some(name => content[name] !== undefined)),
    askIdentityServer(network, baseUrlOf(content, 'm.identity_server')),
    fetchOwnDocument(network, new URL(url).hostname, host),
    askCallServices(network, content)
  ])
  return { homeserver, identityServer, ownDocument, callServices }
}

/** `/client` of the homeserver's own host; undefined if that is the host that was asked, or it doesn't respond. */
export async function fetchOwnDocument (network: Network, ownHost: string, host: string): Promise<Fetch | undefined> {
  if (ownHost.toLowerCase() === host.toLowerCase()) return undefined
  return await fetchElsewhere(network, ownHost, 'client')
}

/** A document of another host, from the first of its addresses that responds; undefined if none does. */
export async function fetchElsewhere (network: Network, host: string, name: DocumentName): Promise<Fetch | undefined> {
  for (const address of addressesToAsk(await network.lookup(withoutBrackets(host), 443))) {
    const fetch = await fetchFrom(network, { host, address }, documentPath(name))
    if (fetch.hops[0].response !== undefined) return fetch
  }
  return undefined
}

async function askHomeserver (network: Network, url: string, hasCalls: boolean): Promise<ClientFacts['homeserver']> {
  const baseUrl = await lookUpBaseUrl(network, url)
  const addresses = await Promise.all(addressesToAsk(baseUrl.lookup).map(async address => {
    const [versions, preflight, transports, authMetadata, loginFlows, whoami, keys] = await Promise.all([
      sendToBaseUrl(network, baseUrl, address, 'GET', versionsPath),
      sendToBaseUrl(network, baseUrl, address, 'OPTIONS', loginPath),
      hasCalls ? askForTransports(network, baseUrl, address) : undefined,
      sendToBaseUrl(network, baseUrl, address, 'GET', authMetadataPath),
      sendToBaseUrl(network, baseUrl, address, 'GET', loginPath),
      sendToBaseUrl(network, baseUrl, address, 'GET', whoamiPath),
      sendToBaseUrl(network, baseUrl, address, 'GET', keysPath)
    ])
    return { address, versions, preflight, transports, authMetadata, loginFlows, whoami, keys }
  }))
  return { ...baseUrl, addresses }
}

/** The homeserver at the server name itself, where some clients look if they can't read the document. */
export async function askServerName (network: Network, url: string): Promise<ClientFacts['homeserver'] | undefined> {
  const baseUrl = await lookUpBaseUrl(network, url)
  const versions = await Promise.all(addressesToAsk(baseUrl.lookup).map(async address =>
    await sendToBaseUrl(network, baseUrl, address, 'GET', versionsPath)))
  return versions.some(isOfHomeserver) ? await askHomeserver(network, url, false) : undefined
}

async function askForTransports (network: Network, baseUrl: BaseUrl, address: string): Promise<Exchange> {
  const stable = await sendToBaseUrl(network, baseUrl, address, 'GET', transportsPath)
  if (!isUnknownEndpoint(stable.response)) return stable
  return await sendToBaseUrl(network, baseUrl, address, 'GET', unstableTransportsPath)
}

/** Whether a response says that there is no such endpoint. */
export function isUnknownEndpoint (response: Response | undefined): boolean {
  return response?.status === 404 || response?.status === 405
}

async function askIdentityServer (network: Network, url: string | undefined): Promise<ClientFacts['identityServer']> {
  if (url === undefined) return undefined
  const baseUrl = await lookUpBaseUrl(network, url)
  let exchange: Exchange | undefined
  // Like a client, try the next address if one doesn't respond.
  for (const address of addressesToAsk(baseUrl.lookup)) {
    exchange = await sendToBaseUrl(network, baseUrl, address, 'GET', identityPath)
    if (exchange.response !== undefined) break
  }
  return { ...baseUrl, exchange }
}

/** The versions of the specification that a homeserver supports; undefined if the response is not valid. */
export function readVersions ({ response }: Exchange): string[] | undefined {
  if (response?.status !== 200) return undefined
  const versions = readJsonResponse(response).content?.['versions']
  return Array.isArray(versions) && versions.every(version => typeof version === 'string') ? versions : undefined
}

/** Whether there is a homeserver at the base URL. */
export function hasHomeserver ({ homeserver }: ClientFacts): boolean {
  return homeserver.addresses.some(({ versions }) => isOfHomeserver(versions))
}

/** Whether none of the homeserver's addresses responds, or it has none. */
export function isSilent ({ addresses }: ClientFacts['homeserver']): boolean {
  return addresses.every(({ versions }) => versions.response === undefined)
}

function isOfHomeserver (versions: Exchange): boolean {
  return isSecure(versions) && readVersions(versions) !== undefined
}

/** Whether the connection was as the URL demands: TLS with a trusted certificate, or plain HTTP. */
export function isSecure ({ tls, url }: Exchange): boolean {
  return tls === undefined ? url.startsWith('http:') : isTrusted(tls)
}
