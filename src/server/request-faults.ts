import type { IncomingMessage } from 'node:http'
import { buildError } from '../site/responses.ts'
import type { Response } from '../site/responses.ts'
import { limits } from './limits.ts'
import { shortenTarget } from './log/request-log.ts'
import { isHttpTarget } from './request-target.ts'

/** `uri-host [ ":" port ]`, or nothing. @see https://www.rfc-editor.org/rfc/rfc9110.html#section-7.2 */
const hostSyntax = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i

/** What is wrong with a request that Node could read, whatever its path. */
export function findRequestFault (request: IncomingMessage): Response | undefined {
  const { headers, httpVersion, method, rawHeaders, url = '' } = request
  if (url.length > limits.maxTargetLength) {
    return buildError(414, 'M_UNRECOGNIZED', `The request target is longer than ${limits.maxTargetLength} bytes`)
  }
  if (rawHeaders.length > 2 * limits.maxHeaders) {
    return buildError(431, 'M_UNRECOGNIZED', `More than ${limits.maxHeaders} header lines`)
  }
  const hostFault = findHostFault(headers.host, httpVersion, rawHeaders)
  if (hostFault !== undefined) return buildError(400, 'M_UNRECOGNIZED', hostFault)
  if (!isHttpTarget(method, url)) {
    return buildError(400, 'M_UNRECOGNIZED', 'Bad request target: use a path, or a URL with http:// or https://')
  }
  return undefined
}

export function badTarget (url: string): Response {
  return buildError(400, 'M_UNRECOGNIZED', `Bad request target: ${shortenTarget(url)}`)
}

/** @see https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2 */
function findHostFault (
  host: string | undefined,
  httpVersion: string,
  rawHeaders: readonly string[]
): string | undefined {
  if (host === undefined) return httpVersion === '1.1' ? 'HTTP/1.1 requires a Host header' : undefined
  if (!hostSyntax.test(host)) return 'The Host header is not a host with an optional port'
  // Node keeps only the first line in `headers`.
  let lines = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    if (name?.length === 4 && name.toLowerCase() === 'host') lines++
  }
  return lines > 1 ? 'More than one Host header' : undefined
}
