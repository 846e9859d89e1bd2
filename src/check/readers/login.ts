import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { property } from '../../matrix/json-object.ts'
import { isLocalName } from '../../matrix/local-name.ts'
import { parseHttpUrl } from '../../matrix/url.ts'
import { isIP } from 'node:net'
import type { ClientAddress } from '../gather/client.ts'
import { readJsonResponse } from '../network/json-body.ts'
import type { Exchange } from '../network/peer.ts'
import { isPrivateAddress } from '../../matrix/private-address.ts'

/** How users can log in at a homeserver. */
export interface LoginWays {
  /** With OAuth: `broken` if its endpoints can't be used from outside. */
  readonly oauth: 'works' | 'broken' | 'absent'
  /** With what `/login` offers. */
  readonly flows: 'works' | 'absent'
  /** The first endpoint of OAuth that can't be used from outside. */
  readonly unusable: { readonly key: string, readonly value: unknown } | undefined
}

/** @see https://spec.matrix.org/latest/client-server-api/#login-process */
export function findLoginWays (
  { authMetadata, loginFlows }: Pick<ClientAddress, 'authMetadata' | 'loginFlows'>
): LoginWays {
  const metadata = contentOf(authMetadata)
  const types = listFlows(loginFlows)
  const [unusable] = metadata === undefined
    ? []
    : [...oauthUrls, ...furtherUrls.filter(key => metadata[key] !== undefined)]
        .map(key => ({ key, value: metadata[key] })).filter(({ value }) => !isPublicHttps(value))
  return {
    oauth: metadata === undefined ? 'absent' : unusable === undefined ? 'works' : 'broken',
    flows: types?.some(type => !notForUsers.includes(type)) === true ? 'works' : 'absent',
    unusable
  }
}

/** What clients need of the metadata of an OAuth server. */
const oauthUrls = ['issuer', 'authorization_endpoint', 'token_endpoint'] as const

/** What they use if it is there: to register themselves, and to log out. */
const furtherUrls = ['registration_endpoint', 'revocation_endpoint'] as const

/** Flows that only programs use, or that come after another. Synapse always offers the first. */
const notForUsers: readonly unknown[] = ['m.login.application_service', 'm.login.token']

/** The types of the login flows in a response; undefined if there is no list of them. */
export function listFlows (loginFlows: Exchange): readonly unknown[] | undefined {
  const flows = contentOf(loginFlows)?.['flows']
  return Array.isArray(flows) ? flows.map((flow: unknown) => property(flow, 'type')) : undefined
}

function contentOf ({ response, failure }: Exchange): Readonly<Record<string, unknown>> | undefined {
  if (response?.status !== 200 || failure !== undefined) return undefined
  return readJsonResponse(response).content
}

/** Whether a value is an https URL whose host can be reached from outside, as far as the URL shows. */
export function isPublicHttps (value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value) || !value.startsWith('https://')) return false
  if (findInvalidValue(parseHttpUrl, value) !== undefined) return false
  const host = new URL(value).hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0) return !isPrivateAddress(host)
  return !isLocalName(host)
}
