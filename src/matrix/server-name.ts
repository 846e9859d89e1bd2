import { refuseJson, refusePlaceholder } from './bare-value.ts'
import { findInvalidLabel, hasInvalidPunycode } from './idna.ts'
import { findInvalidValue, InvalidValueError } from './invalid-value.ts'
import type { InvalidValueCode } from './invalid-value.ts'
import { hostnameOf, isIpv6 } from './ip-address.ts'
import { quote } from './printable.ts'

/** A parsed Matrix server name. */
export interface ServerName {
  readonly kind: 'dns' | 'ipv4' | 'ipv6'
  /** As written: an IPv6 address keeps its brackets. */
  readonly host: string
  /** 1-65535; undefined if the name leaves the port to server discovery. */
  readonly port: number | undefined
}

/**
 * Parses a server name by the grammar in the Matrix appendices.
 *
 * @throws {InvalidValueError} if the name doesn't match the grammar, or its port can't exist.
 * @see https://spec.matrix.org/latest/appendices/#server-name
 */
export function parseServerName (input: string): ServerName {
  return parseName(input, '')
}

/**
 * Parses `m.server`, the delegated server name. It has the grammar of a server name, but readers connect to it, so
 * they have to accept its host and agree on it. In place of a URL, the host is suggested with port 443.
 *
 * @throws {InvalidValueError} if the name doesn't match the grammar, or some readers refuse or misunderstand it.
 * @see https://spec.matrix.org/latest/server-server-api/#getwell-knownmatrixserver
 */
export function parseDelegatedServerName (input: string): ServerName {
  const name = parseName(input, ':443')
  refuseAmbiguousHost(name, input)
  const invalid = name.kind === 'dns' ? findInvalidLabel(name.host) : undefined
  if (invalid === undefined) return name
  const fault = `contains ${invalid}, so Synapse can't connect to it`
  throw new InvalidValueError('ERR_IDNA', input, fault, 'use another host name')
}

/**
 * Parses a host with an optional port that clients connect to: a server name on which readers agree.
 *
 * @throws {InvalidValueError} if it is not one.
 */
export function parseHost (input: string): ServerName {
  const name = parseName(input, '')
  refuseAmbiguousHost(name, input)
  return name
}

/** How a host that the grammar allows is understood in different ways; undefined if all readers agree on it. */
export function findAmbiguity ({ kind, host }: ServerName): { fault: string, fix: string } | undefined {
  if (kind === 'ipv6') return undefined
  if (kind === 'ipv4') {
    if (!/(^|\.)0\d/.test(host)) return undefined
    return { fault: 'has leading zeros that some readers read as octal', fix: 'write the address without them' }
  }
  const hostname = hostnameOf(host)
  if (/(^|\.)(\d+|0x[\da-f]*)$/i.test(host)) {
    const meaning = hostname === undefined ? 'an IPv4 address, and refuse it' : `the IPv4 address ${hostname}`
    const fault = `ends in a number, so URL parsers read it as ${meaning}`
    return { fault, fix: 'use a domain name, or an address of four parts' }
  }
  if (!hasInvalidPunycode(host) && hostname === host.toLowerCase()) return undefined
  return { fault: 'not a host name that URL parsers accept', fix: 'correct the part that starts with "xn--"' }
}

function refuseAmbiguousHost (name: ServerName, input: string): void {
  const ambiguity = findAmbiguity(name)
  if (ambiguity === undefined) return
  throw new InvalidValueError('ERR_AMBIGUOUS_HOST', input, ambiguity.fault, ambiguity.fix)
}

/** Throws an error about the input; a suggestion is made only if it is valid itself, or leads to one that is. */
type Refuse = (code: InvalidValueCode, fault: string, fix: string, suggestion?: string) => never

/** @param portOfUrl appended to the host that is suggested in place of a URL. */
function parseName (input: string, portOfUrl: string): ServerName {
  const refuse: Refuse = (code, fault, fix, suggestion) => {
    throw new InvalidValueError(code, input, fault, fix, suggestion && findName(suggestion))
  }
  refuseOtherValues(input, portOfUrl, refuse)
  const colon = input.indexOf(':', input.indexOf(']') + 1)
  const host = colon === -1 ? input : input.slice(0, colon)
  const port = colon === -1 ? undefined : input.slice(colon + 1)
  const withPort: Refuse = (code, fault, fix, suggestion) =>
    refuse(code, fault, fix, suggestion && port !== undefined ? `${suggestion}:${port}` : suggestion)
  return { kind: hostKind(host, withPort), host, port: port === undefined ? undefined : parsePort(port, withPort) }
}

/** No name is that long, and a longer value is not examined any further. */
const maxLength = 2_048

