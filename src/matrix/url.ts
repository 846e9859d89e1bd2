import { isIpv4 } from './ip-address.ts'
import { findInvalidValue, InvalidValueError, parsePart } from './invalid-value.ts'
import { quote } from './printable.ts'
import type { InvalidValueCode } from './invalid-value.ts'
import { parseServerName } from './server-name.ts'
import type { ServerName } from './server-name.ts'

/** An http or https URL, taken apart. */
export interface HttpUrl {
  readonly scheme: 'http' | 'https'
  readonly host: ServerName
  /** With its leading slash; empty where there is none. */
  readonly path: string
  /** As written; a base URL without the slashes at its end. */
  readonly href: string
}

/**
 * Takes a URL apart that a person or a program will open: absolute, http or https, without user name and password.
 *
 * @throws {InvalidValueError} when it is not such a URL.
 */
export function parseHttpUrl (input: string): HttpUrl {
  const refuse = (code: InvalidValueCode, fault: string, better?: string): never => {
    throw new InvalidValueError(code, input, fault, better)
  }
  if (input === '') refuse('ERR_EMPTY', 'write a URL such as https://matrix.example.com')
  if (/\s/.test(input)) refuse('ERR_WHITESPACE', 'leave out the white space')
  if (input.includes('\\')) refuse('ERR_BACKSLASH', 'a URL has no backslashes', findUrl(input.replaceAll('\\', '/')))
  if (/\p{Cc}/u.test(input)) refuse('ERR_CHARACTER', 'leave out the control characters')

  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(input) ?? []
  if (scheme === undefined) return refuse('ERR_SCHEME', ...missScheme(input))
  const lowerScheme = scheme.toLowerCase()
  if (lowerScheme !== 'http' && lowerScheme !== 'https') {
    return refuse('ERR_SCHEME', `${quote(`${scheme}://`)} is not for this`, findUrl(`https://${rest.replace(userInfo, '')}`))
  }
  if (/^https?:\/\//i.test(rest)) refuse('ERR_SCHEME', `one ${quote(`${scheme}://`)} too many`, findUrl(rest))
  if (userInfo.test(rest)) {
    refuse('ERR_USER_INFO', 'leave out the user name and password, for everybody could read them', findUrl(`${scheme}://${rest.replace(userInfo, '')}`))
  }
  const [authority = ''] = rest.split(/[/?#]/, 1)
  const [path = ''] = rest.slice(authority.length).split(/[?#]/, 1)
  const host = parsePart(parseServerName, authority, 'its host', input)
  if (!URL.canParse(input)) refuse('ERR_URL', 'its host is none that can be looked up')
  const { hostname, href } = new URL(input)
  if (isIpv4(hostname) && host.kind !== 'ipv4') refuse('ERR_IPV4', `browsers take its host for the IPv4 address ${hostname}`)
  if (/\P{ASCII}/u.test(input)) refuse('ERR_NON_ASCII', 'what is outside ASCII has to be percent-encoded', href)
  return { scheme: lowerScheme, host, path, href: input }
}

/**
 * Takes a base URL apart: one to which readers append paths, so it has no query and no fragment, and its
 * trailing slash is taken off.
 *
 * @throws {InvalidValueError} when it is not a base URL.
 * @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixclient
 */
export function parseBaseUrl (input: string): HttpUrl {
  const url = parseHttpUrl(input)
  const cut = input.search(/[?#]/)
  if (cut !== -1) {
    throw new InvalidValueError('ERR_QUERY_OR_FRAGMENT', input, `leave out ${quote(input.slice(cut))}`, input.slice(0, cut))
  }
  // Not by a regular expression, which would begin anew at each of thousands of slashes.
  let end = url.path.length
  while (url.path[end - 1] === '/') end--
  const path = url.path.slice(0, end)
  return { ...url, path, href: input.slice(0, input.length - url.path.length) + path }
}

/** What is wrong with a URL that does not begin with a scheme and two slashes, and a better one. */
function missScheme (input: string): [fault: string, better?: string] {
  const other = /^(?!https?:)[a-z][a-z0-9+.-]*:(?!\d)/i.exec(input)
  if (other !== null) return [`${quote(other[0])} is not for this: only http and https are`]
  const url = findUrl(`https://${input.replace(/^(https?)?:?\/*/i, '').replace(userInfo, '')}`)
  return url === undefined ? ['"https://" is missing'] : ['"https://" is missing', url]
}

/** A URL that may be offered as a better one: only if it is right itself. */
function findUrl (url: string): string | undefined {
  return findInvalidValue(parseHttpUrl, url) === undefined ? url : undefined
}

/** A user name and a password, in which somebody may have forgotten to encode a slash. */
const userInfo = /^(?:[^/?#]*|[^/?#@:]*:(?!\d+(?:[/?#]|$))[^@]*)@/
