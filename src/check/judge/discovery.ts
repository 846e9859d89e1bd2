import type { Discovery } from '../gather/discovery.ts'
import type { Facts } from '../gather/gather.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { judgeSrvCount, judgeSrvFailure } from './lookups.ts'
import { references } from './references.ts'

export const discoveryFindings = {
  'discovery.srv-deprecated': {
    severity: 'warning',
    title: 'The endpoint comes from an SRV record of the deprecated name _matrix._tcp',
    why: 'Servers may stop supporting it.',
    specification: references.discoverySrvDeprecated,
    what: ({ host }: { host: string }) =>
      `Other servers find the endpoint through the SRV record _matrix._tcp.${host}.`,
    fix: ({ host }: { host: string }) =>
      `Rename the record to _matrix-fed._tcp.${host}, or delegate with a well-known document.`,
    example: { host: 'example.com' }
  },
  'discovery.srv-shadowed': {
    severity: 'notice',
    title: 'There are SRV records, but the well-known document takes precedence',
    why: 'Servers never look them up, and they mislead people who search for an error.',
    specification: references.discoveryWellKnown,
    what: ({ record }: { record: string }) =>
      `There is an SRV record ${record}, but the well-known document takes precedence.`,
    fix: 'Remove the record.',
    example: { record: '_matrix-fed._tcp.example.com' }
  },
  'discovery.srv-cname': {
    severity: 'warning',
    title: 'The target of an SRV record is an alias (CNAME)',
    why: "RFC 2782 forbids it, and some servers don't follow it.",
    specification: references.discoverySrv,
    what: ({ host, cname }: { host: string, cname: string }) => `${host} is an alias of ${cname}.`,
    fix: ({ host, cname }: { host: string, cname: string }) =>
      `Change the target of the SRV record to ${cname}, or give ${host} A and AAAA records of its own.`,
    example: { host: 'matrix.example.com', cname: 'host.example.net' }
  },
  'discovery.srv-refused': {
    severity: 'warning',
    title: 'The SRV record says that there is no such service (target ".")',
    why: "Other servers don't try anything else.",
    specification: references.discoverySrv,
    what: ({ record }: { record: string }) =>
      `The target of the SRV record ${record} is ".": there is no such service.`,
    fix: 'Remove the SRV record, or change its target to the homeserver.',
    example: { record: '_matrix-fed._tcp.example.com' }
  },
  'discovery.default-port': {
    severity: 'notice',
    title: 'No port is configured, so other servers connect to port 8448',
    why: "Many proxies, including Cloudflare, don't forward port 8448.",
    specification: references.discoveryDefaultPort,
    what: ({ host }: { host: string }) =>
      `There is no port in the name and no SRV record, so other servers connect to ${host}:8448.`,
    fix: ({ host }: { host: string }) => `If the homeserver is behind port 443, set m.server to ${host}:443.`,
    example: { host: 'matrix.example.com' }
  },
  'discovery.well-known-unread': {
    severity: 'notice',
    title: 'The server name is an IP address or has a port, but there is a /.well-known/matrix/server',
    why: 'Other servers connect to such a name directly and never request the document.',
    specification: references.discoveryDirect,
    what: ({ host, step }: { host: string, step: '1' | '2' }) =>
      `https://${host} serves the document, but servers don't request it: ` +
      `the server name ${step === '1' ? 'is an IP address' : 'has a port'}.`,
    fix: ({ host, step }: { host: string, step: '1' | '2' }) => step === '1'
      ? 'Remove the document.'
      : `Remove the document. If users are called @user:${host}, without a port, check ${host} instead.`,
    example: { host: 'example.com', step: '2' }
  }
} as const satisfies FindingKinds

const find = findingBuilder(discoveryFindings)
const area = 'federation'

/** What is unusual about the way to the homeserver, whether or not it leads there. */
export function judgeDiscovery ({ endpoint, refusal, shadowed, failedLookups }: Discovery): Finding[] {
  const findings = [
    ...failedLookups.flatMap(judgeSrvFailure),
    ...shadowed.map(({ name, records }) => find('discovery.srv-shadowed', {
      area, about: { record: name }, parts: { record: name }, evidence: { records }
    }))
  ]
  if (refusal !== undefined) {
    findings.push(find('discovery.srv-refused', { area, about: { record: refusal }, parts: { record: refusal } }))
  }
  return endpoint === undefined ? findings : [...findings, ...judgeEndpointChoice(endpoint, failedLookups.length > 0)]
}

/** @param isSrvUnknown whether there may be an SRV record, because DNS didn't say. */
function judgeEndpointChoice (
  { step, hostHeader, targets, unasked }: NonNullable<Discovery['endpoint']>,
  isSrvUnknown: boolean
): Finding[] {
  const findings: Finding[] = []
  const context = { area, about: { step } } as const
  if (unasked > 0) findings.push(judgeSrvCount(targets.length + unasked, targets.length, context))
  if (step === '3.4' || step === '5') {
    findings.push(find('discovery.srv-deprecated', { ...context, parts: { host: hostHeader } }))
  }
  const [first] = targets
  // A host without an address has no port to open either.
  const isDefaultPort = (step === '3.5' || step === '6') && !isSrvUnknown
  if (first !== undefined && first.lookup.addresses.length > 0 && isDefaultPort) {
    findings.push(find('discovery.default-port', { ...context, parts: { host: first.host } }))
  }
  for (const { host, port, cname } of targets) {
    if (cname === undefined) continue
    findings.push(find('discovery.srv-cname', {
      area, about: { host, port }, parts: { host, cname }, evidence: { cname }
    }))
  }
  return findings
}

/** A document that servers never request, because they connect to the server name directly. */
export function judgeUnread ({ federation, inspections, host }: Facts): Finding[] {
  const step = federation?.discovery.endpoint?.step
  const isServed = inspections.get('server')?.some(({ fetch }) => fetch.reading?.content !== undefined) === true
  if (!isServed || (step !== '1' && step !== '2')) return []
  return [find('discovery.well-known-unread', {
    area, about: { document: 'server' }, parts: { host, step }, evidence: { step }
  })]
}
