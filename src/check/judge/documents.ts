import { documentKind } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { Inspection } from '../gather/well-known.ts'
import { decodeBody } from '../network/content-encoding.ts'
import type { Fetch } from '../network/fetch.ts'
import { readJsonObject } from '../network/json-body.ts'
import type { Exchange, Failure, Response } from '../network/peer.ts'
import { judgeChallenge, judgeForbidden, judgeUserAgent } from './access.ts'
import { judgeChangedPath } from './changed-paths.ts'
import { judgeContent } from './content.ts'
import { judgeCors } from './cors.ts'
import { judgeDelivery, judgeTruncated } from './delivery.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { explainGateway } from './gateway-status.ts'
import { checkTheWay } from './incomplete.ts'
import { judgeDepth, judgeJsonFault } from './json-faults.ts'
import { judgeRedirects } from './redirects.ts'
import { judgeEncoding, judgeStrictness } from './strictness.ts'
import { describeResponse } from './response-evidence.ts'
import { references } from './references.ts'

export const documentFindings = {
  'document.status': {
    severity: 'warning',
    title: 'A document returns a status other than 200 or 404',
    why: 'Servers act as if there were no document; clients report an error.',
    specification: references.wellKnownUris,
    what: ({ status }: { status: number }) => {
      if (status === 410) return 'It returns status 410, which says that the homeserver is gone for good.'
      const explanation = explainGateway(status)
      return `It returns status ${status}${explanation === undefined ? '' : `: ${explanation.what}`}.`
    },
    fix: ({ status }: { status: number }) => {
      const explanation = explainGateway(status)
      if (explanation !== undefined) return explanation.fix
      if (status >= 500) {
        return 'Check that the sidecar is running, and that the proxy sends /.well-known/matrix/ to its address and ' +
          'port.'
      }
      if (status === 429) return 'Exclude /.well-known/matrix/ from rate limits: the same few bytes are sent each time.'
      return status === 410
        ? 'Pass /.well-known/matrix/ on to the sidecar: in nginx, remove "return 410"; in Apache, "Redirect gone" or ' +
          'the flag [G].'
        : 'Pass /.well-known/matrix/ on to the sidecar, or respond with 200, or with 404 if there is no document.'
    },
    example: { status: 502 }
  },
  'document.broken-off': {
    severity: 'warning',
    title: 'A response is cut off, or never ends',
    why: 'Readers discard incomplete responses.',
    specification: references.wellKnownUris,
    what: ({ bytes, failure }: { bytes: number, failure: Pick<Failure, 'kind' | 'message'> }) =>
      failure.kind === 'timeout'
        ? `The response isn't complete in time; ${bytes} bytes arrived.`
        : `The response is cut off after ${bytes} bytes (${failure.message}).`,
    fix: checkTheWay,
    example: { bytes: 12, failure: { kind: 'reset', message: 'read ECONNRESET' } }
  }
} as const satisfies FindingKinds

const find = findingBuilder(documentFindings)

/** What is wrong with how an address serves a document. Whether one is missing is judged elsewhere. */
export function judgeDocument (name: DocumentName, inspection: Inspection, context: Context, now: Date): Finding[] {
  const { fetch, asOther } = inspection
  const [first] = fetch.hops
  if (first.response === undefined) return []
  const cors = judgeCors(name, inspection, context)
  const isRedirectBlocked = cors.some(({ id }) => id === 'cors.redirect')
  const found = judgeLastHop(name, fetch, context, now)
  const isChallenged = found.some(({ id }) => id === 'document.bot-challenge')
  const userAgent = isChallenged ? [] : judgeUserAgent(name, { ...first, response: first.response }, asOther, context)
  return [
    ...isRedirectBlocked ? [] : judgeRedirects(fetch, context),
    // A reader that is turned away for its User-Agent isn't turned away for the path.
    ...userAgent.length > 0 ? found.filter(({ id }) => id !== 'document.forbidden') : found,
    ...userAgent,
    ...cors
  ]
}

function judgeLastHop (name: DocumentName, fetch: Fetch, context: Context, now: Date): Finding[] {
  const last = fetch.hops.at(-1)
  if (last?.response === undefined || fetch.redirectFault !== undefined) return []
  const { response } = last
  const evidence = describeResponse(response)
  const challenges = judgeChallenge(response, context, evidence)
  if (challenges.length > 0) return challenges
  if (response.status === 404) return judgeChangedPath(name, response, context)
  if (response.status === 401 || response.status === 403) return [judgeForbidden(response, context, evidence)]
  if (response.status !== 200) {
    return [find('document.status', { ...context, parts: { status: response.status }, evidence })]
  }
  return judgeBody(name, response, last, fetch, context, now)
}

function judgeBody (
  name: DocumentName,
  response: Response,
  { failure, url }: Exchange,
  fetch: Fetch,
  context: Context,
  now: Date
): Finding[] {
  const evidence = describeResponse(response)
  if (response.truncated) return [judgeTruncated(response, context, evidence)]
  if (failure !== undefined) {
    const parts = { bytes: response.body.length, failure }
    return [find('document.broken-off', { ...context, parts, evidence: { ...evidence, ...failure } })]
  }
  const encoding = judgeEncoding(response, documentKind(name).readBy !== 'servers', context, evidence)
  const body = decodeBody(response) ?? response.body
  const { content, fault } = readJsonObject(body)
  if (content === undefined) {
    const location = fetch.hops.length > 1 ? url : undefined
    return encoding.length > 0 ? encoding : [judgeJsonFault(fault, body, context, evidence, location)]
  }
  const text = body.toString()
  return [
    ...encoding,
    ...judgeContent(name, content, context),
    ...judgeStrictness(text, content, context),
    ...judgeDepth(text, context),
    ...judgeDelivery(name, response, fetch, context, now)
  ]
}
