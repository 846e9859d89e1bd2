import { refuseJson, refusePlaceholder } from './bare-value.ts'
import { parseEmailAddress } from './contact.ts'
import { findInvalidValue, InvalidValueError, parsePart } from './invalid-value.ts'
import type { InvalidValueCode } from './invalid-value.ts'
import { quote } from './printable.ts'
import { emptyVariable, parseHost } from './server-name.ts'
import type { ServerName } from './server-name.ts'

/** A parsed http or https URL. */
export interface HttpUrl {
  readonly scheme: 'http' | 'https'
  readonly host: ServerName
  /** With its leading slash; empty without a path. */
  readonly path: string
  /** As written, with the scheme in lower case; a base URL without slashes at its end. */
  readonly href: string
}

/**
 * Parses a URL that a person or a program opens: absolute, http or https, without user name and password.
 *
 * @throws {InvalidValueError} if it is not such a URL.
 */
export function parseHttpUrl (input: string): HttpUrl {
  const refuse = (code: InvalidValueCode, fault: string, fix: string, suggestion?: string): never => {
    throw new InvalidValueError(code, input, fault, fix, suggestion)
  }
  if (input === '') refuse('ERR_EMPTY', 'empty', 'write a URL that starts with https://')
  refusePlaceholder(input)
  refuseJson(input, parseHttpUrl)
  if (/\s/.test(input)) {
    const trimmed = input.trim()
    refuse('ERR_WHITESPACE', 'contains white space', 'remove it', /\s/.test(trimmed) ? undefined : findUrl(trimmed))
  }
  if (input.includes('\\')) {
    refuse('ERR_BACKSLASH', 'contains a backslash', 'use "/"', findUrl(input.replaceAll('\\', '/')))
  }
  if (/\p{Cc}/u.test(input)) refuse('ERR_CHARACTER', 'contains control characters', 'remove them')

  const [, writtenScheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(input) ?? []
  if (writtenScheme === undefined) return refuse('ERR_SCHEME', ...missScheme(input))
  const scheme = writtenScheme.toLowerCase()
  if (scheme !== 'http' && scheme !== 'https') {
    const fault = `starts with ${quote(`${writtenScheme}://`)}`
    return refuse('ERR_SCHEME', fault, 'use an https URL', findUrl(`https://${rest.replace(userInfo, '')}`))
  }
  if (/^https?:\/\//i.test(rest)) {
    refuse('ERR_SCHEME', `has an extra ${quote(`${writtenScheme}://`)}`, 'remove it', findUrl(rest))
  }
  if (userInfo.test(rest)) {
    const suggestion = findUrl(`${scheme}://${rest.replace(userInfo, '')}`)
    refuse('ERR_USER_INFO', 'contains a user name or password, but the document is public', 'remove it', suggestion)
  }
  const [authority = ''] = rest.split(/[/?#]/, 1)
  const [path = ''] = rest.slice(authority.length).split(/[?#]/, 1)
  if (/^(:|$)/.test(authority)) refuse('ERR_EMPTY', 'has no host', emptyVariable)
  const host = parsePart(parseHost, authority, 'host', input)
  // Readers would look up half a character, or refuse it.
  if (/\p{Cs}/u.test(input)) refuse('ERR_CHARACTER', 'contains half of a surrogate pair', 'remove it')
  if (/\P{ASCII}/u.test(input)) {
    refuse('ERR_NON_ASCII', "contains characters that aren't ASCII", 'percent-encode them', new URL(input).href)
  }
  return { scheme, host, path, href: scheme + input.slice(scheme.length) }
}

/**
 * Parses a base URL: one to which readers append paths, so it has no query and no fragment, and slashes at its end
 * are removed.
 *
 * @throws {InvalidValueError} if it is not a base URL.
 * @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixclient
 */
export function parseBaseUrl (input: string): HttpUrl {
  const url = parseHttpUrl(input)
  const cut = input.search(/[?#]/)
  if (cut !== -1) {
    const fault = `ends in ${quote(input.slice(cut))}`
    throw new InvalidValueError('ERR_QUERY_OR_FRAGMENT', input, fault, 'remove that', input.slice(0, cut))
  }
  refuseAmbiguousPath(url.path, input)
  // Not by a regular expression, which would start again at each of thousands of slashes.
  let end = url.path.length
  while (url.path[end - 1] === '/') end--
  const path = url.path.slice(0, end)
  return { ...url, path, href: url.href.slice(0, input.length - url.path.length) + path }
}

/**
 * Parses the URL of a MatrixRTC authorization service. The URL of the media server, which is not for clients to
 * configure, is often written in its place.
 *
 * @throws {InvalidValueError} if it is not a base URL.
 */
export function parseLivekitServiceUrl (input: string): HttpUrl {
  if (!/^wss?:\/\//i.test(input)) return parseBaseUrl(input)
  throw new InvalidValueError('ERR_SCHEME', input, 'not the authorization service but the media server',
    'use the URL of lk-jwt-service, such as https://rtc.example.com/livekit/jwt')
}

/**
 * Accepts `support_page`: a web page, or `mailto:` and an email address.
 *
 * @throws {InvalidValueError} if it is neither.
 */
export function parseSupportPage (input: string): string {
  if (!/[:/]/.test(input) && findInvalidValue(parseEmailAddress, input) === undefined) {
    throw new InvalidValueError('ERR_SCHEME', input, 'has no "mailto:"', 'add it', `mailto:${input}`)
  }
  if (!/^mailto:/i.test(input)) return parseHttpUrl(input).href
  const [address = ''] = input.slice('mailto:'.length).split('?', 1)
  parsePart(parseEmailAddress, address, 'address', input)
  return `mailto:${input.slice('mailto:'.length)}`
}

/** Refuses a path that readers write in different ways when they append theirs. */
function refuseAmbiguousPath (path: string, input: string): void {
  // https://www.rfc-editor.org/rfc/rfc3986#section-3.3
  const [wrong] = /%(?![\da-f]{2})|[^\w.~!$&'()*+,;=:@/%-]/i.exec(path) ?? []
  if (wrong === '%') {
    const fault = 'has "%" without two hexadecimal digits in its path'
    throw new InvalidValueError('ERR_PATH', input, fault, 'write "%25" for a percent sign')
  }
  if (wrong !== undefined) {
    const fix = `percent-encode it as ${encodeURIComponent(wrong)}`
    throw new InvalidValueError('ERR_PATH', input, `has ${quote(wrong)} in its path`, fix)
  }
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(path)) {
    throw new InvalidValueError('ERR_PATH', input, 'has "." or ".." in its path', 'write the path without it')
  }
}

/** What is wrong with a URL that doesn't start with a scheme and two slashes. */
function missScheme (input: string): [fault: string, fix: string, suggestion?: string] {
  const other = /^(?!https?:)[a-z][a-z0-9+.-]*:(?!\d)/i.exec(input)
  if (other !== null) return [`starts with ${quote(other[0])}`, 'use an https URL']
  const rest = input.replace(/^(https?:\/?|\/\/|:\/\/)/i, '').replace(userInfo, '')
  const url = findUrl(`https://${rest}`)
  // A path, or a single word, says nothing about which host is meant.
  if (url === undefined || !/^[^/?#]*[.\]]/.test(rest)) return ['not a URL', 'write one that starts with https://']
  return ['has no "https://"', 'add it', url]
}

/** A URL that may be suggested, if it is valid. */
function findUrl (url: string): string | undefined {
  return findInvalidValue(parseHttpUrl, url) === undefined ? parseHttpUrl(url).href : undefined
}

/** A user name and a password, in which a slash may not be encoded. */
const userInfo = /^(?:[^/?#]*|[^/?#@:]*:(?!\d+(?:[/?#]|$))[^@]*)@/
