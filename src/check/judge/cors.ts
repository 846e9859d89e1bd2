import { cors } from '../../site/headers.ts'
import { documentKind } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { Fetch } from '../network/fetch.ts'
import { origin } from '../network/preflight.ts'
import { readLeniently } from '../gather/well-known.ts'
import type { Inspection } from '../gather/well-known.ts'
import type { Exchange, Response } from '../network/peer.ts'
import { findPreflightFault, passesPreflight } from '../network/preflight.ts'
import type { PreflightFault } from '../network/preflight.ts'
import { allowsOrigin, valuesOf } from '../network/response-headers.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

const addHeader = 'Let the sidecar respond, which sends CORS headers itself, or add ' +
  `"Access-Control-Allow-Origin: ${cors.origin}" exactly once, on every status (in nginx, with "always").`

/** Whose responses lack a header: those of the host of the documents, or those of the homeserver. */
type Sender = 'documents' | 'homeserver'

export interface MissingParts {
  readonly value: string | undefined
  readonly status: number
  readonly sender: Sender
}

function fixMissing ({ sender }: MissingParts): string {
  return sender === 'documents'
    ? addHeader
    : 'The homeserver sends this header on every response: configure the proxy in front of it to keep it, and to ' +
      'pass all of /_matrix on.'
}

export const corsFindings = {
  'cors.missing': {
    severity: 'notice',
    title: 'A response that web clients read has no CORS headers',
    why: 'Browsers block Element Web and other web clients from reading it.',
    specification: references.browsers,
    what: describeMissing,
    fix: fixMissing,
    example: { value: undefined, status: 200, sender: 'documents' }
  },
  'cors.missing-elsewhere': {
    severity: 'notice',
    title: 'A document that clients seldom read has no CORS headers',
    why: 'Web tools are blocked from reading it. Servers ignore CORS.',
    specification: references.browsers,
    what: describeMissing,
    fix: fixMissing,
    example: { value: undefined, status: 200, sender: 'documents' }
  },
  'cors.not-found': {
    severity: 'notice',
    title: 'A 404 has no CORS headers',
    why: "A web client can't distinguish a missing document from a server that is down.",
    specification: references.browsers,
    what: ({ paths }: { paths: readonly string[] }) =>
      `A 404 has no Access-Control-Allow-Origin: ${paths.join(', ')}.`,
    fix: addHeader,
    example: { paths: ['/.well-known/matrix/support'] }
  },
  'cors.preflight': {
    severity: 'notice',
    title: 'A preflight (OPTIONS) is refused',
    why: "Browsers then send no request with an access token or with JSON, so users of web clients can't log in.",
    specification: references.browsers,
    what: describePreflight,
    fix: 'Pass OPTIONS on to the homeserver, which responds to it.',
    example: { status: 405, missing: undefined }
  },
  'cors.preflight-document': {
    severity: 'notice',
    title: 'A preflight (OPTIONS) for a document is refused',
    why: 'Clients send no preflight for the document, so logging in works. Web tools with headers of their own fail.',
    specification: references.browsers,
    what: describePreflight,
    fix: 'Respond to OPTIONS with 204 and the three Access-Control-Allow headers, or pass it on to the sidecar.',
    example: { status: 405, missing: undefined }
  },
  'cors.redirect': {
    severity: 'notice',
    title: 'A redirect has no CORS headers',
    why: "Browsers don't follow it for a web client.",
    specification: references.browsers,
    what: ({ url }: { url: string }) => `The redirect from ${url} has no CORS headers.`,
    fix: `Serve the document there, without a redirect. ${addHeader}`,
    example: { url: 'https://example.com/.well-known/matrix/client' }
  },
  'cors.doubled': {
    severity: 'notice',
    title: 'Access-Control-Allow-Origin is sent twice',
    why: 'Browsers reject that as if it were missing.',
    specification: references.browsers,
    what: ({ values }: { values: readonly string[], sender: Sender }) => values.length > 1
      ? `Access-Control-Allow-Origin is sent ${values.length} times: ${values.join(' and ')}.`
      : `Access-Control-Allow-Origin has two values: ${values.join()}.`,
    fix: ({ sender }: { values: readonly string[], sender: Sender }) => sender === 'documents'
      ? 'Remove one of the two: keep the headers of the sidecar, or configure the proxy to replace them.'
      : 'Remove the CORS headers from the proxy in front of the homeserver, which sends them itself.',
    example: { values: ['*', '*'], sender: 'documents' }
  }
} as const satisfies FindingKinds

