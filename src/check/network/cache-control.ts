import type { Response } from './peer.ts'
import { valuesOf } from './response-headers.ts'

/** How long Synapse caches a document, in seconds: at least, at most, and without any statement (docs/readers.md). */
export const synapseCache = { min: 300, max: 172_800, default: 86_400 }

/** The directives of all Cache-Control headers, names in lower case; like Synapse, the last of a name wins. */
export function readCacheControl (response: Response): ReadonlyMap<string, string | undefined> {
  return new Map(valuesOf(response, 'cache-control').join(',').split(',').map(directive => {
    const [name = '', ...value] = directive.split('=')
    return [name.trim().toLowerCase(), value.length === 0 ? undefined : value.join('=').trim()]
  }))
}

/**
 * For how many seconds a response may be cached, as Synapse reads it; undefined if it doesn't say. Synapse ignores a
 * max-age in quotes, and `no-cache`.
 */
export function readCacheSeconds (response: Response, now: Date): number | undefined {
  const directives = readCacheControl(response)
  if (directives.has('no-store')) return 0
  const maxAge = directives.get('max-age')
  if (maxAge !== undefined && /^[+-]?\d+$/.test(maxAge)) return Math.max(0, Number(maxAge))
  const expires = valuesOf(response, 'expires').at(-1)
  if (expires === undefined) return undefined
  // An invalid date, above all "0", is a time in the past (RFC 9111 §5.3).
  const time = /^[a-z]{3}/i.test(expires) ? Date.parse(expires) : NaN
  return Number.isNaN(time) ? 0 : Math.max(0, Math.round((time - now.getTime()) / 1000))
}

/** For how many seconds Synapse caches a response that states this. */
export function readSynapseCacheSeconds (stated: number | undefined): number {
  return stated === undefined ? synapseCache.default : Math.min(Math.max(stated, synapseCache.min), synapseCache.max)
}
