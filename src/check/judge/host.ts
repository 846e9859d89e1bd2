import { documentKind, documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { Inspection } from '../gather/well-known.ts'
import type { Facts } from '../gather/gather.ts'
import type { Fetch } from '../network/fetch.ts'
import { judgeNotFound } from './cors.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { judgeLookup } from './lookups.ts'
import { judgeConnection } from './reachability.ts'
import { describeResponse } from './response-evidence.ts'
import { specification } from './specification.ts'

export const hostFindings = {
  'document.unreachable': {
    severity: 'warning',
    title: "The well-known documents can't be fetched from any address",
    why: 'Servers and clients see no documents.',
    specification: specification.wellKnownUris,
    what: ({ host, addresses, path }: HostParts) => {
      if (path !== undefined) return `https://${host} responds, but not to a request for ${path}.`
      const where = addresses > 1 ? ` at any of its ${addresses} addresses` : ''
      return `There is no response from https://${host}${where}.`
    },
    fix: ({ host, path }: HostParts) => path === undefined
      ? `Configure a web server or proxy to listen on port 443 of ${host} and pass /.well-known/matrix/ ` +
        'on to the sidecar.'
      : 'Check where the proxy sends this path, and whether the service there is hanging.',
    example: { host: 'example.com', addresses: 1, path: undefined }
  },
  'document.catch-all': {
    severity: 'notice',
    title: 'Paths that do not exist get status 200',
    why: 'A missing document is then a web page, not a 404, and harder to notice.',
    specification: specification.wellKnownUris,
    what: ({ path }: { path: string }) => `${path}, which does not exist, returns status 200.`,
    fix: 'Configure the proxy to pass all of /.well-known/matrix/ on to the sidecar.',
    example: { path: '/.well-known/matrix/no-such-document' }
  }
} as const satisfies FindingKinds

export interface HostParts {
  readonly host: string
  /** How many. */
  readonly addresses: number
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
  const fetches = [...inspections.values()].flat().map(({ fetch }) => fetch)
  return [
    ...judgeLookup(lookup, where),
    ...fetches.flatMap(({ hops, address }) => hops.flatMap((hop, i) => judgeConnection(hop, {
      ...where,
      about: i === 0
        ? { host, port: 443, address }
        : { host: new URL(hop.url).hostname, port: hop.port, address: hop.address }
    }, now))),
    ...fetches.length > 0 && fetches.every(isSilent)
      ? [find('document.unreachable', {
          ...where,
          about: { host, port: 443 },
          parts: { host, addresses: lookup.addresses.length, path: undefined },
          evidence: { addresses: lookup.addresses }
        })]
      : [],
    ...judgeNotFounds({ host, lookup, inspections, strangers }),
    ...judgeCatchAll(strangers)
  ]
}

/** A document that an address never responds to, though it responds to others. */
export function judgeSilence (name: DocumentName, host: string, context: Context): Finding {
  return find('document.unreachable', { ...context, parts: { host, addresses: 1, path: documentPath(name) } })
}

export function isSilent ({ hops }: Fetch): boolean {
  return hops[0].response === undefined
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
