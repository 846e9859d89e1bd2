import { versionPath } from '../gather/federation.ts'
import type { FederationAddress } from '../gather/federation.ts'
import type { Endpoint } from '../gather/discovery.ts'
import { delegatedNameOf } from '../gather/gather.ts'
import type { Facts } from '../gather/gather.ts'
import { isJsonObject } from '../../matrix/json-object.ts'
import { judgeDecodedPaths } from './decoded-paths.ts'
import { judgeDiscovery } from './discovery.ts'
import {
  areUntried, describeFailures, exampleFailure, explainUntried, fixFailures, fixUntried, isAnyConnected, listFailures
} from './failed-places.ts'
import type { FailedPlace } from './failed-places.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { addResource, describeBadResponse, fixBadResponse, readBadResponse, whyIncomplete } from './incomplete.ts'
import type { BadResponse } from './incomplete.ts'
import { judgeServerKeys } from './keys.ts'
import { findPlaceForServers } from './known-place.ts'
import { judgeLookup } from './lookups.ts'
import type { HostOrigin } from './lookups.ts'
import { readJsonResponse } from '../network/json-body.ts'
import type { Exchange } from '../network/peer.ts'
import { judgePrivateAddresses } from './private-addresses.ts'
import { judgeConnection, judgeHandshake } from './reachability.ts'
import { references } from './references.ts'

export const federationFindings = {
  'federation.unreachable': {
    severity: 'warning',
    title: 'The homeserver is unreachable for other servers at every address',
    reason: ({ failures }: EndpointParts) => explainUntried(failures, 'the homeserver'),
    why: 'No other server can send anything to this one, or join its rooms.',
    specification: references.discovery,
    what: ({ host, port, failures, elsewhere }: EndpointParts) => {
      if (areUntried(failures)) {
        return `Other servers connect to ${host}:${port}, which isn't reachable from here. ` +
          describeFailures(failures)
      }
      const where = failures.length > 1 ? ` from any of its ${failures.length} addresses` : ''
      const found = `Other servers connect to ${host}:${port} and get no response${where}. ` +
        describeFailures(failures)
      return elsewhere === undefined
        ? found
        : `${found} https://${elsewhere.host} serves /.well-known/matrix/server, ` +
          `but https://${elsewhere.apex} doesn't.`
    },
    fix: ({ host, port, serverName, isDefaultPort, elsewhere, known, failures }: EndpointParts) => {
      if (areUntried(failures)) return fixUntried(failures)
      if (elsewhere !== undefined) {
        return `Serve the same on ${elsewhere.apex}: other servers only ask the host of the server name.`
      }
      if (host === serverName && isDefaultPort && !isAnyConnected(failures)) {
        const place = known ?? `matrix.${host}:443`
        return `Set M_SERVER to the host and port of the homeserver, such as M_SERVER=${place}, and route ` +
          `/.well-known/matrix/ on ${host} to the sidecar; or open port 8448.`
      }
      if (known !== undefined) {
        return `The homeserver responds at ${known}: set M_SERVER=${known}, or serve {"m.server":"${known}"} at ` +
          `https://${serverName}/.well-known/matrix/server.`
      }
      if (isDefaultPort && !isAnyConnected(failures)) {
        return `If the homeserver is behind port 443 of ${host}, serve {"m.server":"${host}:443"} at ` +
          `https://${serverName}/.well-known/matrix/server; otherwise open port 8448.`
      }
      return fixFailures(failures, host, port) ??
        `Configure the homeserver, or the proxy in front of it, to listen on port ${port} of ${host}, ` +
        'or delegate to where it does.'
    },
    example: {
      host: 'example.com',
      port: 8448,
      serverName: 'example.com',
      isDefaultPort: true,
      elsewhere: undefined,
      known: undefined,
      failures: [exampleFailure]
    }
  },
  'federation.version': {
    severity: 'notice',
    title: '/_matrix/federation/v1/version is missing or wrong',
    why: "Servers don't need it, but other federation requests may also reach something other than the homeserver.",
    specification: references.federationVersion,
    what: (response: BadResponse) =>
      describeBadResponse(versionPath, response, 'without the name and version of a server'),
    fix: (response: BadResponse) => fixBadResponse(response, 'federation',
      'Pass /_matrix on to the homeserver, with its path unchanged, or delegate to where the homeserver is.'),
    example: { status: 404, incomplete: undefined }
  },
  'federation.not-served': {
    severity: 'warning',
    title: "The homeserver doesn't serve /_matrix/federation",
    why: 'Other servers find the homeserver, but all their requests fail.',
    specification: references.requestAuthentication,
    what: 'The homeserver responds to /_matrix/federation with status 404 and M_UNRECOGNIZED: there is no such path.',
    fix: addResource('federation')
  }
} as const satisfies FindingKinds

