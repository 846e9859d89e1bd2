import { isDeepStrictEqual } from 'node:util'
import { documentKind } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import { decodeBody } from '../network/content-encoding.ts'
import { readJsonResponse } from '../network/json-body.ts'
import type { Exchange, Response } from '../network/peer.ts'
import { valuesOf } from '../network/response-headers.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { describeResponse } from './response-evidence.ts'
import { references } from './references.ts'

export const accessFindings = {
  'document.forbidden': {
    severity: 'warning',
    title: 'A document is forbidden (403, 401)',
    why: 'No reader gets it.',
    specification: references.wellKnownUris,
    what: ({ status }: { status: number }) => `It returns status ${status}.`,
    fix: ({ status }: { status: number }) => status === 401
      ? 'Exclude /.well-known/matrix/ from the password protection of this host: in nginx, with "auth_basic off" in ' +
        '"location ^~ /.well-known/matrix/".'
      : 'Exclude /.well-known/matrix/ from the rule that forbids it, probably one against paths that begin with ' +
        'a dot: in nginx, with "location ^~ /.well-known/matrix/".',
    example: { status: 403 }
  },
  'document.bot-challenge': {
    severity: 'notice',
    title: 'A bot challenge (CAPTCHA) is in the way',
    why: "Servers and clients are programs and can't solve it.",
    specification: references.wellKnownUris,
    what: 'The response is a page that checks whether its reader is a person.',
    fix: 'Exclude /.well-known/matrix/ from bot protection.'
  },
  'document.user-agent': {
    severity: 'notice',
    title: 'A document depends on the User-Agent',
    why: 'Either servers or browsers are turned away.',
    specification: references.wellKnownUris,
    what: ({ readBy, status, otherStatus }: UserAgentParts) => {
      const [here, there] = readBy === 'servers' ? ['A server', 'a browser'] : ['A browser', 'another program']
      if (status === otherStatus) return `${here} gets a different response than ${there}.`
      const other = otherStatus === undefined ? 'no response' : `status ${otherStatus}`
      return `${here} gets status ${status}, ${there} ${other}.`
    },
    fix: ({ status, otherStatus }: UserAgentParts) => status === otherStatus
      ? 'Serve the same to every User-Agent. If a cache keeps a compressed copy, purge it: it may be out of date.'
      : 'Serve /.well-known/matrix/ to every User-Agent.',
    example: { readBy: 'servers', status: 403, otherStatus: 200 }
  }
} as const satisfies FindingKinds

export interface UserAgentParts {
  readonly readBy: 'servers' | 'clients'
  readonly status: number
  /** Undefined if there was no response. */
  readonly otherStatus: number | undefined
}

const find = findingBuilder(accessFindings)

/** A response with 401 or 403. */
export function judgeForbidden ({ status }: Response, context: Context, evidence: Finding['evidence']): Finding {
  return find('document.forbidden', { ...context, parts: { status }, evidence })
}

/** A page that programs can't get past, if a response is one. */
export function judgeChallenge (response: Response, context: Context, evidence: Finding['evidence']): Finding[] {
  return isChallenge(response) ? [find('document.bot-challenge', { ...context, evidence })] : []
}

/** Pages of Cloudflare, AWS, DDoS-Guard, Imperva, Sucuri and Anubis. */
const challenge = new RegExp([
  'cf-chl',
  'challenge-platform',
  'just a moment\\.\\.\\.',
  'ddos-guard',
  '_incapsula_resource',
  'sucuri_cloudproxy',
  'making sure you(&#39;|\'|’)re not a bot',
  'techaro\\.lol-anubis'
].join('|'), 'i')

/** Whether a response is a page that programs can't get past. */
export function isChallenge (response: Response): boolean {
  if (valuesOf(response, 'cf-mitigated').includes('challenge')) return true
  if (valuesOf(response, 'x-amzn-waf-action').length > 0) return true
  const start = (decodeBody(response) ?? response.body).subarray(0, 20_000).toString()
  return /<html/i.test(start) && challenge.test(start)
}

/** Whether servers and browsers get the same document. */
export function judgeUserAgent (
  name: DocumentName,
  { response: first, failure }: Exchange & { readonly response: Response },
  asOther: Exchange | undefined,
  context: Context
): Finding[] {
  const other = asOther?.response
  // "Too many requests" (429) doesn't depend on who asks.
  if (asOther === undefined || other?.status === 429) return []
  const isComplete = failure === undefined && asOther.failure === undefined
  if (other !== undefined && isSameResponse(first, other, isComplete)) return []
  const { readBy } = documentKind(name)
  return [find('document.user-agent', {
    ...context,
    parts: { readBy, status: first.status, otherStatus: other?.status },
    evidence: {
      first: describeResponse(first),
      other: other === undefined ? asOther.failure : describeResponse(other)
    }
  })]
}

/** Whether two responses mean the same; an error page may differ each time, and so may what arrived of a body. */
function isSameResponse (left: Response, right: Response, isComplete: boolean): boolean {
  if (left.status !== right.status) return false
  return left.status !== 200 || !isComplete || isDeepStrictEqual(readJsonResponse(left), readJsonResponse(right))
}
