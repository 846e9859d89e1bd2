import { documentPath } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import type { Area, Finding } from './finding.ts'
import { buildFinding } from './legacy.ts'
import type { Details } from './legacy.ts'
import type { Exchange, Response } from '../network/peer.ts'
import { origin } from '../gather/user-agents.ts'
import { allowsOrigin, valuesOf } from '../network/response-headers.ts'
import type { Fetch, Inspection } from '../gather/well-known.ts'

const add = 'Let the sidecar answer, which sends CORS by itself, or add "Access-Control-Allow-Origin: *" there, once and whatever the status (in nginx with "always").'
const leave = 'One of the two has to go: leave the headers of the sidecar alone, or have the proxy replace them.'

/** Whether browsers let web clients read a document: the answer, the redirects to it, and a preflight. */
export function judgeCors (name: DocumentName, { fetch: { hops, reading }, preflight }: Inspection, area: Area, subject: string): Finding[] {
  const answer = hops.at(-1)?.response
  // A page in the place of a document is fault enough.
  if (answer === undefined || reading?.content === undefined) return []
  if (name !== 'client') return judgeAnswer(answer, false, area, subject)
  return [
    ...hops.slice(0, -1).filter(isBlocked).map(({ response, url }) => buildFinding('cors.redirect', {
      area,
      subject,
      what: `The redirect from ${url} comes without CORS.`,
      change: `Serve the document there itself, without a redirect. ${add}`,
      evidence: evidenceOf(response)
    })),
    ...judgeAnswer(answer, true, area, subject),
    // No client asks for the document with headers that need a preflight.
    ...preflight === undefined || hops.length > 1 ? [] : judgePreflight(preflight, { area, subject, severity: 'notice', change: 'Answer OPTIONS with 204 and the three Access-Control-Allow headers; pass it on to the sidecar.' })
  ]
}

/** Whether a web client can read an answer that it has to read. */
export function judgeAnswer (response: Response, forClients: boolean, area: Area, subject: string): Finding[] {
  if (allowsOrigin(response, origin)) return []
  const values = valuesOf(response, 'access-control-allow-origin')
  const evidence = evidenceOf(response)
  if (values.length > 1 || values[0]?.includes(',') === true) {
    const what = `Access-Control-Allow-Origin stands there ${values.length > 1 ? `${values.length} times` : 'with two values'}: ${values.join(' and ')}.`
    return [buildFinding('cors.doubled', { area, subject, severity: forClients ? 'failure' : 'notice', what, change: leave, evidence })]
  }
  const what = values[0] === undefined ? 'The answer comes without Access-Control-Allow-Origin.' : `Access-Control-Allow-Origin is ${values[0]}, for that site alone.`
  return [buildFinding(forClients ? 'cors.missing' : 'cors.missing-elsewhere', { area, subject, what, change: add, evidence })]
}

/** Whether web clients see a 404 where there is one, at the end of redirects or at once; told once for all the paths of an address. */
export function judgeNotFound (fetches: readonly Fetch[], subject: string): Finding[] {
  const blind = fetches.filter(({ hops }) => hops.at(-1)?.response?.status === 404 && hops.some(isBlocked))
  const first = blind[0]?.hops.find(isBlocked)
  if (first === undefined) return []
  const paths = blind.map(({ path }) => path)
  return [buildFinding('cors.not-found', {
    area: 'documents',
    subject,
    // Of the others it matters to nobody why they are not there.
    severity: paths.includes(documentPath('client')) ? 'warning' : 'notice',
    what: `A 404 comes without Access-Control-Allow-Origin: ${paths.join(', ')}.`,
    change: add,
    evidence: { paths, ...evidenceOf(first.response) }
  })]
}

function isBlocked (exchange: Exchange): exchange is Exchange & { response: Response } {
  const { response } = exchange
  return response !== undefined && !allowsOrigin(response, origin)
}

/** What is wrong with the answer to a browser's question whether it may send an access token. */
export function judgePreflight (preflight: Exchange, about: Omit<Details, 'what' | 'evidence'>): Finding[] {
  const { response } = preflight
  if (passesPreflight(preflight)) return []
  const outcome = response === undefined ? 'not answered' : `answered with status ${response.status}`
  return [buildFinding('cors.preflight', { ...about, what: `OPTIONS is ${outcome}, and does not let a browser go on.`, evidence: response === undefined ? {} : evidenceOf(response) })]
}

function passesPreflight ({ response }: Exchange): boolean {
  if (response === undefined || response.status < 200 || response.status > 299 || !allowsOrigin(response, origin)) return false
  const headers = listOf(response, 'access-control-allow-headers')
  const methods = listOf(response, 'access-control-allow-methods')
  // "*" does not cover Authorization (Fetch standard).
  return headers.includes('authorization') && (headers.includes('content-type') || headers.includes('*')) && (methods.includes('put') || methods.includes('*'))
}

function listOf (response: Response, header: string): string[] {
  return valuesOf(response, header).join(',').toLowerCase().split(',').map(name => name.trim())
}

function evidenceOf (response: Response): Record<string, unknown> {
  return { status: response.status, 'access-control-allow-origin': valuesOf(response, 'access-control-allow-origin') }
}
