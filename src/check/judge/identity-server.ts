import { identityPath, isSecure } from '../gather/client.ts'
import type { ClientFacts } from '../gather/client.ts'
import { isTrusted } from '../network/certificate.ts'
import type { Exchange, Failure } from '../network/peer.ts'
import { isHttp } from './base-urls.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { judgeLookup } from './lookups.ts'
import { describeConnectionFailure, judgeConnection } from './reachability.ts'
import { specification } from './specification.ts'

export const identityServerFindings = {
  'client.identity-server': {
    severity: 'warning',
    title: 'The identity server does not work',
    why: "All users can log in, but can't find others by their email address or phone number.",
    specification: specification.wellKnownUris,
    what: ({ url, status, failure }: IdentityServerParts) => {
      if (status !== undefined) return `${identityPath} at ${url} returns status ${status}.`
      const reason = failure === undefined ? '' : ` ${describeConnectionFailure(failure)}`
      return `There is no response from ${identityPath} at ${url}.${reason}`
    },
    fix: 'This is about the identity server, not the homeserver: fix the base_url of m.identity_server, or leave the key out ' +
      '(M_IDENTITY_SERVER_BASE_URL), which most servers do.',
    example: { url: 'https://identity.example.com', status: 404, failure: undefined }
  }
} as const satisfies FindingKinds

export interface IdentityServerParts {
  readonly url: string
  readonly status: number | undefined
  readonly failure: Failure | undefined
}

const find = findingBuilder(identityServerFindings)

/** Whether an identity server responded as one. */
export function isIdentityServer (exchange: Exchange | undefined): boolean {
  return exchange?.response?.status === 200 && isSecure(exchange)
}

/** Whether clients can use the identity server in the document. */
export function judgeIdentityServer ({ homeserver, identityServer }: ClientFacts, now: Date): Finding[] {
  if (identityServer === undefined) return []
  const { url, host, port, lookup, exchange } = identityServer
  const area = 'clients'
  // What is wrong with a shared host is reported for the homeserver.
  const isShared = host === homeserver.host && port === homeserver.port
  const lookups = isShared ? [] : judgeLookup(lookup, { area })
  if (exchange === undefined || isIdentityServer(exchange) || isHttp(url)) return lookups
  const { tls, response, failure, address } = exchange
  if (response !== undefined && tls !== undefined && !isTrusted(tls)) {
    if (isShared) return lookups
    return [...lookups, ...judgeConnection(exchange, { area, about: { host, port, address } }, now)]
  }
  const isHomeserverSilent = homeserver.addresses.every(({ versions }) => versions.response === undefined)
  if (response === undefined && isShared && isHomeserverSilent) return lookups
  return [...lookups, find('client.identity-server', {
    area,
    about: { url },
    parts: { url, status: response?.status, failure },
    evidence: { status: response?.status, failure }
  })]
}