export interface EndpointParts {
  readonly host: string
  readonly port: number
  readonly serverName: string
  /** Whether the port is 8448 because nothing names another. */
  readonly isDefaultPort: boolean
  /** The document may be on the homeserver's own host only, where no other server asks for it. */
  readonly elsewhere: { readonly host: string, readonly apex: string } | undefined
  /** Where clients find the homeserver, if servers could go there: a host and a port. */
  readonly known: string | undefined
  /** Why each address doesn't respond. */
  readonly failures: readonly FailedPlace[]
}

const find = findingBuilder(federationFindings)

/** Whether other servers reach the homeserver, and it is the one that they expect. */
export function judgeFederation (
  { serverName, host, lookup, federation, client }:
  Pick<Facts, 'serverName' | 'host' | 'lookup' | 'federation' | 'client'>,
  now: Date
): Finding[] {
  if (federation === undefined) return []
  const { discovery, addresses, elsewhere } = federation
  const { endpoint } = discovery
  if (endpoint === undefined) return judgeDiscovery(discovery)
  // Without the document, M_SERVER has no effect.
  const known = endpoint.step === '1' || endpoint.step === '2'
    ? undefined
    : findPlaceForServers({ serverName, client })
  const origin = originOf(endpoint, delegatedNameOf(discovery))
  const served = elsewhere?.reading?.content === undefined ? undefined : { host: elsewhere.host, apex: host }
  const unreachable = judgeEndpoint(serverName, endpoint, addresses, { elsewhere: served, known })
  // Why no address responds is part of that finding.
  const judge = unreachable.length === 0 ? judgeConnection : judgeHandshake
  return [
    ...judgeDiscovery(discovery),
    ...endpoint.targets.flatMap(({ lookup }) =>
      judgeLookup(lookup, { area: 'federation' }, origin && { ...origin, known })),
    ...[lookup, ...endpoint.targets.map(({ lookup }) => lookup)]
      .flatMap(found => judgePrivateAddresses(found, { area: 'federation' })),
    ...unreachable,
    ...addresses.flatMap(address => judgeFederationAddress(serverName, endpoint, address, known, judge, now))
  ]
}

/** Where the targets of an endpoint are from. */
function originOf (
  { step, tlsName }: Endpoint,
  delegatedName: string | undefined
): Omit<HostOrigin, 'known'> | undefined {
  if (step === '3.3' || step === '4') return { key: 'SRV', value: `_matrix-fed._tcp.${tlsName}` }
  if (step === '3.4' || step === '5') return { key: 'SRV', value: `_matrix._tcp.${tlsName}` }
  return delegatedName === undefined ? undefined : { key: 'm.server', value: delegatedName }
}

/** Whether at least one address responds to other servers; certificates are judged elsewhere. */
function judgeEndpoint (
  serverName: string,
  { step, targets }: Endpoint,
  addresses: readonly FederationAddress[],
  { elsewhere, known }: Pick<EndpointParts, 'elsewhere' | 'known'>
): Finding[] {
  const [first] = addresses
  if (first === undefined) return []
  if (addresses.some(({ keys }) => keys.response !== undefined)) return []
  const { host, port } = first.target
  const isDefaultPort = step === '3.5' || step === '6'
  const failures = addresses.flatMap(({ target, address, keys }) =>
    listFailures([keys], targets.length > 1 ? `${target.host}:${target.port} at ${address}` : address))
  return [find('federation.unreachable', {
    area: 'federation',
    about: { host, port },
    parts: { host, port, serverName, isDefaultPort, elsewhere, known, failures },
    evidence: { addresses: addresses.map(({ address, keys }) => ({ address, failure: keys.failure?.kind })) }
  })]
}

function judgeFederationAddress (
  serverName: string,
  { step }: Endpoint,
  federationAddress: FederationAddress,
  known: string | undefined,
  judge: typeof judgeConnection,
  now: Date
): Finding[] {
  const { target: { host, port, lookup }, address, version, keys, lacksFederation } = federationAddress
  const context: Context = { area: 'federation', about: { host, port, address } }
  const srvTarget = ['3.3', '3.4', '4', '5'].includes(step) ? host : undefined
  // Each was requested over its own connection: what is wrong with the address may show in only one.
  const connection = keys.response === undefined ? keys : version
  return [
    ...judge(connection, { ...context, srvTarget, isOneOfSeveral: lookup.addresses.length > 1 }, now),
    ...lacksFederation ? [find('federation.not-served', context)] : [],
    ...judgeVersion(version, context),
    ...judgeServerKeys(federationAddress, serverName, { ...context, known }, now),
    ...judgeDecodedPaths(federationAddress, context)
  ]
}

function judgeVersion (exchange: Exchange, context: Context): Finding[] {
  const { response, failure } = exchange
  if (response === undefined) return []
  const server = readJsonResponse(response).content?.['server']
  const incomplete = whyIncomplete(response, failure)
  const isComplete = incomplete === undefined && response.status === 200
  const hasName = isJsonObject(server) && typeof server['name'] === 'string' && typeof server['version'] === 'string'
  if (isComplete && hasName) return []
  return [find('federation.version', {
    ...context,
    parts: readBadResponse({ ...exchange, response }),
    evidence: { status: response.status, begins: response.body.subarray(0, 200).toString() }
  })]
}
