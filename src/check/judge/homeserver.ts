import { listSome } from '../../matrix/list-some.ts'
import { authMetadataPath, isSilent, loginPath, readVersions, versionsPath, whoamiPath } from '../gather/client.ts'
import type { ClientAddress, ClientFacts } from '../gather/client.ts'
import type { Exchange, Response } from '../network/peer.ts'
import { origin } from '../network/preflight.ts'
import { allowsOrigin } from '../network/response-headers.ts'
import { elementWebVersions } from '../readers/element-web.ts'
import { judgeOwner } from './base-url-owner.ts'
import { judgeCorsHeaders, judgePreflight } from './cors.ts'
import { maxComfortableTime } from './delivery.ts'
import {
  areUntried, describeFailures, exampleFailure, explainUntried, fixFailures, fixUntried, listFailures
} from './failed-places.ts'
import type { FailedPlace } from './failed-places.ts'
import { judgeGateway } from './gateway.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { describeBadResponse, fixBadResponse, readBadResponse } from './incomplete.ts'
import type { BadResponse } from './incomplete.ts'
import { judgeLoginWays } from './login-ways.ts'
import { judgeLookup } from './lookups.ts'
import { suggestPlace } from './known-place.ts'
import { judgePrivateAddresses } from './private-addresses.ts'
import { judgeConnection, judgeHandshake } from './reachability.ts'
import { beginningOf } from './response-evidence.ts'
import { references } from './references.ts'

export const homeserverFindings = {
  'client.unreachable': {
    severity: 'warning',
    title: 'The homeserver is unreachable at its base_url',
    reason: ({ failures }: HomeserverParts) => explainUntried(failures, 'the homeserver'),
    why: 'No client can log in.',
    specification: references.wellKnownUris,
    what: ({ url, failures }: HomeserverParts) =>
      `The base_url of the homeserver is ${url}, but there is no response from it. ${describeFailures(failures)}`,
    fix: ({ host, port, failures, known }: HomeserverParts) => {
      if (areUntried(failures)) return fixUntried(failures)
      return fixFailures(failures, host, port) ??
        `Configure the homeserver, or the proxy in front of it, to listen on port ${port} of ${host}` +
        `${suggestPlace('M_HOMESERVER_BASE_URL', known) || ', or fix the base_url'}.`
    },
    example: {
      url: 'https://matrix.example.com',
      host: 'matrix.example.com',
      port: 443,
      failures: [exampleFailure],
      known: undefined
    }
  },
  'client.versions': {
    severity: 'warning',
    title: '/_matrix/client/versions at the base_url is missing or wrong',
    why: 'Clients request it first, and stop with an error.',
    specification: references.clientVersions,
    what: (response: BadResponse) => describeBadResponse(versionsPath, response, 'without a list of versions'),
    fix: ({ known, ...response }: BadResponse & { known: string | undefined }) => fixBadResponse(response, 'client',
      `Pass /_matrix on to the homeserver${
        suggestPlace('M_HOMESERVER_BASE_URL', known) || ', or fix the base_url: it is the address without /_matrix'}.`),
    example: { status: 404, incomplete: undefined, known: undefined }
  },
  'client.slow': {
    severity: 'warning',
    title: 'The homeserver takes more than 3 seconds to respond to clients',
    why: 'Element Web waits for 5 seconds, other clients longer.',
    specification: references.clientVersions,
    what: ({ milliseconds }: { milliseconds: number }) =>
      `${versionsPath} took ${(milliseconds / 1000).toFixed(1)} seconds.`,
    fix: 'Check what takes so long: the load of the homeserver, or the proxy in front of it.',
    example: { milliseconds: 6500 }
  },
  'client.versions-old': {
    severity: 'warning',
    title: `The homeserver supports none of the versions ${elementWebVersions[0]} to ${elementWebVersions.at(-1)}`,
    why: 'Element Web and others refuse to work with it.',
    specification: references.clientVersions,
    what: ({ versions }: { versions: readonly string[] }) =>
      `The homeserver supports ${listSome(versions, 20) || 'no version'}.`,
    fix: 'Update the homeserver.',
    example: { versions: ['r0.5.0', 'r0.6.1'] }
  }
} as const satisfies FindingKinds

export interface HomeserverParts {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Why each address doesn't respond. */
  readonly failures: readonly FailedPlace[]
  /** Where the homeserver is known to respond: another base URL. */
  readonly known: string | undefined
}

