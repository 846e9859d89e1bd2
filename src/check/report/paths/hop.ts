import type { Finding, FindingId } from '../../judge/finding.ts'

/** A hop on the way of other servers or clients, in the order of `hopTitles`. */
export type HopName = keyof typeof hopTitles

export const hopTitles = {
  'server-name': 'Server name',
  'well-known': 'Well-known',
  'delegated-name': 'Delegated name',
  'base-url': 'Base URL',
  srv: 'SRV records',
  addresses: 'Addresses',
  tls: 'TLS',
  homeserver: 'Homeserver',
  login: 'Login',
  calls: 'Calls'
} as const

/**
 * What a hop comes to. `warning`: it works, but not everywhere or not for long; `unchecked`: nothing led there, or this
 * machine can't see it; `skipped`: the way needs no such hop.
 */
export type HopState = 'works' | 'warning' | 'fails' | 'unchecked' | 'skipped'

export interface Hop {
  readonly hop: HopName
  readonly state: HopState
  /** What was found there: names, addresses, statuses. As received. */
  readonly found: readonly string[]
  /** The findings about it, each id once. */
  readonly findings: readonly FindingId[]
}

/** A hop as far as facts show it, without what was judged. */
export type PlainHop = Omit<Hop, 'findings'>

/** The state of something that is reached in several ways, of which some work. */
export function stateOf (all: readonly boolean[]): Extract<HopState, 'works' | 'warning' | 'fails' | 'unchecked'> {
  if (all.length === 0) return 'unchecked'
  if (all.every(Boolean)) return 'works'
  return all.some(Boolean) ? 'warning' : 'fails'
}

/** Adds what was judged: a failure is one wherever it is; a warning changes nothing about what can't be seen. */
export function addFindings (hop: PlainHop, findings: readonly Finding[]): Hop {
  const severities = findings.map(({ severity }) => severity)
  const isWorse = severities.includes('warning') && (hop.state === 'works' || hop.state === 'skipped')
  const state = severities.includes('failure') ? 'fails' : isWorse ? 'warning' : hop.state
  return { ...hop, state, findings: [...new Set(findings.map(({ id }) => id))] }
}

/** More than anyone reads. */
const maxFound = 8

/** The first of what was found, and how many more there are. */
export function listFound (all: readonly string[]): string[] {
  const distinct = [...new Set(all)]
  const more = distinct.length - maxFound
  return more > 1 ? [...distinct.slice(0, maxFound), `and ${more} more`] : distinct
}
