import { isDeepStrictEqual } from 'node:util'
import { property } from '../../matrix/json-object.ts'
import type { Facts } from '../gather/gather.ts'
import { readerIds } from '../readers/readers.ts'
import { certificateFindings } from './certificates.ts'
import { isOneOf, worstSeverity } from './finding.ts'
import type { About, Finding, FindingId } from './finding.ts'
import { isText } from './json-faults.ts'
import { addressFindings } from './reachability.ts'

/** Whether a finding only follows from another one. */
type Rule = (cause: Finding, finding: Finding, facts: Pick<Facts, 'host'>) => boolean

/** What two findings have in common that are about the same. */
type Place = 'document' | 'port' | 'address' | 'anywhere'

/** Where one of these is found, some others follow from it. */
const consequences: ReadonlyArray<readonly [cause: FindingId, where: Place, consequences: readonly FindingId[]]> = [
  ['discovery.not-delegated', 'anywhere', ['client.not-found', 'cors.not-found']],
  ['document.path-changed', 'document', ['client.not-found', 'intent.missing']],
  ['document.path-changed', 'anywhere', ['cors.not-found']],
  ['intent.missing', 'document', ['client.not-found']],
  ['document.html', 'anywhere', ['document.catch-all']],
  ['document.any-path', 'anywhere', ['document.catch-all']],
  ['federation.not-served', 'address', ['keys.missing', 'federation.version']],
  ['homeserver.down', 'address', ['federation.version']],
  ['homeserver.blocked', 'address', ['federation.version']],
  ['keys.missing', 'address', ['federation.version']],
  ['keys.server-name', 'address', ['client.other-server']],
  ['federation.unreachable', 'port', ['client.unreachable']],
  ['client.versions', 'address', ['client.login']]
]

const rules: readonly Rule[] = [
  (cause, finding) => consequences.some(([id, where, others]) =>
    cause.id === id && others.includes(finding.id) && isSamePlace(cause.about, finding.about, where)),

  // Where nothing handles a path, the response is empty or a text, whatever the path.
  (cause, finding) => finding.id === 'document.catch-all' && cause.id === 'document.json' &&
    isText(String(property(cause.parts, 'begins'))),

  // Users that can't find the homeserver don't mind that a browser can't see why.
  (cause, finding) => finding.id === 'cors.not-found' &&
    ['client.not-found', 'intent.missing'].includes(cause.id) && cause.about.document === 'client',

  // No reader looks at what comes over a connection that it doesn't trust.
  (cause, finding) => isOneOf(certificateFindings, cause) && cause.readers.length > 0 &&
    isSamePlace(cause.about, finding.about, 'address') &&
    !isOneOf(certificateFindings, finding) && !isOneOf(addressFindings, finding),

  // A proxy that doesn't pass the keys on passes on nothing, if its response to clients is the same.
  (cause, finding) => cause.id === 'keys.missing' && finding.id === 'client.versions' &&
    isSamePlace(cause.about, finding.about, 'address') && property(finding.parts, 'errcode') === undefined &&
    property(property(cause.parts, 'response'), 'status') === property(finding.parts, 'status'),

  // What a proxy does to requests for the homeserver, it does to those for other services behind it.
  (cause, finding) => proxyIds.includes(cause.id) && serviceIds.includes(finding.id) &&
    statusOf(cause) === statusOf(finding) && statusOf(cause) !== 404 &&
    new URL(String(finding.about.url)).host === new URL(`https://${cause.about.host}:${cause.about.port}`).host,

  // A document that isn't the configured one may lead anywhere.
  (cause, finding, { host }) => cause.id === 'intent.differs' && cause.about.address === undefined &&
    property(cause.parts, 'key') === (cause.about.document === 'server' ? 'm.server' : 'm.homeserver') &&
    cause.about.document === (finding.area === 'federation' ? 'server' : 'client') && finding.area !== 'documents' &&
    finding.about.document === undefined && finding.about.url === undefined && finding.about.host !== host,

  // What isn't a URL, though URL parsers accept it, leads nowhere.
  (cause, finding) => cause.id === 'document.invalid' && cause.about.document === 'client' &&
    isDeepStrictEqual(cause.evidence['path'], ['m.homeserver', 'base_url']) &&
    (finding.id === 'client.base-url-path' ||
      (finding.id === 'discovery.no-address' && finding.area === 'clients' && !isDomain(finding.about.host))),

  // Below /_matrix, there is no homeserver.
  (cause, finding) => cause.id === 'client.base-url-path' && finding.id === 'client.versions' &&
    new URL(String(property(cause.parts, 'url'))).pathname.startsWith('/_matrix'),

  // The delegation is there, but in the wrong document.
  (cause, finding) => cause.id === 'document.misplaced-key' && property(cause.parts, 'key') === 'm.server' &&
    finding.id === 'discovery.not-delegated'
]

/** Whether a host consists of several labels, none of which is empty. */
function isDomain (host: string | undefined): boolean {
  return /^[^.]+(?:\.[^.]+)+$/.test(String(host))
}

/** What is found where a proxy does not pass on requests for the homeserver. */
const proxyIds: readonly FindingId[] = ['homeserver.down', 'homeserver.blocked', 'keys.missing', 'client.versions']

/** What is wrong with other services, which are often behind the same proxy. */
const serviceIds: readonly FindingId[] = ['client.identity-server', 'call.unreachable']

/** The status of the response that a finding is about. */
function statusOf ({ parts }: Finding): unknown {
  return property(parts, 'status') ?? property(property(parts, 'response'), 'status')
}

function isSamePlace (left: About, right: About, where: Place): boolean {
  if (where === 'anywhere') return true
  if (where === 'document') return left.document === right.document && left.address === right.address
  return left.host !== undefined && left.host === right.host && left.port === right.port &&
    (where === 'port' || (left.address !== undefined && left.address === right.address))
}

/** Leaves out findings that only follow from another one, which then explains what they explain. */
export function attributeToCauses (findings: readonly Finding[], facts: Pick<Facts, 'host'>): Finding[] {
  const causes = new Map(findings.flatMap(finding => {
    const cause = findings.find(other => other !== finding && rules.some(rule => rule(other, finding, facts)))
    return cause === undefined ? [] : [[finding, cause] as const]
  }))
  return findings.filter(finding => !causes.has(finding))
    .map(finding => explain(finding, findings.filter(other => rootOf(other, causes) === finding)))
}

/** The cause of the cause, and so on. */
function rootOf (finding: Finding, causes: ReadonlyMap<Finding, Finding>): Finding {
  const cause = causes.get(finding)
  return cause === undefined ? finding : rootOf(cause, causes)
}

/** A finding that explains what others explain. */
export function explain (cause: Finding, others: readonly Finding[]): Finding {
  const all = [cause, ...others]
  return {
    ...cause,
    severity: worstSeverity(all.map(({ severity }) => severity)),
    readers: readerIds.filter(id => all.some(({ readers }) => readers.includes(id)))
  }
}
