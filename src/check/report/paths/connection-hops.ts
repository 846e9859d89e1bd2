import type { Lookup } from '../../network/dns.ts'
import { daysLeft, isTrusted } from '../../network/certificate.ts'
import type { Tls } from '../../network/certificate.ts'
import { isUntried } from '../../network/peer.ts'
import type { Exchange } from '../../network/peer.ts'
import { isUnanswered } from '../../readers/server-outcome.ts'
import { describeValidity } from '../validity.ts'
import { listFound, stateOf } from './hop.ts'
import type { HopState, PlainHop } from './hop.ts'

/** What DNS says about a host. */
export function stateOfLookup (lookup: Lookup): HopState {
  if (lookup.addresses.length > 0) return 'works'
  return isUnanswered(lookup) ? 'unchecked' : 'warning'
}

/** A host and port that is connected to. */
export interface Place {
  readonly host: string
  readonly port: number
  readonly lookup: Lookup
}

/** The addresses of some hosts, and whether they accept connections. */
export function buildAddressHop (places: readonly Place[], exchanges: readonly Exchange[]): PlainHop {
  const lookups = places.map(({ lookup }) => lookup)
  const without = lookups.filter(({ addresses }) => addresses.length === 0)
  const found = listFound([
    ...places.map(({ host, port }) => `${host}:${port}`),
    ...exchanges.map(exchange => isConnected(exchange)
      ? exchange.address
      : `${exchange.address} (${exchange.failure?.kind})`),
    ...without.map(({ host }) => `no address of ${host}`)
  ])
  const isUnseen = exchanges.every(({ failure }) => isUntried(failure)) && without.every(isUnanswered)
  const state = isUnseen ? 'unchecked' : stateOf([...exchanges.map(isConnected), ...without.map(() => false)])
  return { hop: 'addresses', state, found }
}

/** Whether a TCP connection was made. */
function isConnected ({ response, tls, failure }: Exchange): boolean {
  return response !== undefined || tls !== undefined || failure?.phase !== 'connect'
}

/** Why there is no response over connections that are made. */
export function describeSilence (exchanges: readonly Exchange[]): string[] {
  return exchanges.flatMap(({ response, failure }) =>
    response === undefined && failure?.phase === 'response' ? [`no response: ${failure.kind}`] : [])
}

/** The certificates of the addresses that accept connections. */
export function buildTlsHop (exchanges: readonly Exchange[], now: Date): PlainHop {
  const connected = exchanges.filter(isConnected)
  if (connected.length > 0 && connected.every(({ url }) => url.startsWith('http:'))) {
    return { hop: 'tls', state: 'skipped', found: ['the URL begins with http:'] }
  }
  return {
    hop: 'tls',
    state: stateOf(connected.map(({ tls }) => tls !== undefined && isTrusted(tls))),
    found: listFound(connected.map(({ tls }) => tls === undefined ? 'no handshake' : describeTls(tls, now)))
  }
}

function describeTls ({ names, chain }: Tls, now: Date): string {
  const validity = describeValidity(daysLeft(chain.slice(0, 1), now))
  return `certificate for ${names.slice(0, 2).join(', ') || 'no name'}, ${validity}`
}