function describeMissing ({ value, status }: MissingParts): string {
  const where = status < 400 ? '' : ` in the response with status ${status}`
  return value === undefined
    ? `There is no Access-Control-Allow-Origin header${where}.`
    : `Access-Control-Allow-Origin is ${value}${where}, which allows only that site.`
}

export interface PreflightParts {
  /** Undefined if there is no response. */
  readonly status: number | undefined
  /** The header that does not allow the request; undefined if the status is wrong. */
  readonly missing: PreflightFault | undefined
}

function describePreflight ({ status, missing }: PreflightParts): string {
  if (status === undefined) return 'There is no response to OPTIONS, so browsers send no request.'
  if (missing === undefined) return `OPTIONS returns status ${status}, so browsers send no request.`
  return `The response to OPTIONS ${describePreflightFault(missing)}, so browsers send no request.`
}

/** What a response to OPTIONS has or lacks. */
export function describePreflightFault ({ header, value, wanted }: PreflightFault): string {
  const found = value === undefined ? `has no ${header}` : `has ${header}: ${value}`
  return `${found}, which doesn't allow ${wanted}`
}

const find = findingBuilder(corsFindings)

/** Whether browsers let web clients read a document: the response, the redirects to it, and a preflight. */
export function judgeCors (
  name: DocumentName,
  { fetch, preflight }: Inspection,
  context: Context
): Finding[] {
  const { hops } = fetch
  const response = hops.at(-1)?.response
  // A web page instead of a document has worse faults.
  if (response === undefined || readLeniently(fetch) === undefined) return []
  if (!areClientsInNeed(name)) return judgeCorsHeaders(response, false, context)
  return [
    ...hops.slice(0, -1).filter(isBlocked).map(({ response, url }) => find('cors.redirect', {
      ...context, parts: { url }, evidence: corsEvidence(response)
    })),
    ...judgeCorsHeaders(response, true, context),
    // No client requests the document with headers that need a preflight.
    ...preflight === undefined || hops.length > 1
      ? []
      : judgePreflight(preflight, 'document', context)
  ]
}

/** Whether web clients can't work without a document. */
function areClientsInNeed (name: DocumentName): boolean {
  return documentKind(name).area === 'clients'
}

/** Whether a web client can read a response. */
export function judgeCorsHeaders (response: Response, isNeeded: boolean, context: Context): Finding[] {
  if (allowsOrigin(response, origin)) return []
  const values = valuesOf(response, 'access-control-allow-origin')
  const details = { ...context, evidence: corsEvidence(response) }
  const sender = context.about.document === undefined ? 'homeserver' : 'documents'
  if (values.length > 1 || values[0]?.includes(',') === true) {
    return [find('cors.doubled', { ...details, parts: { values, sender } })]
  }
  const id = isNeeded ? 'cors.missing' : 'cors.missing-elsewhere'
  return [find(id, { ...details, parts: { value: values[0], status: response.status, sender } })]
}

/**
 * Whether web clients can see that a document is missing, if it is: each response with 404, and the redirects to it.
 * Reported once for all paths of an address.
 */
export function judgeNotFound (fetches: readonly Fetch[], host: string): Finding[] {
  const blocked = fetches.filter(({ hops }) => hops.at(-1)?.response?.status === 404 && hops.some(isBlocked))
  const first = blocked[0]?.hops.find(isBlocked)
  if (first === undefined) return []
  const paths = blocked.map(({ path }) => path)
  return [find('cors.not-found', {
    area: 'documents',
    about: { host },
    parts: { paths },
    evidence: { paths, ...corsEvidence(first.response) }
  })]
}

function isBlocked (exchange: Exchange): exchange is Exchange & { response: Response } {
  const { response } = exchange
  return response !== undefined && !allowsOrigin(response, origin)
}

/** What is wrong with the response to a browser that asks whether it may send an access token. */
export function judgePreflight (
  { response }: Exchange,
  asked: 'document' | 'homeserver',
  context: Context
): Finding[] {
  if (response !== undefined && passesPreflight(response, ['authorization', 'content-type'], 'put')) return []
  const evidence = response === undefined ? {} : corsEvidence(response)
  const id = asked === 'document' ? 'cors.preflight-document' : 'cors.preflight'
  const missing = response === undefined
    ? undefined
    : findPreflightFault(response, ['authorization', 'content-type'], 'put')
  return [find(id, { ...context, parts: { status: response?.status, missing }, evidence })]
}

function corsEvidence (response: Response): Record<string, unknown> {
  return {
    status: response.status,
    'access-control-allow-origin': valuesOf(response, 'access-control-allow-origin')
  }
}
