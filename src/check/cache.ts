import type { Response } from './network/peer.ts'
import { valuesOf } from './response.ts'

/** In seconds: what Synapse keeps at least, at most, and where nothing is said (spec §7). */
export const synapseCache = { least: 300, most: 172_800, default: 86_400 }

/** For how many seconds an answer says that it may be kept, as Synapse reads it; undefined where it says nothing. */
export function readCacheSeconds (response: Response, now: Date): number | undefined {
  const directives = valuesOf(response, 'cache-control').join(',').toLowerCase().split(',').map(directive => directive.trim())
  if (directives.includes('no-store')) return 0
  const maxAge = directives.map(directive => /^max-age="?(\d+)/.exec(directive)?.[1]).find(digits => digits !== undefined)
  if (maxAge !== undefined) return Number(maxAge)
  const expires = valuesOf(response, 'expires').at(-1)
  if (expires === undefined) return undefined
  const time = Date.parse(expires)
  return Number.isNaN(time) ? 0 : Math.max(0, Math.round((time - now.getTime()) / 1000))
}

/** For how many seconds Synapse keeps an answer. */
export function synapseKeeps (seconds: number | undefined): number {
  return seconds === undefined ? synapseCache.default : Math.min(Math.max(seconds, synapseCache.least), synapseCache.most)
}

/** A span of time for people: `48 hours`. */
export function formatSpan (seconds: number): string {
  const units: [name: string, length: number][] = [['days', 86_400], ['hours', 3600], ['minutes', 60], ['seconds', 1]]
  const [name, length] = units.find(([, length]) => seconds >= 2 * length) ?? ['seconds', 1]
  return `${Math.round(seconds / length)} ${name}`
}
