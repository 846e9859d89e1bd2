import { versionPath } from '../gather/federation.ts'
import type { FederationAddress } from '../gather/federation.ts'
import { isJsonObject } from '../../matrix/json-object.ts'
import { judgeConnection, nameAddress } from './reachability.ts'
import type { Discovery } from '../gather/discovery.ts'
import { buildFinding } from './finding.ts'
import type { Finding } from './finding.ts'
import { readJsonObject } from '../network/json-body.ts'
import { judgeKeys } from './keys.ts'
import { adviseOnDns, judgeLookup } from './lookups.ts'
import type { Exchange } from '../network/peer.ts'
import { describeFault, lookBetween, whyIncomplete } from './incomplete.ts'

/** Whether other servers reach the homeserver, and find it to be who it is. */
export function judgeFederation (serverName: string, discovery: Discovery, addresses: readonly FederationAddress[], now: Date): Finding[] {
  const findings = addresses.flatMap(({ target, address, version, keys }) => {
    const subject = nameAddress(target.host, target.port, address)
    const srvTarget = ['3.3', '3.4', '4', '5'].includes(String(discovery.endpoint?.step)) ? target.host : undefined
    const purpose = { area: 'federation', subject, srvTarget } as const
    // Both were asked over connections of their own: what is wrong with the address shows in either.
    const connection = judgeConnection(version.response === undefined ? version : keys, purpose, now)
    return [...connection, ...judgeVersion(version, subject), ...judgeKeys(keys, serverName, subject, now)]
  })
  const lookups = discovery.endpoint?.targets.flatMap(({ lookup }) => judgeLookup(lookup, 'federation')) ?? []
  // Where one target of SRV has no address, others go on to the next.
  const harmless = discovery.endpoint?.targets.some(({ lookup }) => lookup.addresses.length > 0) === true
  return [...judgeDiscovery(discovery), ...harmless ? lookups.map(finding => finding.severity === 'failure' ? { ...finding, severity: 'warning' as const } : finding) : lookups, ...judgeReach(serverName, discovery, addresses), ...findings]
}

/** Whether at least one address answers other servers; certificates are judged elsewhere. */
function judgeReach (serverName: string, { endpoint }: Discovery, addresses: readonly FederationAddress[]): Finding[] {
  const [first] = addresses
  if (endpoint === undefined || first === undefined) return []
  if (addresses.some(({ version, keys }) => version.response !== undefined && keys.response !== undefined)) return []
  const { host, port } = first.target
  const fallback = endpoint.step === '3.5' || endpoint.step === '6'
  return [buildFinding('federation.unreachable', {
    area: 'federation',
    subject: `${host}:${port}`,
    what: `Other servers connect to ${host}:${port} and get no answer${addresses.length > 1 ? ` at any of its ${addresses.length} addresses` : ''}.`,
    change: fallback
      ? `If the homeserver is behind port 443 of ${host}, serve {"m.server":"${host}:443"} at https://${serverName}/.well-known/matrix/server; otherwise open port 8448.`
      : `Have the homeserver, or the proxy before it, listen on port ${port} of ${host}, or delegate to where it does.`,
    evidence: { addresses: addresses.map(({ address, version }) => ({ address, failure: version.failure?.kind })) }
  })]
}

function judgeVersion (exchange: Exchange, subject: string): Finding[] {
  const { response } = exchange
  if (response === undefined) return []
  const server = readJsonObject(response.body).content?.['server']
  const incomplete = whyIncomplete(exchange)
  if (incomplete === undefined && response.status === 200 && isJsonObject(server) && typeof server['name'] === 'string' && typeof server['version'] === 'string') return []
  return [buildFinding('federation.version', {
    area: 'federation',
    subject,
    what: `${versionPath} is answered with status ${response.status}${describeFault(response, incomplete, 'without the name and version of a server')}.`,
    change: incomplete !== undefined ? lookBetween : 'Pass /_matrix on to the homeserver, with its path unchanged, or delegate to where the homeserver is.',
    evidence: { status: response.status, begins: response.body.subarray(0, 200).toString() }
  })]
}

/** What is odd about the way, whether or not it leads somewhere. */
function * judgeDiscovery ({ endpoint, shadowed, failedLookups, steps }: Discovery): Generator<Finding> {
  const area = 'federation'
  for (const { name, failure } of failedLookups) {
    if (failure !== undefined) yield buildFinding('discovery.dns', { area, subject: name, what: `DNS fails on SRV ${name} (${failure.code}).`, change: adviseOnDns([failure]), evidence: { failure: failure.code } })
  }
  for (const { name, records } of shadowed) {
    yield buildFinding('discovery.srv-shadowed', { area, subject: name, what: `There is an SRV record ${name}, but the well-known goes before it.`, change: 'Take the record out.', evidence: { records } })
  }
  if (endpoint === undefined) {
    const last = steps.at(-1)
    yield buildFinding('discovery.srv-refused', { area, subject: `step ${last?.step}`, what: `${last?.what}.`, change: 'Take the SRV record out, or name the homeserver in it.', evidence: {} })
    return
  }
  const { step, targets, unasked } = endpoint
  if (unasked > 0) {
    yield buildFinding('address.too-many', { area, subject: `step ${step}`, what: `There are ${targets.length + unasked} SRV records; the targets of the first ${targets.length} are checked.`, change: 'Name a few alone.', evidence: {} })
  }
  if (step === '3.4' || step === '5') {
    yield buildFinding('discovery.srv-deprecated', { area, subject: `step ${step}`, what: 'The endpoint comes from an SRV record of the deprecated name _matrix._tcp.', change: 'Name the record _matrix-fed._tcp, or delegate by well-known.', evidence: {} })
  }
  if (step === '3.5' || step === '6') {
    yield buildFinding('discovery.default-port', { area, subject: `step ${step}`, what: `No port is named and there is no SRV record, so others connect to ${targets[0]?.host}:8448.`, change: `If the homeserver is behind port 443, write ${targets[0]?.host}:443 as m.server.`, evidence: {} })
  }
  for (const { host, port, cname } of targets) {
    if (cname !== undefined) {
      yield buildFinding('discovery.srv-cname', { area, subject: `${host}:${port}`, what: `${host} is an alias of ${cname}.`, change: `Name ${cname} in the SRV record, or give ${host} addresses of its own.`, evidence: { cname } })
    }
  }
}
