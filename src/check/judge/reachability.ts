import { formatCount } from '../../matrix/format-count.ts'
import { judgeCertificate } from './certificates.ts'
import type { Purpose } from './certificates.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { maxHeadSize } from '../network/peer.ts'
import type { Exchange, Failure } from '../network/peer.ts'
import { references } from './references.ts'

export const addressFindings = {
  'address.refused': {
    severity: 'warning',
    title: 'An address refuses connections',
    why: 'Peers that try this address first are delayed, or give up.',
    specification: references.discovery,
    what: 'Connections are refused: no server listens there.',
    fix: 'Start the server, configure it to listen at this address too, or remove the address from DNS.'
  },
  'address.timeout': {
    severity: 'warning',
    title: "An address doesn't respond in time",
    why: "Peers that try this address first have to wait, and some don't try another.",
    specification: references.discovery,
    what: ({ phase }: { phase: Failure['phase'] }) => `Timed out ${during[phase]}.`,
    fix: ({ phase }: { phase: Failure['phase'] }) => phase === 'connect'
      ? 'Open this port in the firewall, or remove the address from DNS.'
      : 'Check whether the service there is hanging.',
    example: { phase: 'connect' }
  },
  'address.unroutable': {
    severity: 'notice',
    title: 'There is no route to an address from where the check runs',
    why: 'It could not be checked from here; other machines may reach it.',
    specification: references.discovery,
    what: ({ message }: { message: string }) => `There is no route to it from here (${message}).`,
    fix: 'Check from a machine that has a route, or remove the address from DNS.',
    example: { message: 'connect ENETUNREACH 2001:db8::1:443' }
  },
  'address.not-public': {
    severity: 'notice',
    title: "An address isn't public, and only public ones are allowed",
    why: 'It could not be checked with --public-only.',
    specification: references.discovery,
    what: "This isn't a public address: --public-only refuses to connect to it.",
    fix: 'Replace it with a public address, or remove it from DNS. To check it as it is, leave out --public-only.'
  },
  'address.reset': {
    severity: 'warning',
    title: 'An address closes the connection without a response',
    why: 'Peers that try this address get no response.',
    specification: references.discovery,
    what: ({ phase, message }: { phase: Failure['phase'], message: string | undefined }) => message === undefined
      ? `The connection was closed ${during[phase]}.`
      : `The connection failed ${during[phase]}: ${message}.`,
    fix: ({ phase, message }: { phase: Failure['phase'], message: string | undefined }) => {
      if (message !== undefined) return 'Read the log of that server.'
      const reason = phase === 'tls' ? '; it may have no certificate for this name. Also check' : ', and check'
      return `Read the log of that server${reason} whether something in between cuts connections.`
    },
    example: { phase: 'tls', message: undefined }
  },
  'address.tls': {
    severity: 'warning',
    title: 'No TLS connection can be made to an address',
    why: 'Matrix requires TLS.',
    specification: references.tls,
    what: ({ fault, message }: TlsParts) => {
      if (fault === 'plain') return "This isn't TLS; probably plain HTTP."
      if (fault === 'protocol') return "It speaks only HTTP/2, which Synapse doesn't."
      return fault === 'version' ? 'It supports neither TLS 1.2 nor TLS 1.3.' : `TLS fails: ${message}.`
    },
    fix: ({ fault }: TlsParts) => {
      if (fault === 'plain') return 'Enable TLS on this port, or use another port.'
      if (fault === 'version') return 'Enable TLS 1.2 and TLS 1.3 there.'
      if (fault === 'protocol') return 'Enable HTTP/1.1 there, next to HTTP/2.'
      return 'Read the log of that server; it may have no certificate for this name.'
    },
    example: { fault: 'plain', message: 'wrong version number' }
  },
  'address.http': {
    severity: 'warning',
    title: "The response from an address isn't HTTP",
    why: "The service there isn't a web server or homeserver.",
    specification: references.tls,
    what: ({ message }: { message: string }) => isOverflow(message)
      ? `The headers of the response are larger than ${formatCount(maxHeadSize)} bytes.`
      : `The response isn't HTTP: ${message}.`,
    fix: ({ message }: { message: string }) => isOverflow(message)
      ? 'Check what sends so many headers, or such long ones.'
      : 'Check which service listens on this port.',
    example: { message: 'Expected HTTP/ (HPE_INVALID_CONSTANT)' }
  }
} as const satisfies FindingKinds

