import { formatCount } from '../../matrix/format-count.ts'
import { quote } from '../../matrix/printable.ts'
import { decodeBody } from '../network/content-encoding.ts'
import { readJsonResponse } from '../network/json-body.ts'
import { maxBodySize } from '../network/peer.ts'
import type { Exchange, Response } from '../network/peer.ts'
import { redirectOf } from '../network/response-headers.ts'
import { explainGateway, isFromGateway } from './gateway-status.ts'

/**
 * Why a response can't be read in full: it is too long, it took too long, it is not compressed as it says, or it broke
 * off after so many bytes.
 */
export type Incomplete = 'too-long' | 'timeout' | 'encoding' | { readonly bytes: number }

/** Undefined if the response can be read in full. */
export function whyIncomplete (response: Response, failure: Exchange['failure']): Incomplete | undefined {
  if (response.truncated) return 'too-long'
  if (failure === undefined) return decodeBody(response) === undefined ? 'encoding' : undefined
  return failure.kind === 'timeout' ? 'timeout' : { bytes: response.body.length }
}

/** What to do about a response that did not arrive in full. */
export const checkTheWay = 'Read the log of that server, and check what is between it and its clients.'

/** What is wrong with a response whose content is not as it should be. */
export interface BadResponse {
  readonly status: number
  readonly incomplete: Incomplete | undefined
  /** Of a Matrix error, which only a homeserver sends. */
  readonly errcode?: string | undefined
  /** Where it redirects. */
  readonly location?: string | undefined
}

/** The parts of a response that is not as it should be. */
export function readBadResponse (exchange: Exchange & { readonly response: Response }): BadResponse {
  const { response, failure } = exchange
  const errcode = readJsonResponse(response).content?.['errcode']
  return {
    status: response.status,
    incomplete: whyIncomplete(response, failure),
    errcode: typeof errcode === 'string' ? errcode : undefined,
    location: redirectOf(response)
  }
}

/** What to do about a bad response of a homeserver: the cause that it shows, or else `otherwise`. */
export function fixBadResponse (
  { status, incomplete, errcode, location }: BadResponse,
  resource: 'client' | 'federation',
  otherwise: string
): string {
  if (incomplete === 'encoding') return 'Remove the Content-Encoding header, or compress the response as it says.'
  if (incomplete !== undefined) return checkTheWay
  if (isFromGateway(status)) return explainGateway(status)?.fix ?? checkHomeserver
  if (location !== undefined) return fixRedirect(location, resource)
  return status === 404 && errcode === 'M_UNRECOGNIZED'
    ? `The homeserver responds, but doesn't serve this path. ${addResource(resource)}`
    : otherwise
}

/** Servers don't follow a redirect, and clients lose what they send with one. */
function fixRedirect (location: string, resource: 'client' | 'federation'): string {
  const pass = 'Pass /_matrix on to the homeserver without a redirect'
  const url = URL.canParse(location) ? new URL(location) : undefined
  if (url?.protocol !== 'https:' || !url.pathname.startsWith('/_matrix/')) return `${pass}.`
  return resource === 'client'
    ? `${pass}, or set M_HOMESERVER_BASE_URL=${url.origin}.`
    : `${pass}, or set M_SERVER=${url.hostname}:${url.port === '' ? 443 : url.port}.`
}

export const checkHomeserver =
  'Check that the homeserver is running, and that the proxy sends /_matrix to its address and port.'

/** How to make a homeserver serve a part of `/_matrix`. */
export function addResource (resource: 'client' | 'federation'): string {
  return `In Synapse, add "${resource}" to the listener that the proxy connects to, as in ` +
    '"resources: [{names: [client, federation]}]".'
}

/** Says what is wrong with a response; `otherwise` if it is complete and has status 200. */
export function describeBadResponse (
  path: string,
  { status, incomplete, location }: BadResponse,
  otherwise: string
): string {
  const start = `${path} returns status ${status}`
  if (incomplete !== undefined) return `${start}, but ${describeIncomplete(incomplete)}.`
  if (location !== undefined) return `${start}, a redirect to ${quote(location)}.`
  return status === 200 ? `${start}, but ${otherwise}.` : `${start}.`
}

function describeIncomplete (incomplete: Incomplete): string {
  if (incomplete === 'too-long') return `the response is longer than ${formatCount(maxBodySize)} bytes`
  if (incomplete === 'timeout') return "the response isn't complete in time"
  if (incomplete === 'encoding') return "the response isn't compressed as its Content-Encoding says"
  return `the response breaks off after ${incomplete.bytes} bytes`
}
