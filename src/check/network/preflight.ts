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
  if (response.status < 200 || response.status > 299 || !allowsOrigin(response, origin)) return false
  const allowed = listOf(response, 'access-control-allow-headers')
  const methods = listOf(response, 'access-control-allow-methods')
  // "*" doesn't cover Authorization. POST and GET need not be listed.
  return headers.every(name => allowed.includes(name) || (name !== 'authorization' && allowed.includes('*'))) &&
    (['get', 'head', 'post'].includes(method) || methods.includes(method) || methods.includes('*'))
}

function listOf (response: Response, header: string): string[] {
  return valuesOf(response, header).join(',').toLowerCase().split(',').map(name => name.trim())
}
