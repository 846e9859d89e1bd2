import { readLeniently } from '../gather/well-known.ts'
import type { Facts } from '../gather/gather.ts'
import { judgeBaseUrls } from './base-urls.ts'
import { judgeClient } from './clients.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { findPlaceForClients } from './known-place.ts'
import { findDeadEnd } from './redirects.ts'
import { references } from './references.ts'

export const clientDiscoveryFindings = {
  'client.not-found': {
    severity: 'warning',
    title: 'There is no /.well-known/matrix/client',
    why: 'Users have to type the address of the homeserver to log in.',
    specification: references.wellKnownClient,
    what: ({ host, deadEnd, elsewhere }: NotFoundParts) => {
      const found = deadEnd === undefined
        ? `https://${host} returns status 404`
        : `https://${host} redirects to ${deadEnd}, which returns status 404`
      return elsewhere === undefined ? `${found}.` : `${found}, but https://${elsewhere} serves the document.`
    },
    fix: ({ host, deadEnd, elsewhere }: NotFoundParts) => {
      if (elsewhere !== undefined) return `Serve the same on ${host}: clients only ask the host of the server name.`
      return deadEnd === undefined
        ? 'Serve the document: set M_HOMESERVER_BASE_URL.'
        : `Set M_HOMESERVER_BASE_URL, and serve the document on ${host} without a redirect.`
    },
    example: { host: 'example.com', deadEnd: undefined, elsewhere: 'matrix.example.com' }
  }
} as const satisfies FindingKinds

export interface NotFoundParts {
  readonly host: string
  /** Where redirects lead to a 404. */
  readonly deadEnd: string | undefined
  /** The homeserver's own host, if it serves the document. */
  readonly elsewhere: string | undefined
}

const find = findingBuilder(clientDiscoveryFindings)

/** What a client that logs in finds, from the document on. */
export function judgeClientDiscovery ({ client, federation, host, serverName }: Facts, now: Date): Finding[] {
  if (client === undefined) return []
  const { document, facts, elsewhere } = client
  const content = document?.reading?.content ?? readLeniently(document)
  if (content !== undefined) {
    const endpoint = federation?.discovery.delegation === undefined ? undefined : federation.discovery.endpoint
    const known = findPlaceForClients({ serverName, federation })
    return [
      ...judgeBaseUrls(content, facts, host, endpoint?.tlsName),
      ...judgeClient(content, facts, { serverName, known }, now)
    ]
  }
  if (document?.hops.at(-1)?.response?.status !== 404) return []
  const found = elsewhere?.reading?.content
  return [find('client.not-found', {
    area: 'clients',
    about: { document: 'client' },
    parts: { host, deadEnd: findDeadEnd(document), elsewhere: found === undefined ? undefined : elsewhere?.host },
    evidence: found === undefined ? {} : { elsewhere: elsewhere?.host, document: found }
  })]
}