/** The homeserver that clients should find. */
export interface WantedHomeserver {
  readonly serverName: string
  /** Where other servers find it: a base URL. */
  readonly known: string | undefined
}

const find = findingBuilder(homeserverFindings)

const area = 'clients'

/** Whether clients reach the homeserver at its base URL, and browsers are let in. */
export function judgeHomeserver (
  homeserver: ClientFacts['homeserver'],
  { serverName, known: place }: WantedHomeserver,
  now: Date
): Finding[] {
  const { lookup, addresses, url } = homeserver
  const known = place === url ? undefined : place
  const unreachable = judgeHomeserverReach(homeserver, known)
  // Why no address responds is part of that finding.
  const judge = unreachable.length === 0 ? judgeConnection : judgeHandshake
  return [
    ...judgeLookup(lookup, { area }, { key: 'base_url', value: url, known }),
    ...judgePrivateAddresses(lookup, { area, severity: 'warning' }),
    ...unreachable,
    ...addresses.flatMap(address => judgeHomeserverAddress(homeserver, address, { serverName, known }, judge, now))
  ]
}

function judgeHomeserverReach (homeserver: ClientFacts['homeserver'], known: string | undefined): Finding[] {
  const { addresses, host, port, url } = homeserver
  if (addresses.length === 0 || !isSilent(homeserver)) return []
  return [find('client.unreachable', {
    area,
    about: { host, port },
    parts: { url, host, port, failures: listFailures(addresses.map(({ versions }) => versions)), known },
    evidence: { addresses: addresses.map(({ address, versions }) => ({ address, failure: versions.failure?.kind })) }
  })]
}

function judgeHomeserverAddress (
  { host, port, path, url: baseUrl, lookup }: ClientFacts['homeserver'],
  clientAddress: ClientAddress,
  { serverName, known }: WantedHomeserver,
  judge: typeof judgeConnection,
  now: Date
): Finding[] {
  const { address, versions: exchange } = clientAddress
  const context = { area, about: { host, port, address } } as const
  const { response, url } = exchange
  const purpose = { ...context, isOneOfSeveral: lookup.addresses.length > 1 }
  const connection = [...judge(exchange, purpose, now), ...judgeTime(exchange, context)]
  if (response === undefined) return connection
  const down = judgeGateway({ ...exchange, response }, context)
  if (down.length > 0) return [...connection, ...down]
  const versions = readVersions(exchange)
  if (versions === undefined) {
    const { status } = response
    return [...connection, find('client.versions', {
      ...context,
      // With a path, the homeserver is asked for what it can't know.
      parts: { ...readBadResponse({ ...exchange, response }), ...path !== '' && { errcode: undefined }, known },
      evidence: { url, status, begins: beginningOf(response) }
    })]
  }
  const isOld = !elementWebVersions.some(version => versions.includes(version))
  return [
    ...connection,
    ...isOld ? [find('client.versions-old', { ...context, parts: { versions }, evidence: { versions } })] : [],
    ...judgeResponseHeaders(clientAddress, response, context),
    ...judgeOwner(clientAddress, baseUrl, serverName, context),
    ...judgeLoginWays(clientAddress, context)
  ]
}

/** Whether browsers let web clients read the responses, errors included. What is wrong with all is reported once. */
function judgeResponseHeaders (clientAddress: ClientAddress, versions: Response, context: Context): Finding[] {
  const { preflight, whoami, authMetadata, loginFlows } = clientAddress
  const at = (path: string): Context => ({ ...context, about: { ...context.about, path } })
  const readable = allowsOrigin(versions, origin)
  const others = [[loginFlows, loginPath], [whoami, whoamiPath], [authMetadata, authMetadataPath]] as const
  const [blocked] = others.flatMap(([{ response }, path]) =>
    response === undefined ? [] : judgeCorsHeaders(response, true, at(path)))
  const isBlockedAlike = !readable && preflight.response !== undefined && !allowsOrigin(preflight.response, origin)
  return [
    ...readable ? blocked === undefined ? [] : [blocked] : judgeCorsHeaders(versions, true, at(versionsPath)),
    ...isBlockedAlike ? [] : judgePreflight(preflight, 'homeserver', at(loginPath))
  ]
}

function judgeTime ({ response, milliseconds }: Exchange, context: Context): Finding[] {
  if (response === undefined || milliseconds <= maxComfortableTime) return []
  return [find('client.slow', { ...context, parts: { milliseconds }, evidence: { milliseconds } })]
}
