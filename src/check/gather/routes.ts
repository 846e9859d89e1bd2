import { findInvalidValue } from '../../matrix/invalid-value.ts'
import { property } from '../../matrix/json-object.ts'
import { parseDelegatedServerName } from '../../matrix/server-name.ts'
import { tuwunelMaxSize } from '../../site/document-size.ts'
import { decodeAsBrowser, decodeStrictly, parseJsonText } from '../network/body-text.ts'
import { decodeBody } from '../network/content-encoding.ts'
import { measureDepth } from '../../matrix/json-depth.ts'
import type { Fetch } from '../network/fetch.ts'

/** Deeper JSON than this, and some servers reject it (docs/readers.md). */
export const comfortableDepth = 100

/** More redirects than these, and some servers stop following (docs/readers.md). */
export const comfortableRedirects = 4

/** Longer than this, and some servers stop waiting, in milliseconds. */
const comfortableTime = 5_000

/**
 * The delegated server names that servers may take from the responses of the host's addresses: one of lenient servers
 * may be another than that of strict ones. Undefined stands for no delegation.
 */
export function possibleDelegations (fetches: readonly Fetch[]): ReadonlySet<string | undefined> {
  const names = fetches.flatMap(namesIn)
  return new Set(names.length === 0 ? [undefined] : names)
}

function namesIn (fetch: Fetch): Array<string | undefined> {
  const response = fetch.hops.at(-1)?.response
  const body = response === undefined ? undefined : decodeBody(response)
  if (response === undefined || body === undefined || response.status < 200 || response.status > 299) return [undefined]
  const name = property(parseJsonText(decodeAsBrowser(body)), 'm.server')
  const valid = typeof name === 'string' ? toServerName(name) : undefined
  if (valid === undefined) return [undefined]
  return isReadByAll(fetch) && valid === name ? [valid] : [valid, undefined]
}

/** A server name as lenient servers read it: without a dot at the end of its host, and without port 0. */
function toServerName (value: string): string | undefined {
  const candidates = [value, value.replace(/\.(?=:\d+$|$)/, ''), value.replace(/:0+$/, '')]
  return candidates.find(candidate => findInvalidValue(parseDelegatedServerName, candidate) === undefined)
}

/** Whether there is nothing about a response that any server objects to. */
function isReadByAll ({ hops, redirectFault, reading }: Fetch): boolean {
  const last = hops.at(-1)?.response
  return redirectFault === undefined && reading?.content !== undefined && last?.status === 200 &&
    last.body.length <= tuwunelMaxSize && isPlain(decodeStrictly(last.body)) &&
    !last.headers.some(([name]) => name === 'content-encoding') &&
    hops.length <= comfortableRedirects + 1 && hops.every(({ url }) => url.startsWith('https:')) &&
    hops.reduce((sum, { milliseconds }) => sum + milliseconds, 0) < comfortableTime
}

function isPlain (text: string | undefined): boolean {
  return text !== undefined && measureDepth(text) <= comfortableDepth
}