export interface TlsParts {
  readonly fault: 'plain' | 'version' | 'protocol' | 'other'
  readonly message: string
}

const during = {
  connect: 'while connecting',
  tls: 'during the TLS handshake',
  response: 'while waiting for the response'
}

function isOverflow (message: string): boolean {
  return message.includes('HPE_HEADER_OVERFLOW')
}

const find = findingBuilder(addressFindings)

/** What is wrong with the connection of an exchange: that none could be made, or its certificate. */
export function judgeConnection (exchange: Exchange, purpose: Purpose, now: Date): Finding[] {
  const { failure, response } = exchange
  const { area, about } = purpose
  const failures = failure !== undefined && response === undefined ? [judgeFailure(failure, { area, about })] : []
  return [...judgeHandshake(exchange, purpose, now), ...failures]
}

/** What is wrong with the certificate of an exchange, if the rest is reported elsewhere. */
export function judgeHandshake ({ tls }: Exchange, purpose: Purpose, now: Date): Finding[] {
  return tls === undefined ? [] : judgeCertificate(tls, purpose, now)
}

function judgeFailure ({ kind, phase, message }: Failure, context: Context): Finding {
  const details = { ...context, evidence: { phase, message } }
  switch (kind) {
    case 'refused': return find('address.refused', details)
    case 'timeout': return find('address.timeout', { ...details, parts: { phase } })
    case 'unroutable': return find('address.unroutable', { ...details, parts: { message } })
    case 'not-public': return find('address.not-public', details)
    case 'tls': return find('address.tls', { ...details, parts: { fault: tlsFault(message), message } })
    case 'not-http': return find('address.http', { ...details, parts: { message } })
    case 'reset': return find('address.reset', { ...details, parts: { phase, message: undefined } })
    case 'other': return find('address.reset', { ...details, parts: { phase, message } })
  }
}

/** @param message OpenSSL's. */
function tlsFault (message: string): TlsParts['fault'] {
  if (/wrong version number|packet length too long|unknown protocol/.test(message)) return 'plain'
  if (/no application protocol/.test(message)) return 'protocol'
  return /protocol version|unsupported protocol/.test(message) ? 'version' : 'other'
}

/** What happened to a connection that got no response, in a sentence. */
export function describeConnectionFailure (failure: Failure): string {
  return writeFailure(failure).what
}

interface Texts {
  readonly what: string
  readonly fix: string
}

/** What is said about a failure, and what to do about it. */
export function writeFailure ({ kind, phase, message }: Failure): Texts {
  switch (kind) {
    case 'refused': return addressFindings['address.refused']
    case 'timeout': return write(addressFindings['address.timeout'], { phase })
    case 'unroutable': return write(addressFindings['address.unroutable'], { message })
    case 'not-public': return addressFindings['address.not-public']
    case 'tls': return write(addressFindings['address.tls'], { fault: tlsFault(message), message })
    case 'not-http': return write(addressFindings['address.http'], { message })
    case 'reset': return write(addressFindings['address.reset'], { phase, message: undefined })
    case 'other': return write(addressFindings['address.reset'], { phase, message })
  }
}

function write<Parts> (
  { what, fix }: { readonly what: (parts: Parts) => string, readonly fix: string | ((parts: Parts) => string) },
  parts: Parts
): Texts {
  return { what: what(parts), fix: typeof fix === 'string' ? fix : fix(parts) }
}
