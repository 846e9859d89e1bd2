import { isTrusted } from '../network/certificate.ts'
import { rtcFociKey } from '../../matrix/client-keys.ts'
import { documentPath } from '../../site/documents.ts'
import { isJsonObject } from '../../matrix/json-object.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { withoutBrackets } from '../../matrix/server-name.ts'
import { parseBaseUrl } from '../../matrix/url.ts'
import { readJsonObject } from '../network/json-body.ts'
import { addressesToAsk } from './addresses.ts'
import type { Network } from '../network/network.ts'
import type { Lookup } from '../network/dns.ts'
import type { Exchange, Response } from '../network/peer.ts'
import { headersOf, preflightHeaders } from './user-agents.ts'
import { fetchFrom } from './well-known.ts'
import type { Fetch } from './well-known.ts'

/** What one address of a base URL answers. */
export interface ClientAddress {
  readonly address: string
  readonly versions: Exchange
  readonly preflight: Exchange
  readonly transports: Exchange | undefined
}

/** A base URL, and what its host answers. */
export interface BaseUrl {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly lookup: Lookup
}

/** What a client finds out once it has the document. */
export interface ClientFacts {
  readonly homeserver: BaseUrl & { readonly addresses: readonly ClientAddress[] }
  readonly identityServer: BaseUrl & { readonly exchange: Exchange | undefined } | undefined
  /** The document on the homeserver's own host, where that is another. */
  readonly ownDocument: Fetch | undefined
}

export const versionsPath = '/_matrix/client/versions'
export const identityPath = '/_matrix/identity/v2'
export const transportsPath = '/_matrix/client/v1/rtc/transports'
/** Where Synapse has it, and clients ask as well, while MSC4143 is not part of the specification. */
const unstableTransportsPath = '/_matrix/client/unstable/org.matrix.msc4143/rtc/transports'

/** The `base_url` of a key of `/client`; undefined where there is none that is valid. */
export function baseUrlOf (content: JsonObject, key: 'm.homeserver' | 'm.identity_server'): string | undefined {
  const value = content[key]
  const url = isJsonObject(value) ? value['base_url'] : undefined
  return typeof url === 'string' && findInvalidValue(parseBaseUrl, url) === undefined ? url : undefined
}

/** Goes on as a client does that has read `/client`: asks the homeserver and the identity server that it names. */
export async function askAsClient (network: Network, content: JsonObject, host: string): Promise<ClientFacts | undefined> {
  const url = baseUrlOf(content, 'm.homeserver')
  if (url === undefined) return undefined
  const [homeserver, identityServer, ownDocument] = await Promise.all([
    askHomeserver(network, url, content[rtcFociKey] !== undefined),
    askIdentityServer(network, baseUrlOf(content, 'm.identity_server')),
    fetchOwnDocument(network, parseBaseUrl(url).host.host, host)
  ])
  return { homeserver, identityServer, ownDocument }
}

/** The /client of the homeserver's own host; undefined where that is the one that was read, or does not answer. */
export async function fetchOwnDocument (network: Network, ownHost: string, host: string): Promise<Fetch | undefined> {
  if (ownHost.toLowerCase() === host.toLowerCase()) return undefined
  return await fetchElsewhere(network, ownHost, 'client')
}

/** A document of another host, at the first of its addresses that answers; undefined where none does. */
export async function fetchElsewhere (network: Network, host: string, name: DocumentName): Promise<Fetch | undefined> {
  for (const address of addressesToAsk(await network.lookup(withoutBrackets(host), 443))) {
    const fetch = await fetchFrom(network, { host, address }, documentPath(name))
    if (fetch.hops[0].response !== undefined) return fetch
  }
  return undefined
}

async function askHomeserver (network: Network, url: string, hasCalls: boolean): Promise<ClientFacts['homeserver']> {
  const at = await locate(network, url)
  const addresses = await Promise.all(addressesToAsk(at.lookup).map(async address => {
    const [versions, preflight, transports] = await Promise.all([
      ask(network, at, address, 'GET', versionsPath),
      ask(network, at, address, 'OPTIONS', versionsPath),
      hasCalls ? askForTransports(network, at, address) : undefined
    ])
    return { address, versions, preflight, transports }
  }))
  return { ...at, addresses }
}

async function askForTransports (network: Network, at: BaseUrl, address: string): Promise<Exchange> {
  const stable = await ask(network, at, address, 'GET', transportsPath)
  return isUnknown(stable.response) ? await ask(network, at, address, 'GET', unstableTransportsPath) : stable
}

/** Whether an answer says that there is no such endpoint. */
export function isUnknown (response: Response | undefined): boolean {
  return response?.status === 404 || response?.status === 405
}

async function askIdentityServer (network: Network, url: string | undefined): Promise<ClientFacts['identityServer']> {
  if (url === undefined) return undefined
  const at = await locate(network, url)
  let exchange: Exchange | undefined
  // As clients do: the next address where one does not answer.
  for (const address of addressesToAsk(at.lookup)) {
    exchange = await ask(network, at, address, 'GET', identityPath)
    if (exchange.response !== undefined) break
  }
  return { ...at, exchange }
}

async function locate (network: Network, url: string): Promise<BaseUrl> {
  const { host: { host, port: explicit }, scheme } = parseBaseUrl(url)
  const port = explicit ?? (scheme === 'https' ? 443 : 80)
  return { url, host, port, lookup: await network.lookup(withoutBrackets(host), port) }
}

async function ask (network: Network, { url, host, port }: BaseUrl, address: string, method: 'GET' | 'OPTIONS', path: string): Promise<Exchange> {
  const { scheme, path: base } = parseBaseUrl(url)
  const usual = port === (scheme === 'https' ? 443 : 80)
  const peer = network.openPeer({ scheme, address, port, tlsName: withoutBrackets(host), host: usual ? host : `${host}:${port}` })
  return await peer.send({ method, target: `${base}${path}`, headers: method === 'OPTIONS' ? preflightHeaders() : headersOf('browser') })
}

/** The versions of the specification that a homeserver speaks; undefined where the answer is not valid. */
export function readVersions ({ response }: Exchange): string[] | undefined {
  if (response?.status !== 200) return undefined
  const versions = readJsonObject(response.body).content?.['versions']
  return Array.isArray(versions) && versions.every(version => typeof version === 'string') ? versions : undefined
}

/** Whether there is a homeserver at the base URL. */
export function hasHomeserver ({ homeserver }: ClientFacts): boolean {
  return homeserver.addresses.some(isHomeserver)
}

export function isHomeserver ({ versions }: ClientAddress): boolean {
  return isSecure(versions) && readVersions(versions) !== undefined
}

/** Over TLS with a certificate that is trusted, or over plain HTTP where the URL says so. */
export function isSecure ({ tls, url }: Exchange): boolean {
  return tls === undefined ? url.startsWith('http:') : isTrusted(tls)
}
