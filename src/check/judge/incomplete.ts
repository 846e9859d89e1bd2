import { formatCount } from '../../matrix/format-count.ts'
import { readJsonObject } from '../network/json-body.ts'
import { maxBodySize } from '../network/peer.ts'
import type { Exchange, Response } from '../network/peer.ts'

/** Why a response did not arrive in full: it is too long, it took too long, or it broke off after so many bytes. */
export type Incomplete = 'too-long' | 'timeout' | { readonly bytes: number }

/** Undefined if the response arrived in full. */
export function whyIncomplete ({ response, failure }: Pick<Exchange, 'response' | 'failure'>): Incomplete | undefined {
  if (response?.truncated === true) return 'too-long'
  if (failure === undefined) return undefined
  return failure.kind === 'timeout' ? 'timeout' : { bytes: Number(response?.body.length) }
}

/** What to do about a response that did not arrive in full. */
export const checkTheWay = 'Read the log of that server, and check what is between it and its clients.'

/** What is wrong with a response whose content is not as it should be. */
export interface BadResponse {
  readonly status: number
  readonly incomplete: Incomplete | undefined
  /** Of a Matrix error, which only a homeserver sends. */
  readonly errcode?: string | undefined
}

/** The parts of a response that is not as it should be. */
export function readBadResponse (exchange: Exchange & { readonly response: Response }): BadResponse {
  const { status, body } = exchange.response
  const errcode = readJsonObject(body).content?.['errcode']
  return { status, incomplete: whyIncomplete(exchange), errcode: typeof errcode === 'string' ? errcode : undefined }
}

/** What to do about a bad response of a homeserver: the cause that it shows, or else `otherwise`. */
export function fixBadResponse (
  { status, incomplete, errcode }: BadResponse,
  resource: 'client' | 'federation',
  otherwise: string
): string {
  if (incomplete !== undefined) return checkTheWay
  if (isFromGateway(status)) return checkHomeserver
  return status === 404 && errcode === 'M_UNRECOGNIZED'
    ? `The homeserver responds, but doesn't serve this path. ${addResource(resource)}`
    : otherwise
}

/** Whether a status is that of a proxy that gets no response. */
export function isFromGateway (status: number): boolean {
  return status === 502 || status === 503 || status === 504
}

export const checkHomeserver =
  'Check that the homeserver is running, and that the proxy sends /_matrix to its address and port.'

/** How to make a homeserver serve a part of `/_matrix`. */
export function addResource (resource: 'client' | 'federation'): string {
  return `In Synapse, add "${resource}" to the listener that the proxy connects to, as in ` +
    '"resources: [{names: [client, federation]}]".'
}

/** Says what is wrong with a response; `otherwise` if it is complete and has status 200. */
export function describeBadResponse (path: string, { status, incomplete }: BadResponse, otherwise: string): string {
  const start = `${path} returns status ${status}`
  if (incomplete !== undefined) return `${start}, but ${describeIncomplete(incomplete)}.`
  return status === 200 ? `${start}, but ${otherwise}.` : `${start}.`
}

function describeIncomplete (incomplete: Incomplete): string {
  if (incomplete === 'too-long') return `the response is longer than ${formatCount(maxBodySize)} bytes`
  if (incomplete === 'timeout') return "the response isn't complete in time"
  return `the response breaks off after ${incomplete.bytes} bytes`
}
