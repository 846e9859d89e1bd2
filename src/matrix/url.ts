import { InvalidValueError, parsePart, quote } from './invalid-value.ts'
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
  if (/[\s\\]/.test(input)) refuse('ERR_WHITESPACE', 'leave out the white space and the backslashes')
  // eslint-disable-next-line no-control-regex -- all of ASCII is meant, control characters too.
  if (/[\x00-\x1f\x7f]/.test(input)) refuse('ERR_CHARACTER', 'leave out the control characters')

  const [, scheme, authority = '', path = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/i.exec(input) ?? []
  if (scheme === undefined) return refuse('ERR_SCHEME', '"https://" is missing', addScheme(input))
  const lowerScheme = scheme.toLowerCase()
  if (lowerScheme !== 'http' && lowerScheme !== 'https') {
    return refuse('ERR_SCHEME', `"${scheme}://" is not for this`, `https://${authority}${path}`)
  }
  if (authority.includes('@')) {
    refuse('ERR_USER_INFO', 'leave out the user name and password, for everybody could read them', input.replace(/\/\/.*@/, '//'))
  }
  const host = parsePart(parseServerName, authority, 'its host', input)
  if (!URL.canParse(input)) refuse('ERR_URL', 'its host is none that can be looked up')
  // eslint-disable-next-line no-control-regex -- all of ASCII is meant.
  if (/[^\x00-\x7f]/.test(input)) refuse('ERR_NON_ASCII', 'letters outside ASCII', new URL(input).href)
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
  const path = url.path.replace(/\/+$/, '')
  return { ...url, path, href: input.slice(0, input.length - url.path.length) + path }
}

function addScheme (input: string): string | undefined {
  const url = `https://${input.replace(/^(https?)?:?\/*/i, '')}`
  return URL.canParse(url) ? url : undefined
}
