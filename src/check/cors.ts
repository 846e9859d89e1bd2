import type { DocumentName } from '../matrix/documents.ts'
import { buildFinding } from './findings.ts'
import type { Area, Finding } from './findings.ts'
import type { Exchange, Response } from './network/peer.ts'
import { origin } from './reader.ts'
import { allowsOrigin, valuesOf } from './response.ts'
import type { Inspection } from './well-known.ts'

const add = 'Add "Access-Control-Allow-Origin: *" there, whatever the status (in nginx with "always").'
const leave = 'One of the two has to go: leave the headers of the sidecar alone, or have the proxy replace them.'

/** Whether browsers let web clients read a document: the answer, the redirects to it, and a preflight. */
export function judgeCors (name: DocumentName, { fetch, preflight }: Inspection, area: Area, subject: string): Finding[] {
  const forClients = name === 'client'
  const findings: Finding[] = []
  fetch.hops.slice(0, -1).forEach(({ response, url }) => {
    if (!forClients || response === undefined || allowsOrigin(response, origin)) return
    findings.push(buildFinding('cors.redirect', {
      area,
      subject,
      what: `The redirect from ${url} comes without CORS.`,
      change: `Serve the document there itself, without a redirect. ${add}`,
      evidence: evidenceOf(response)
    }))
  })
  const answer = fetch.hops.at(-1)?.response
  if (answer?.status === 200) findings.push(...judgeAnswer(answer, forClients, area, subject))
  if (forClients && preflight !== undefined && !passesPreflight(preflight)) {
    findings.push(buildFinding('cors.preflight', {
      area,
      subject,
      what: `OPTIONS is answered with ${preflight.response === undefined ? 'nothing' : `status ${preflight.response.status}`}, and does not let a browser go on.`,
      change: 'Answer OPTIONS with 204 and the three Access-Control-Allow headers; pass it on to the sidecar.',
      evidence: preflight.response === undefined ? {} : evidenceOf(preflight.response)
    }))
  }
  return findings
}

/** Whether a web client can read an answer that it has to read. */
export function judgeAnswer (response: Response, forClients: boolean, area: Area, subject: string): Finding[] {
  if (allowsOrigin(response, origin)) return []
  const values = valuesOf(response, 'access-control-allow-origin')
  const evidence = evidenceOf(response)
  if (values.length > 1 || values[0]?.includes(',') === true) {
    const what = `Access-Control-Allow-Origin stands there ${values.length > 1 ? `${values.length} times` : 'with two values'}: ${values.join(' and ')}.`
    return [buildFinding('cors.doubled', { area, subject, severity: forClients ? 'failure' : 'warning', what, change: leave, evidence })]
  }
  const what = values[0] === undefined ? 'The answer comes without Access-Control-Allow-Origin.' : `Access-Control-Allow-Origin is ${values[0]}, for that site alone.`
  return [buildFinding(forClients ? 'cors.missing' : 'cors.missing-elsewhere', { area, subject, what, change: add, evidence })]
}

/** Whether web clients see a 404 where there is one; told once for all the paths of an address. */
export function judgeNotFound (exchanges: readonly Exchange[], subject: string): Finding[] {
  const blind = exchanges.filter(({ response }) => response?.status === 404 && !allowsOrigin(response, origin))
  const [first] = blind
  if (first?.response === undefined) return []
  const paths = blind.map(({ url }) => new URL(url).pathname)
  return [buildFinding('cors.not-found', {
    area: 'documents',
    subject,
    what: `A 404 comes without Access-Control-Allow-Origin: ${paths.join(', ')}.`,
    change: add,
    evidence: { paths, ...evidenceOf(first.response) }
  })]
}

function passesPreflight ({ response }: Exchange): boolean {
  if (response === undefined || response.status < 200 || response.status > 299 || !allowsOrigin(response, origin)) return false
  const allowed = valuesOf(response, 'access-control-allow-headers').join(',').toLowerCase().split(',').map(name => name.trim())
  // "*" does not cover Authorization (Fetch standard).
  return allowed.includes('authorization')
}

function evidenceOf (response: Response): Record<string, unknown> {
  return { status: response.status, 'access-control-allow-origin': valuesOf(response, 'access-control-allow-origin') }
}
