import type { Response } from './peer.ts'
import { allowsOrigin, valuesOf } from './response-headers.ts'

/** The page that a browser's requests come from; nobody can own this name. */
export const origin = 'https://client.invalid'

/**
 * Whether a browser may send a request with these headers after this response to OPTIONS.
 *
 * @param headers names in lower case.
 * @param method in lower case.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function passesPreflight (response: Response, headers: readonly string[], method: string): boolean {
  return isOk(response) && findPreflightFault(response, headers, method) === undefined
}

function isOk ({ status }: Response): boolean {
  return status >= 200 && status <= 299
}

/** A header of a response to OPTIONS that does not allow what a browser wants. */
export interface PreflightFault {
  readonly header: string
  /** Undefined if it is missing. */
  readonly value: string | undefined
  readonly wanted: string
}

/** What a response to OPTIONS doesn't allow; undefined if that is nothing, or its status is wrong. */
export function findPreflightFault (
  response: Response,
  headers: readonly string[],
  method: string
): PreflightFault | undefined {
  if (!isOk(response)) return undefined
  const report = (header: string, wanted: string): PreflightFault => {
    const values = valuesOf(response, header.toLowerCase())
    return { header, value: values.length === 0 ? undefined : values.join(', '), wanted }
  }
  if (!allowsOrigin(response, origin)) return report('Access-Control-Allow-Origin', 'every site')
  const allowed = listOf(response, 'access-control-allow-headers')
  const methods = listOf(response, 'access-control-allow-methods')
  // "*" doesn't cover Authorization. POST and GET need not be listed.
  const refused = headers.find(name =>
    !allowed.includes(name) && (name === 'authorization' || !allowed.includes('*')))
  if (refused !== undefined) return report('Access-Control-Allow-Headers', refused)
  const isAllowed = ['get', 'head', 'post'].includes(method) || methods.includes(method) || methods.includes('*')
  return isAllowed ? undefined : report('Access-Control-Allow-Methods', method.toUpperCase())
}

function listOf (response: Response, header: string): string[] {
  return valuesOf(response, header).join(',').toLowerCase().split(',').map(name => name.trim())
}
