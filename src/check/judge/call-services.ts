import { callHealthPath, callTokenPath } from '../gather/calls.ts'
import type { CallService } from '../gather/calls.ts'
import { isTrusted } from '../network/certificate.ts'
import { findPreflightFault, passesPreflight } from '../network/preflight.ts'
import type { PreflightFault } from '../network/preflight.ts'
import { describePreflightFault } from './cors.ts'
import { areUntried, fixUntried, listFailure } from './failed-places.ts'
import { findingBuilder } from './finding.ts'
import type { Finding, FindingKinds } from './finding.ts'
import { judgeLookup } from './lookups.ts'
import { describeConnectionFailure, judgeConnection } from './reachability.ts'
import type { Failure } from '../network/peer.ts'
import { references } from './references.ts'

export const callServiceFindings = {
  'call.unreachable': {
    severity: 'warning',
    title: "The authorization service for calls doesn't respond",
    why: 'Users can log in, but calls with Element Call fail.',
    specification: references.rtcTransports,
    what: ({ url, status, failure }: ServiceParts) => {
      if (status !== undefined) return `${url}${callHealthPath} returns status ${status}.`
      return `There is no response from ${url}.${failure === undefined ? '' : ` ${describeConnectionFailure(failure)}`}`
    },
    fix: (parts: ServiceParts) => areUntried(listFailure(parts))
      ? fixUntried(listFailure(parts))
      : 'Check that lk-jwt-service is running, and that the proxy passes this path on to it; or fix ' +
        'LIVEKIT_SERVICE_URL. It is the URL of the authorization service, not that of the LiveKit server.',
    example: { url: 'https://rtc.example.com/livekit/jwt', status: 502, failure: undefined }
  },
  'call.preflight': {
    severity: 'warning',
    title: 'The authorization service for calls refuses a preflight (OPTIONS)',
    why: 'Calls in Element Web and other web clients fail: browsers ask before they request a token.',
    specification: references.browsers,
    what: ({ url, status, fault }: CallPreflightParts) => {
      if (status === undefined) return `There is no response to OPTIONS ${url}${callTokenPath}.`
      const options = `OPTIONS ${url}${callTokenPath}`
      return fault === undefined
        ? `${options} returns status ${status}, so browsers send no request.`
        : `The response to ${options} ${describePreflightFault(fault)}, so browsers send no request.`
    },
    fix: 'Pass OPTIONS on to lk-jwt-service, which sends CORS headers itself.',
    example: { url: 'https://rtc.example.com/livekit/jwt', status: 405, fault: undefined }
  },
  'call.withdrawn': {
    severity: 'warning',
    title: 'The service for calls at livekit-jwt.call.matrix.org is only for matrix.org',
    why: 'It was withdrawn for other servers in 2025: calls fail.',
    specification: references.rtcTransports,
    what: ({ url }: { url: string }) => `The livekit_service_url is ${url}.`,
    fix: 'Run a LiveKit server and lk-jwt-service of your own, and set LIVEKIT_SERVICE_URL to the latter.',
    example: { url: 'https://livekit-jwt.call.matrix.org' }
  }
} as const satisfies FindingKinds

export interface CallPreflightParts {
  readonly url: string
  /** Undefined if there is no response. */
  readonly status: number | undefined
  /** The header that doesn't allow the request; undefined if the status is wrong. */
  readonly fault: PreflightFault | undefined
}

export interface ServiceParts {
  readonly url: string
  readonly status: number | undefined
  readonly failure: Failure | undefined
}

const find = findingBuilder(callServiceFindings)
const area = 'clients'

/** Whether clients can use a service for calls. */
export function judgeCallService (service: CallService, serverName: string, now: Date): Finding[] {
  const { url, host, port, lookup, health, preflight } = service
  const about = { url }
  if (host.toLowerCase() === 'livekit-jwt.call.matrix.org' && !isMatrixOrg(serverName)) {
    return [find('call.withdrawn', { area, about, parts: { url } })]
  }
  const lookups = judgeLookup(lookup, { area }, { key: 'livekit_service_url', value: url })
  if (health === undefined) return lookups
  const { response, failure, tls, address } = health
  if (tls !== undefined && !isTrusted(tls)) {
    const isOneOfSeveral = lookup.addresses.length > 1
    return [...lookups, ...judgeConnection(health, { area, about: { host, port, address }, isOneOfSeveral }, now)]
  }
  if (response?.status !== 200) {
    return [...lookups, find('call.unreachable', { area, about, parts: { url, status: response?.status, failure } })]
  }
  const options = preflight?.response
  const [headers, method] = [['content-type'], 'post'] as const
  if (options !== undefined && passesPreflight(options, headers, method)) return lookups
  const fault = options === undefined ? undefined : findPreflightFault(options, headers, method)
  return [...lookups, find('call.preflight', { area, about, parts: { url, status: options?.status, fault } })]
}

function isMatrixOrg (serverName: string): boolean {
  return serverName === 'matrix.org' || serverName.endsWith('.matrix.org')
}