/** Mistakes in which the value is something other than a name: a URL, JSON, a user ID, a sentence. */
function refuseOtherValues (input: string, portOfUrl: string, refuse: Refuse): void {
  if (input === '') refuse('ERR_EMPTY', 'empty', 'write a server name such as example.com')
  if (input.length > maxLength) refuse('ERR_LENGTH', `has ${input.length} characters`, 'use at most 261')
  refusePlaceholder(input)
  refuseJson(input, value => parseName(value, portOfUrl))
  if (/\s/.test(input)) {
    const joined = input.trim().replace(/\s*:\s*/, ':')
    refuse('ERR_WHITESPACE', 'contains white space', 'remove it', /\s/.test(joined) ? undefined : joined)
  }
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*:\/{1,2}|\/\/)(.*)$/i.exec(input) ?? []
  if (scheme !== undefined) {
    const authority = rest.replace(/[/?#].*$/, '').replace(/^.*@/, '')
    const name = /:\d+$/.test(authority) ? authority : authority + portOfUrl
    refuse('ERR_SCHEME', `starts with ${quote(scheme)}`, 'write only the host', name)
  }
  const path = input.search(/[/?#]/)
  if (path === 0) refuse('ERR_PATH', 'not a server name', 'write one such as example.com')
  if (path > 0) refuse('ERR_PATH', `ends in ${quote(input.slice(path))}`, 'remove that', input.slice(0, path))
  const [user] = /^@[^:]*:/.exec(input) ?? []
  if (user !== undefined) {
    refuse('ERR_USER_ID', 'not a server name but a user ID', 'write the part after the colon', input.slice(user.length))
  }
  if (input.includes('@')) {
    refuse('ERR_CHARACTER', 'contains "@"', 'write only the part after it', input.replace(/^.*@/, ''))
  }
  if (/:.*:/.test(input) && isIpv6(input)) {
    refuse('ERR_IPV6', 'has an IPv6 address without brackets', 'add them', `[${input}]`)
  }
}

export const emptyVariable = 'set the variable that was probably empty when this value was put together'

function hostKind (host: string, refuse: Refuse): ServerName['kind'] {
  if (host.startsWith('[')) {
    requireIpv6(host, refuse)
    return 'ipv6'
  }
  const [foreign] = /\P{ASCII}/u.exec(host) ?? []
  if (foreign !== undefined) {
    const fault = `contains the non-ASCII character ${quote(foreign)}`
    refuse('ERR_NON_ASCII', fault, 'write the name in Punycode (xn--…)', hostnameOf(host))
  }
  const [wrong] = /[^a-z0-9.-]/i.exec(host) ?? []
  if (wrong !== undefined) {
    refuse('ERR_CHARACTER', `contains ${quote(wrong)}`, 'use only letters, digits, "-" and "." in a host name')
  }
  if (host === '') refuse('ERR_EMPTY', 'has no host before ":"', emptyVariable)
  if (/^\.|\.\.|\.$/.test(host)) {
    const fewer = host.replaceAll(/\.{2,}/g, '.').replaceAll(/^\.|\.$/g, '')
    if (host.startsWith('.')) refuse('ERR_DOTS', 'starts with a dot', emptyVariable)
    if (!fewer.includes('.')) refuse('ERR_DOTS', 'ends in a dot', emptyVariable)
    refuse('ERR_DOTS', 'has an extra dot', 'remove it', fewer)
  }
  if (host.length > 255) refuse('ERR_LENGTH', `has a host name of ${host.length} characters`, 'use at most 255')
  if (/^\d+(\.\d+){3}$/.test(host)) {
    const inRange = host.split('.').every(part => part.length <= 3 && Number(part) <= 255)
    if (!inRange) refuse('ERR_IPV4', 'not an IPv4 address', 'use numbers from 0 to 255')
    return 'ipv4'
  }
  return 'dns'
}

function requireIpv6 (host: string, refuse: Refuse): void {
  const address = host.slice(1, -1)
  const [withoutZone = '', zone] = address.split('%', 2)
  if (!host.includes(']')) refuse('ERR_IPV6', 'has "[" without "]"', 'add "]" after the address')
  if (!host.endsWith(']')) refuse('ERR_IPV6', 'has something other than a port after "]"', 'remove it')
  if (zone !== undefined) refuse('ERR_IPV6', 'has an IPv6 address with a zone', 'remove the zone', `[${withoutZone}]`)
  if (isIpv6(address)) return
  refuse('ERR_IPV6', "has brackets around something that isn't an IPv6 address", 'write one such as [2001:db8::1]')
}

function parsePort (digits: string, refuse: Refuse): number {
  const port = Number(digits)
  // The grammar allows any five digits, TCP doesn't.
  if (!/^\d{1,5}$/.test(digits) || port < 1 || port > 65535) {
    const fix = 'use a number from 1 to 65535 after ":", or remove it'
    refuse('ERR_PORT', `has the invalid port ${quote(`:${digits}`)}`, fix)
  }
  return port
}

/** A name that may be suggested: it is valid, or the suggestion in its place is. */
function findName (name: string): string | undefined {
  const error = findInvalidValue(parseHost, name)
  return error === undefined ? name : error.suggestion
}

/** An IPv6 address as TLS and sockets expect it; in URLs and server names it is in brackets. */
export function withoutBrackets (host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}
