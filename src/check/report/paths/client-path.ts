import { readVersions } from '../../gather/client.ts'
import type { ClientFacts } from '../../gather/client.ts'
import type { ClientSideFacts, Facts } from '../../gather/gather.ts'
import { isUntried } from '../../network/peer.ts'
import { findLoginWays } from '../../readers/login.ts'
import { buildAddressHop, buildTlsHop, stateOfLookup } from './connection-hops.ts'
import { buildDocumentHop } from './document-hop.ts'
import { listFound, stateOf } from './hop.ts'
import type { PlainHop } from './hop.ts'

/** The way of clients to login and calls. */
export function buildClientPath (all: Facts, { facts }: ClientSideFacts, now: Date): PlainHop[] {
  const { serverName, lookup } = all
  const start: PlainHop[] = [
    { hop: 'server-name', state: stateOfLookup(lookup), found: listFound([serverName, ...lookup.addresses]) },
    buildDocumentHop(all, 'client', ({ reading }) => reading?.content !== undefined)
  ]
  if (facts === undefined) return [...start, ...unreached.map(hop => ({ hop, state: 'unchecked', found: [] } as const))]
  const { homeserver } = facts
  const connections = homeserver.addresses.map(({ versions }) => versions)
  return [
    ...start,
    { hop: 'base-url', state: 'works', found: [homeserver.url] },
    buildAddressHop([homeserver], connections),
    buildTlsHop(connections, now),
    buildHomeserverHop(homeserver),
    buildLoginHop(homeserver),
    buildCallHop(facts)
  ]
}

/** What is not requested without the URL of a homeserver. */
const unreached = ['base-url', 'addresses', 'tls', 'homeserver', 'login', 'calls'] as const

function respondingOf ({ addresses }: ClientFacts['homeserver']): ClientFacts['homeserver']['addresses'] {
  return addresses.filter(({ versions }) => versions.response !== undefined)
}

function buildHomeserverHop (homeserver: ClientFacts['homeserver']): PlainHop {
  const versions = respondingOf(homeserver).map(address => readVersions(address.versions))
  const state = stateOf(versions.map(list => list !== undefined))
  return {
    hop: 'homeserver',
    // Some clients don't need the versions; a finding says which do.
    state: state === 'fails' ? 'warning' : state,
    found: listFound(versions.map(list => list === undefined
      ? 'no list of versions'
      : `Matrix up to ${list.at(-1) ?? 'no version'}`))
  }
}

function buildLoginHop (homeserver: ClientFacts['homeserver']): PlainHop {
  const ways = respondingOf(homeserver).map(findLoginWays)
  return {
    hop: 'login',
    state: stateOf(ways.map(({ oauth, flows }) => oauth === 'works' || flows === 'works')),
    found: listFound(ways.map(({ oauth, flows }) => {
      const offered = [...oauth === 'absent' ? [] : ['OAuth 2.0'], ...flows === 'works' ? ['login flows'] : []]
      return offered.join(', ') || 'no way to log in'
    }))
  }
}

function buildCallHop ({ callServices }: ClientFacts): PlainHop {
  if (callServices.length === 0) return { hop: 'calls', state: 'skipped', found: ['none configured'] }
  const seen = callServices.filter(({ health }) => health !== undefined && !isUntried(health.failure))
  const state = stateOf(seen.map(({ health }) => health?.response?.status === 200))
  return { hop: 'calls', state: state === 'fails' ? 'warning' : state, found: callServices.map(({ url }) => url) }
}
