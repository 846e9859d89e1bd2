import { rtcFociNames } from '../../matrix/client-keys.ts'
import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { parseBaseUrl } from '../../matrix/url.ts'
import type { Network } from '../network/network.ts'
import type { Exchange } from '../network/peer.ts'
import { addressesToAsk } from './addresses.ts'
import { lookUpBaseUrl, sendToBaseUrl } from './base-url.ts'
import type { BaseUrl } from './base-url.ts'

/** An authorization service for calls, and the responses of the first of its addresses that responds. */
export interface CallService extends BaseUrl {
  /** Undefined if it has no address. */
  readonly health: Exchange | undefined
  /** Undefined if it doesn't respond. */
  readonly preflight: Exchange | undefined
}

/** More than anyone uses; a document with more could make us flood others. */
const maxServices = 4

/** Where lk-jwt-service says that it is healthy, and where clients get a token from. */
export const callHealthPath = '/healthz'
export const callTokenPath = '/sfu/get'

/** The `livekit_service_url`s of `/client` that are valid. */
function callServiceUrls (content: JsonObject): string[] {
  const foci = rtcFociNames.map(name => content[name]).flatMap(value => Array.isArray(value) ? value : [])
  const urls = foci.filter(focus => property(focus, 'type') === 'livekit')
    .map(focus => property(focus, 'livekit_service_url'))
    .filter(url => typeof url === 'string' && findInvalidValue(parseBaseUrl, url) === undefined)
  return [...new Set(urls.map(String))].slice(0, maxServices)
}

/** Asks the services for calls what a browser asks before it joins a call. */
export async function askCallServices (network: Network, content: JsonObject): Promise<CallService[]> {
  return await Promise.all(callServiceUrls(content).map(async url => {
    const baseUrl = await lookUpBaseUrl(network, url)
    let health: Exchange | undefined
    for (const address of addressesToAsk(baseUrl.lookup)) {
      // At once: the services for calls are found last, so the whole check would take one round trip longer.
      const [asked, preflight] = await Promise.all([
        sendToBaseUrl(network, baseUrl, address, 'GET', callHealthPath),
        sendToBaseUrl(network, baseUrl, address, 'OPTIONS', callTokenPath)
      ])
      health = asked
      if (health.response !== undefined) return { ...baseUrl, health, preflight }
    }
    return { ...baseUrl, health, preflight: undefined }
  }))
}
