import { hostnameOf, isIpv6 } from './ip-address.ts'
import { findInvalidValue, InvalidValueError } from './invalid-value.ts'
import { quote } from './printable.ts'
import type { InvalidValueCode } from './invalid-value.ts'

/** A Matrix server name, taken apart. */
export interface ServerName {
  readonly kind: 'dns' | 'ipv4' | 'ipv6'
  /** As written: an IPv6 address keeps its brackets. */
  readonly host: string
  /** 1-65535; undefined when the name leaves the port to server discovery. */
  readonly port: number | undefined
}

/**
 * Takes a server name apart by the grammar in the Matrix appendices.
 *
 * @throws {InvalidValueError} when the name does not fit it, or can never be reached.
 * @see https://spec.matrix.org/latest/appendices/#server-name
 */
export function parseServerName (input: string): ServerName {
  return parseName(input, '')
}

/**
 * Takes `m.server`, the delegated server name, apart. The grammar is that of a server name; only the advice
 * differs, since whoever writes "https://" here has port 443 in mind.
 *
 * @throws {InvalidValueError} when the name does not fit the grammar.
 * @see https://spec.matrix.org/latest/server-server-api/#getwell-knownmatrixserver
 */
export function parseDelegatedServerName (input: string): ServerName {
  return parseName(input, ':443')
}

/** @param portOfUrl what to append to the host that is offered in place of a URL. */
function parseName (input: string, portOfUrl: string): ServerName {
  refuseWhatIsNoName(input, portOfUrl)
  const colon = input.indexOf(':', input.indexOf(']') + 1)
  const host = colon === -1 ? input : input.slice(0, colon)
  const port = colon === -1 ? undefined : input.slice(colon + 1)
  const refuse = (code: InvalidValueCode, fault: string, better?: string): never => {
    throw new InvalidValueError(code, input, fault, better ? findName(port === undefined ? better : `${better}:${port}`) : undefined)
  }
  return { kind: parseHost(host, refuse), host, port: port === undefined ? undefined : parsePort(port, refuse) }
}

type Refuse = (code: InvalidValueCode, fault: string, better?: string) => never

/** Longer is nothing that was meant as a name, and not looked at any further. */
const maxLength = 2_048

/** Mistakes in which the value is something other than a name: a URL, a user ID, a sentence. */
function refuseWhatIsNoName (input: string, portOfUrl: string): void {
  const refuse = (code: InvalidValueCode, fault: string, better?: string): never => {
    throw new InvalidValueError(code, input, fault, better ? findName(better) : undefined)
  }
  if (input === '') refuse('ERR_EMPTY', 'write a server name such as example.com')
  if (input.length > maxLength) refuse('ERR_LENGTH', `${input.length} characters, a server name at most 261`)
  if (/\s/.test(input)) {
    const joined = input.replace(/\s*:\s*/, ':')
    refuse('ERR_WHITESPACE', 'leave out the white space', /\s/.test(joined) ? undefined : joined)
  }

  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*:\/{1,2}|\/\/)(.*)$/i.exec(input) ?? []
  if (scheme !== undefined) {
    const authority = rest.replace(/[/?#].*$/, '').replace(/^.*@/, '')
    refuse('ERR_SCHEME', `leave out "${scheme}"`, /:\d+$/.test(authority) ? authority : authority + portOfUrl)
  }
  const path = input.search(/[/?#]/)
  if (path > 0) refuse('ERR_PATH', `leave out ${quote(input.slice(path))}`, input.slice(0, path))
  if (/^@[^:]*:/.test(input)) refuse('ERR_USER_ID', 'a user ID, leave out the user', input.replace(/^@[^:]*:/, ''))
  if (input.includes('@')) refuse('ERR_CHARACTER', 'leave out all up to the "@"', input.replace(/^.*@/, ''))
  if (/:.*:/.test(input) && isIpv6(input)) refuse('ERR_IPV6', 'an IPv6 address needs brackets, and its port stands after them', `[${input}]`)
}

function parseHost (host: string, refuse: Refuse): ServerName['kind'] {
  if (host.startsWith('[')) {
    const address = host.slice(1, -1)
    if (!host.includes(']')) refuse('ERR_IPV6', 'the bracket "[" is never closed: write "]" after the address')
    if (!host.endsWith(']')) refuse('ERR_IPV6', 'only ":" and a port may follow the bracket "]"')
    if (address.includes('%')) refuse('ERR_IPV6', 'leave out the zone', `[${address.replace(/%.*$/, '')}]`)
    if (!isIpv6(address)) refuse('ERR_IPV6', 'what stands in the brackets is not an IPv6 address')
    return 'ipv6'
  }
  const [foreigner] = /\P{ASCII}/u.exec(host) ?? []
  if (foreigner !== undefined) refuse('ERR_NON_ASCII', `${quote(foreigner)} is outside ASCII`, hostnameOf(host))
  const [stranger] = /[^a-z0-9.-]/i.exec(host) ?? []
  if (stranger !== undefined) {
    refuse('ERR_CHARACTER', `${quote(stranger)} is not allowed: a host name has letters, digits, "-" and "." only`)
  }
  if (host === '') refuse('ERR_EMPTY', 'the host before ":" is missing, write for example example.com')
  if (/^\.|\.\.|\.$/.test(host)) {
    refuse('ERR_DOTS', 'a dot too many', host.replaceAll(/\.{2,}/g, '.').replaceAll(/^\.|\.$/g, ''))
  }
  if (host.length > 255) refuse('ERR_LENGTH', `${host.length} characters, a host name at most 255`)
  if (/^\d+(\.\d+){3}$/.test(host)) {
    const inRange = host.split('.').every(part => part.length <= 3 && Number(part) <= 255)
    if (!inRange) refuse('ERR_IPV4', 'not an IPv4 address: its four parts go from 0 to 255')
    return 'ipv4'
  }
  return 'dns'
}

function parsePort (digits: string, refuse: Refuse): number {
  const port = Number(digits)
  // The grammar allows any five digits, TCP does not.
  if (!/^\d{1,5}$/.test(digits) || port < 1 || port > 65535) {
    refuse('ERR_PORT', `${quote(`:${digits}`)} is not a port: write a number from 1 to 65535 after the ":", or leave it out`)
  }
  return port
}

/** A name that may be offered as a better one: it is right itself, or what is offered in its place is. */
function findName (name: string): string | undefined {
  const invalidValue = findInvalidValue(parseServerName, name)
  return invalidValue === undefined ? name : invalidValue.better
}

/** An IPv6 address as TLS and sockets want it; in URLs and server names it stands in brackets. */
export function withoutBrackets (host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}
