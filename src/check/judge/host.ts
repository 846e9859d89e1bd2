import type { JsonObject } from '../../matrix/json-object.ts'
import { quote } from '../../matrix/printable.ts'
import { documentKind, documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { Inspection } from '../gather/well-known.ts'
import type { Facts } from '../gather/gather.ts'
import type { Fetch } from '../network/fetch.ts'
import { judgeNotFound } from './cors.ts'
import {
  areUntried, describeFailures, exampleFailure, explainUntried, fixFailures, fixUntried, listFailures
} from './failed-places.ts'
import type { FailedPlace } from './failed-places.ts'
import { findingBuilder, rateUnfetched } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { judgeLookup } from './lookups.ts'
import { judgeConnection, judgeHandshake } from './reachability.ts'
import { describeResponse } from './response-evidence.ts'
import { references } from './references.ts'

export const hostFindings = {
  'document.unreachable': {
    severity: 'warning',
    title: "The well-known documents can't be fetched from any address",
    reason: ({ host, failures }: HostParts) => explainUntried(failures, host),
    why: 'Servers and clients see no documents.',
    specification: references.wellKnownUris,
    what: ({ host, failures, path }: HostParts) => {
      const reason = describeFailures(failures)
      if (path !== undefined) return `https://${host} responds, but not to a request for ${path}. ${reason}`
      const where = failures.length > 1 ? ` at any of its ${failures.length} addresses` : ''
      return `There is no response from https://${host}${where}. ${reason}`
    },
    fix: ({ host, failures, path }: HostParts) => {
      if (path !== undefined) {
        return failures.some(({ failure }) => failure.kind === 'not-http')
          ? 'Check where the proxy sends this path, and read the log of the service there.'
          : 'Check where the proxy sends this path, and whether the service there is hanging.'
      }
      if (areUntried(failures)) return fixUntried(failures)
      return fixFailures(failures, host, 443) ??
        `Configure a web server or proxy to listen on port 443 of ${host} and pass /.well-known/matrix/ ` +
        'on to the sidecar.'
    },
    example: { host: 'example.com', failures: [exampleFailure], path: undefined }
  },
  'document.catch-all': {
    severity: 'notice',
    title: "Paths that don't exist get status 200",
    why: 'A missing document is then a web page, not a 404, and harder to notice.',
    specification: references.wellKnownUris,
    what: ({ path }: { path: string }) => `${path}, which doesn't exist, returns status 200.`,
    fix: 'Configure the proxy to pass all of /.well-known/matrix/ on to the sidecar.',
    example: { path: '/.well-known/matrix/no-such-document' }
  },
  'document.any-path': {
    severity: 'warning',
    title: 'The same JSON is served for every path',
    why: 'Each document has its own content.',
    specification: references.wellKnownUris,
    what: ({ content }: { content: JsonObject }) =>
      `The response is the same as for a path that doesn't exist: ${quote(content)}.`,
    fix: 'Configure the proxy to pass /.well-known/matrix/ on to the sidecar, or to serve each document only at its ' +
      'own path.',
    example: { content: { 'm.server': 'matrix.example.com:443' } }
  }
} as const satisfies FindingKinds

export interface HostParts {
  readonly host: string
  /** Why each address doesn't respond. */
  readonly failures: readonly FailedPlace[]
  /** The document that there is no response for; undefined if no document got a response. */
  readonly path: string | undefined
}

const find = findingBuilder(hostFindings)

/** The host of the documents: its addresses, their certificates, and its responses for other paths. */
export function judgeHost (
  { host, lookup, inspections, strangers }: Facts,
  where: Omit<Context, 'about'>,
  now: Date
): Finding[] {
  const all = [...inspections.values()].map(each => each.map(({ fetch }) => fetch))
  const fetches = all.flat()
  return [
    ...judgeLookup(lookup, where),
    // Why a document has no response from any address is part of that finding.
    ...all.flatMap(each => each.flatMap(({ hops, address }) => hops.flatMap((hop, i) => {
      const about = i === 0
        ? { host, port: 443, address }
        : { host: new URL(hop.url).hostname, port: hop.port, address: hop.address }
      const judge = i > 0 || each.every(isSilent) ? judgeHandshake : judgeConnection
      return judge(hop, { ...where, about, isOneOfSeveral: i === 0 && lookup.addresses.length > 1 }, now)
    }))),
    ...fetches.length > 0 && fetches.every(isSilent)
      ? [find('document.unreachable', {
          ...where,
          severity: rateUnfetched(where),
          about: { host, port: 443 },
          parts: { host, failures: failuresOf(fetches), path: undefined },
          evidence: { addresses: lookup.addresses }
        })]
      : [],
    ...judgeNotFounds({ host, lookup, inspections, strangers }),
    ...judgeCatchAll(strangers)
  ]
}

/** A document that an address never responds to, though it responds to others. */
export function judgeSilence (name: DocumentName, host: string, fetches: readonly Fetch[], context: Context): Finding {
  const failures = failuresOf(fetches)
  return find('document.unreachable', { ...context, parts: { host, failures, path: documentPath(name) } })
}

/** Why each address doesn't respond. */
function failuresOf (fetches: readonly Fetch[]): FailedPlace[] {
  const byAddress = new Map(fetches.map(({ address, hops: [first] }) => [address, first]))
  return listFailures([...byAddress.values()])
}

/** A document that isn't one, but JSON as for any other path. */
export function judgeAnyPath (content: JsonObject, context: Context): Finding {
  return find('document.any-path', { ...context, parts: { content }, evidence: { content } })
}

export function isSilent ({ hops }: Fetch): boolean {
  return hops[0].response === undefined
}

/** Whether something listens at an address, but does not respond. */
export function isMute (fetch: Fetch): boolean {
  return isSilent(fetch) && fetch.hops[0].failure?.phase !== 'connect'
}

/** Whether an address serves no document where another does. */
export function isStray ({ reading }: Fetch, each: readonly Inspection[]): boolean {
  return reading?.content === undefined && each.some(({ fetch }) => fetch.reading?.content !== undefined)
}

/** Whether web clients see that a document doesn't exist, at each address. */
function judgeNotFounds (
  { host, lookup, inspections, strangers }: Pick<Facts, 'host' | 'lookup' | 'inspections' | 'strangers'>
): Finding[] {
  const readByClients = [...inspections].filter(([name]) => documentKind(name).readBy === 'clients')
    .flatMap(([, each]) => each.filter(({ fetch }) => !isStray(fetch, each)))
  const fetches = [...readByClients.map(({ fetch }) => fetch), ...strangers]
  return lookup.addresses.flatMap(address =>
    judgeNotFound(fetches.filter(fetch => fetch.address === address), host))
}

function judgeCatchAll (strangers: readonly Fetch[]): Finding[] {
  for (const { path, hops } of strangers) {
    const response = hops.at(-1)?.response
    if (response?.status !== 200) continue
    return [find('document.catch-all', {
      area: 'documents', about: { path }, parts: { path }, evidence: describeResponse(response)
    })]
  }
  return []
}
