import type { Facts } from '../../gather/gather.ts'
import { baseUrlFindings } from '../../judge/base-urls.ts'
import { callServiceFindings } from '../../judge/call-services.ts'
import { callFindings } from '../../judge/calls.ts'
import { certificateFindings } from '../../judge/certificates.ts'
import { isOneOf } from '../../judge/finding.ts'
import type { Finding, FindingId } from '../../judge/finding.ts'
import { installationFindings } from '../../judge/installation.ts'
import { loginWayFindings } from '../../judge/login-ways.ts'
import { lookupFindings } from '../../judge/lookups.ts'
import { privateAddressFindings } from '../../judge/private-addresses.ts'
import { addressFindings } from '../../judge/reachability.ts'
import { authMetadataPath, loginPath } from '../../gather/client.ts'
import { readers } from '../../readers/readers.ts'
import type { HopName } from './hop.ts'

export type PathName = 'federation' | 'clients'

/** The readers that take a path. */
export const travellers = { federation: 'server', clients: 'client' } as const

/** The hop of a path that a finding is about; undefined if it is about none of them. */
export function placeFinding (finding: Finding, path: PathName, facts: Facts): HopName | undefined {
  const { about, area } = finding
  if (about.document !== undefined) return placeDocument(finding, path)
  if (isOneOf(installationFindings, finding)) {
    if (finding.id === 'discovery.is-a-host') return 'server-name'
    return path === 'federation' ? 'well-known' : undefined
  }
  if (isAtApex(finding, path, facts)) return isOneOf(lookupFindings, finding) ? 'server-name' : 'well-known'
  // What is wrong with a host that both ways lead to is reported only once.
  const connection = isOnPath(finding, path, facts) ? placeConnection(finding, path, facts) : undefined
  if (connection !== undefined) return connection
  if (area !== path) return undefined
  return path === 'federation' ? placeServerFinding(finding) : placeClientFinding(finding, facts)
}

function placeDocument (finding: Finding, path: PathName): HopName | undefined {
  if (finding.about.document !== (path === 'federation' ? 'server' : 'client')) return undefined
  return isOneOf(baseUrlFindings, finding) ? 'base-url' : 'well-known'
}

/** Whether a finding is about the host of the documents, on the way to them. */
function isAtApex ({ about }: Finding, path: PathName, { host, federation }: Facts): boolean {
  if (about.host !== host || (about.port ?? 443) !== 443) return false
  const step = federation?.discovery.endpoint?.step
  return path === 'clients' || (step !== '1' && step !== '2')
}

/** Whether a finding is about a host that a path ends at. */
function isOnPath ({ about: { host, port } }: Finding, path: PathName, { federation, client }: Facts): boolean {
  const homeserver = client?.facts?.homeserver
  const places = path === 'federation'
    ? federation?.discovery.endpoint?.targets ?? []
    : homeserver === undefined ? [] : [homeserver]
  return places.some(place => place.host === host && (port === undefined || place.port === port))
}

function placeServerFinding (finding: Finding): HopName | undefined {
  const { about: { record, step }, id } = finding
  return record !== undefined || step !== undefined || id === 'discovery.srv-cname' ? 'srv' : 'homeserver'
}

function placeClientFinding (finding: Finding, { client }: Facts): HopName | undefined {
  const { about: { host, path } } = finding
  if (isOneOf(callFindings, finding) || isOneOf(callServiceFindings, finding)) return 'calls'
  const found = client?.facts
  if (host === undefined || host !== found?.homeserver.host) {
    return found?.callServices.some(service => service.host === host) === true ? 'calls' : undefined
  }
  const isLogin = isOneOf(loginWayFindings, finding) || path === loginPath || path === authMetadataPath
  return isLogin ? 'login' : 'homeserver'
}

function placeConnection (finding: Finding, path: PathName, facts: Facts): HopName | undefined {
  if (isOneOf(certificateFindings, finding)) return 'tls'
  const isFailure = isOneOf(addressFindings, finding) || (unreachable.includes(finding.id) && affects(finding, path))
  if (isFailure) return placeFailure(finding, path, facts)
  return isOneOf(lookupFindings, finding) || isOneOf(privateAddressFindings, finding) ? 'addresses' : undefined
}

const unreachable: readonly FindingId[] = ['federation.unreachable', 'client.unreachable']

/** Whether a finding explains the outcome of a reader that takes this path. */
function affects ({ readers: affected }: Finding, path: PathName): boolean {
  return affected.some(id => readers[id].kind === travellers[path])
}

/** How far connections get that end without a response. */
function placeFailure ({ about: { port, address } }: Finding, path: PathName, { federation, client }: Facts): HopName {
  const exchanges = path === 'federation'
    ? federation?.addresses.flatMap(({ keys, version }) => [keys, version])
    : client?.facts?.homeserver.addresses.map(({ versions }) => versions)
  const phases = exchanges
    ?.filter(exchange => exchange.port === port && (address === undefined || exchange.address === address))
    .map(({ failure }) => failure?.phase)
  if (phases?.includes('response') === true) return 'homeserver'
  return phases?.includes('tls') === true ? 'tls' : 'addresses'
}
