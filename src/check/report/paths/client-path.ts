import { readVersions } from '../../gather/client.ts'
import type { ClientAddress, ClientFacts } from '../../gather/client.ts'
import type { ClientSideFacts, Facts } from '../../gather/gather.ts'
import { isUntried } from '../../network/peer.ts'
import type { Exchange } from '../../network/peer.ts'
import { origin } from '../../network/preflight.ts'
import { allowsOrigin } from '../../network/response-headers.ts'
import { isLetPass } from '../../readers/client-outcome.ts'
import { elementWebVersions } from '../../readers/element-web.ts'
import { findLoginWays } from '../../readers/login.ts'
import { buildAddressHop, buildTlsHop, describeSilence, stateOfLookup } from './connection-hops.ts'
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
  const found = respondingOf(homeserver).map(({ versions }) => ({
    versions: readVersions(versions),
    isReadable: isReadable(versions)
  }))
  const state = stateOf(found.map(({ versions, isReadable }) =>
    isReadable && elementWebVersions.some(version => versions?.includes(version))))
  return {
    hop: 'homeserver',
    // Some clients don't need the versions; a finding says which do.
    state: state === 'fails' ? 'warning' : state,
    found: listFound([
      ...found.flatMap(({ versions, isReadable }) => [
        versions === undefined ? 'no list of versions' : `Matrix up to ${versions.at(-1) ?? 'no version'}`,
        ...isReadable ? [] : [blocked]
      ]),
      ...describeSilence(homeserver.addresses.map(({ versions }) => versions))
    ])
  }
}

function buildLoginHop (homeserver: ClientFacts['homeserver']): PlainHop {
  const ways = respondingOf(homeserver).map(address => ({ ...findLoginWays(address), isOpen: isOpen(address) }))
  const state = stateOf(ways.map(({ oauth, flows }) => oauth === 'works' || flows === 'works'))
  const isForAll = ways.every(({ oauth, isOpen }) => oauth !== 'broken' && isOpen)
  return {
    hop: 'login',
    state: state === 'works' && !isForAll ? 'warning' : state,
    found: listFound(ways.flatMap(({ oauth, flows, isOpen }) => {
      const offered = [...oauth === 'absent' ? [] : ['OAuth 2.0'], ...flows === 'works' ? ['login flows'] : []]
      return [offered.join(', ') || 'no way to log in', ...isOpen ? [] : [blocked]]
    }))
  }
}

const blocked = 'blocked by browsers'

/** Whether browsers let web clients log in. */
function isOpen ({ preflight, authMetadata, loginFlows }: ClientAddress): boolean {
  return isLetPass(preflight) && isReadable(authMetadata) && isReadable(loginFlows)
}

function isReadable ({ response }: Exchange): boolean {
  return response === undefined || allowsOrigin(response, origin)
}

function buildCallHop ({ callServices }: ClientFacts): PlainHop {
  if (callServices.length === 0) return { hop: 'calls', state: 'skipped', found: ['none configured'] }
  const seen = callServices.filter(({ health }) => health !== undefined && !isUntried(health.failure))
  const state = stateOf(seen.map(({ health }) => health?.response?.status === 200))
  return { hop: 'calls', state: state === 'fails' ? 'warning' : state, found: callServices.map(({ url }) => url) }
}
