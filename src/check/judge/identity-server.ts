import { identityPath, isSecure, isSilent } from '../gather/client.ts'
import type { ClientFacts } from '../gather/client.ts'
import { isTrusted } from '../network/certificate.ts'
import { origin } from '../network/preflight.ts'
import { allowsOrigin } from '../network/response-headers.ts'
import type { Exchange, Failure } from '../network/peer.ts'
import { isHttp } from './base-urls.ts'
import { areUntried, fixUntried, listFailure } from './failed-places.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { judgeLookup } from './lookups.ts'
import { describeConnectionFailure, judgeConnection } from './reachability.ts'
import { references } from './references.ts'

export const identityServerFindings = {
  'client.identity-server': {
    severity: 'warning',
    title: "The identity server doesn't work",
    why: "All users can log in, but can't find others by their email address or phone number.",
    specification: references.wellKnownUris,
    what: describe,
    fix: (parts: IdentityServerParts) => parts.fault === 'silent' && areUntried(listFailure(parts))
      ? fixUntried(listFailure(parts))
      : 'Fix the base_url of m.identity_server, or leave out that key (M_IDENTITY_SERVER_BASE_URL), as most ' +
        'servers do.',
    example: { url: 'https://identity.example.com', fault: 'status', status: 404 }
  }
} as const satisfies FindingKinds

export type IdentityServerParts = { readonly url: string } & (
  | { readonly fault: 'address', readonly host: string }
  | { readonly fault: 'certificate' | 'cors' }
  | { readonly fault: 'status', readonly status: number }
  | { readonly fault: 'silent', readonly failure: Failure | undefined }
)

function describe (parts: IdentityServerParts): string {
  const { url } = parts
  switch (parts.fault) {
    case 'address': return `The identity server is ${url}, but ${parts.host} has no address in DNS.`
    case 'certificate': return `The certificate of the identity server at ${url} isn't trusted.`
    case 'cors': return `${identityPath} at ${url} has no CORS headers, so web clients can't read it.`
    case 'status': return `${identityPath} at ${url} returns status ${parts.status}.`
    case 'silent': {
      const reason = parts.failure === undefined ? '' : ` ${describeConnectionFailure(parts.failure)}`
      return `There is no response from ${identityPath} at ${url}.${reason}`
    }
  }
}

const find = findingBuilder(identityServerFindings)
const area = 'clients'

/** Whether an identity server responded as one. */
export function isIdentityServer (exchange: Exchange | undefined): boolean {
  return exchange?.response?.status === 200 && isSecure(exchange)
}

/** Whether clients can use the identity server in the document. */
export function judgeIdentityServer ({ homeserver, identityServer }: ClientFacts, now: Date): Finding[] {
  if (identityServer === undefined || isHttp(identityServer.url)) return []
  const { url, host, port, lookup, exchange } = identityServer
  // What is wrong with a shared host is reported for the homeserver.
  const isShared = host === homeserver.host && port === homeserver.port
  if (exchange === undefined) return isShared ? [] : [report({ url, fault: 'address', host }, lookup.failures)]
  const { tls, response, failure, address } = exchange
  const lookups = isShared ? [] : judgeLookup(lookup, { area })
  if (tls !== undefined && !isTrusted(tls)) {
    if (isShared) return []
    const purpose = { area, about: { host, port, address }, isOneOfSeveral: lookup.addresses.length > 1 } as const
    return [report({ url, fault: 'certificate' }), ...lookups, ...judgeConnection(exchange, purpose, now)]
  }
  if (response === undefined) {
    return isShared && isSilent(homeserver) ? lookups : [report({ url, fault: 'silent', failure }, failure), ...lookups]
  }
  const { status } = response
  if (status !== 200) return [report({ url, fault: 'status', status }, { status }), ...lookups]
  return allowsOrigin(response, origin) ? lookups : [report({ url, fault: 'cors' }), ...lookups]
}

function report (parts: IdentityServerParts, evidence: object = {}): Finding {
  return find('client.identity-server', { area, about: { url: parts.url }, parts, evidence: { ...evidence } })
}
