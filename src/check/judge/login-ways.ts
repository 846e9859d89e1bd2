import { listSome } from '../../matrix/list-some.ts'
import { quote } from '../../matrix/printable.ts'
import { authMetadataPath, isUnknownEndpoint, loginPath } from '../gather/client.ts'
import type { ClientAddress } from '../gather/client.ts'
import { readJsonResponse } from '../network/json-body.ts'
import type { Exchange } from '../network/peer.ts'
import { findLoginWays, listFlows } from '../readers/login.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { isFromGateway } from './gateway-status.ts'
import { references } from './references.ts'

export const loginWayFindings = {
  'client.login': {
    severity: 'warning',
    title: 'The homeserver offers no way to log in',
    why: 'Clients find the homeserver, but no user can log in.',
    specification: references.login,
    what: ({ login, metadata, types }: LoginParts) => {
      const oauth = `${authMetadataPath} ${describeStatus(metadata)}`
      return types === undefined
        ? `${loginPath} returns ${describeStatus(login)} and ${oauth}, so there is neither a list of login flows nor ` +
          'OAuth.'
        : `${loginPath} lists ${types.length === 0 ? 'no login flow' : `only ${listSome(types.map(quote))}`}; ` +
          `${authMetadataPath} returns ${describeStatus(metadata)}. There is no flow for users, and no OAuth.`
    },
    fix: ({ login, metadata, types }: LoginParts) => {
      if (isFromGateway(metadata)) return startService(isFromGateway(login) ? loginPath : authMetadataPath)
      if (types !== undefined) {
        return 'Enable a way to log in: in Synapse, password_config, or oidc_providers for single sign-on; or use ' +
          'Matrix Authentication Service.'
      }
      return isFromGateway(login)
        ? startService(loginPath)
        : 'Pass all of /_matrix on to the homeserver. With Matrix Authentication Service, pass ' +
          `${loginPath} on to it, and check that the homeserver is configured to use it.`
    },
    example: { login: 404, metadata: 404, types: undefined }
  },
  'client.login-flows': {
    severity: 'notice',
    title: 'The homeserver offers OAuth and no other way to log in',
    why: 'Bridges, bots and older clients that log in with a password fail.',
    specification: references.login,
    what: ({ login }: { login: number | undefined }) =>
      `${loginPath} returns ${describeStatus(login)} and no login flows.`,
    fix: ({ login }: { login: number | undefined }) => isFromGateway(login)
      ? startService(loginPath)
      : `With Matrix Authentication Service, pass ${loginPath} on to it.`,
    example: { login: 404 }
  },
  'client.auth-metadata-missing': {
    severity: 'warning',
    title: "Clients can't find out whether the homeserver uses OAuth",
    why: 'They treat it as a homeserver without OAuth, and users find no way to log in, or only an old one.',
    specification: references.authMetadata,
    what: ({ status }: { status: number | undefined }) => status === 200
      ? `The response of ${authMetadataPath} isn't a JSON object.`
      : `${authMetadataPath} returns ${describeStatus(status)}.`,
    fix: ({ status }: { status: number | undefined }) => isFromGateway(status)
      ? startService(authMetadataPath)
      : `Pass ${authMetadataPath} on to the homeserver, and read its log: with Matrix Authentication Service, it ` +
        'asks that service.',
    example: { status: 502 }
  },
  'client.auth-metadata': {
    severity: 'warning',
    title: "Clients can't use the OAuth URLs of the homeserver",
    why: 'Clients that log in with OAuth, such as Element X, open these URLs on the device of the user.',
    specification: references.authMetadata,
    what: ({ key, value }: { key: string, value: unknown }) => value === undefined
      ? `${quote(key)} is missing in ${authMetadataPath}.`
      : `${quote(key)} in ${authMetadataPath} is ${quote(value)}, which isn't an https URL that can be reached ` +
        'from outside.',
    fix: 'Set the public base URL of the authentication service: in Matrix Authentication Service, http.public_base, ' +
      'such as https://account.example.com/.',
    example: { key: 'issuer', value: 'http://[::]:8080/' }
  }
} as const satisfies FindingKinds

export interface LoginParts {
  /** The statuses of the responses; undefined if there was no response. */
  readonly login: number | undefined
  readonly metadata: number | undefined
  /** The types of the login flows; undefined if there is no list. */
  readonly types: readonly unknown[] | undefined
}

function startService (path: string): string {
  return `Check that the service to which the proxy sends ${path} is running: the homeserver, or Matrix ` +
    'Authentication Service.'
}

function describeStatus (status: number | undefined): string {
  return status === undefined ? 'no response' : `status ${status}`
}

/** Whether a homeserver says that it has no metadata, rather than a proxy, or nothing at all. */
function isDenied ({ response }: Exchange): boolean {
  if (response === undefined) return false
  const isMatrixError = response.status < 500 && readJsonResponse(response).content?.['errcode'] !== undefined
  return isUnknownEndpoint(response) || isMatrixError
}

const find = findingBuilder(loginWayFindings)

/** Whether users can log in. */
export function judgeLoginWays (address: ClientAddress, context: Context): Finding[] {
  const { authMetadata, loginFlows } = address
  const { oauth, flows, unusable } = findLoginWays(address)
  const login = loginFlows.response?.status
  const metadata = authMetadata.response?.status
  return [
    ...unusable === undefined ? [] : [find('client.auth-metadata', { ...context, parts: unusable })],
    ...flows === 'works' && oauth === 'absent' && !isDenied(authMetadata)
      ? [find('client.auth-metadata-missing', { ...context, parts: { status: metadata }, evidence: { metadata } })]
      : [],
    ...oauth === 'works' && flows === 'absent'
      ? [find('client.login-flows', { ...context, parts: { login }, evidence: { login } })]
      : [],
    ...oauth === 'absent' && flows === 'absent'
      ? [find('client.login', {
          ...context,
          parts: { login, metadata, types: listFlows(loginFlows) },
          evidence: { login, metadata }
        })]
      : []
  ]
}
