import type { Response } from './peer.ts'
import { valuesOf } from './headers.ts'

/** In seconds: what Synapse keeps at least, at most, and where nothing is said (spec §7). */
export const synapseCache = { least: 300, most: 172_800, default: 86_400 }

/** The directives of all Cache-Control headers, names in lower case; of one that comes twice, Synapse takes the last. */
export function readCacheControl (response: Response): ReadonlyMap<string, string | undefined> {
  return new Map(valuesOf(response, 'cache-control').join(',').split(',').map(directive => {
    const [name = '', ...value] = directive.split('=')
    return [name.trim().toLowerCase(), value.length === 0 ? undefined : value.join('=').trim()]
  }))
}

/**
 * For how many seconds an answer says that it may be kept, as Synapse reads it; undefined where it says nothing. Neither
 * a max-age in quotes nor `no-cache` says anything to it.
 */
export function readCacheSeconds (response: Response, now: Date): number | undefined {
  const directives = readCacheControl(response)
  if (directives.has('no-store')) return 0
  const maxAge = directives.get('max-age')
  if (maxAge !== undefined && /^[+-]?\d+$/.test(maxAge)) return Math.max(0, Number(maxAge))
  const expires = valuesOf(response, 'expires').at(-1)
  if (expires === undefined) return undefined
  // What is no date, "0" above all, is a time in the past (RFC 9111 §5.3).
  const time = /^[a-z]{3}/i.test(expires) ? Date.parse(expires) : NaN
  return Number.isNaN(time) ? 0 : Math.max(0, Math.round((time - now.getTime()) / 1000))
}

/** For how many seconds Synapse keeps an answer. */
export function synapseKeeps (seconds: number | undefined): number {
  return seconds === undefined ? synapseCache.default : Math.min(Math.max(seconds, synapseCache.least), synapseCache.most)
}
