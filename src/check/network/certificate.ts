import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

/** A certificate of a chain, as far as a person needs it. */
export interface Certificate {
  readonly subject: string
  readonly issuer: string
  readonly validFrom: Date
  readonly validTo: Date
}

/** What a TLS handshake showed. */
export interface Tls {
  /** As OpenSSL names it: TLSv1.3. */
  readonly protocol: string
  /** What was presented, the server's own first, and with it what this machine trusts at its end. */
  readonly chain: readonly [Certificate, ...Certificate[]]
  /** The names and addresses that the certificate is for. */
  readonly names: readonly string[]
  /** The name or address that it has to be for. */
  readonly expectedName: string
  /** Whether it is. */
  readonly nameMatches: boolean
  /** OpenSSL's code for what is wrong with the chain, such as CERT_HAS_EXPIRED. */
  readonly chainFault: string | undefined
}

/**
 * Reads the handshake of a connection that was made without refusing anything.
 *
 * @throws {Error} when a certificate can not be read.
 */
export function readTls (socket: TLSSocket, expectedName: string): Tls {
  const own = socket.getPeerCertificate(true)
  return {
    protocol: String(socket.getProtocol()),
    chain: readChain(own),
    names: (own.subjectaltname ?? '').split(', ').filter(name => name !== '').map(name => name.replace(/^(DNS|IP Address):/, '')),
    expectedName,
    nameMatches: isFor(expectedName, own),
    // The types say Error; it is the code.
    chainFault: socket.authorized ? undefined : String(socket.authorizationError)
  }
}

function isFor (name: string, certificate: DetailedPeerCertificate): boolean {
  // Node 22.23 and 24.17 to 24.18 find no IPv6 address in a certificate (nodejs/node#64032).
  if (isIP(name) !== 0) return new X509Certificate(certificate.raw).checkIP(name) !== undefined
  // Node takes a common name for want of an alternative one; browsers and other servers no longer do (RFC 9525).
  return certificate.subjectaltname !== undefined && checkServerIdentity(name, certificate) === undefined
}

/** The server's own certificate, that of who signed it, and so on. */
function readChain (own: DetailedPeerCertificate): Tls['chain'] {
  const chain: [Certificate, ...Certificate[]] = [readCertificate(own)]
  const seen = new Set([own.fingerprint256])
  // The types don't say that it is missing where the chain is not complete; a root has signed itself.
  for (let link: DetailedPeerCertificate | undefined = own.issuerCertificate; link !== undefined && !seen.has(link.fingerprint256); link = link.issuerCertificate) {
    seen.add(link.fingerprint256)
    chain.push(readCertificate(link))
  }
  return chain
}

function readCertificate ({ subject, issuer, valid_from: from, valid_to: to }: DetailedPeerCertificate): Certificate {
  return { subject: nameOf(subject), issuer: nameOf(issuer), validFrom: parseDate(from), validTo: parseDate(to) }
}

function parseDate (text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new Error('the certificate has a date that is none')
  return date
}

/** The common name of who a certificate is for, or else the organization; empty where it has alternative names alone. */
export function nameOf (subject: Partial<DetailedPeerCertificate['subject']> | undefined): string {
  return [subject?.CN ?? subject?.O ?? subject?.OU ?? ''].flat().join(', ')
}

const day = 86_400_000

/** Whether servers and clients accept a handshake. */
export function isTrusted (tls: Tls): boolean {
  return tls.chainFault === undefined && tls.nameMatches
}

/** For how many whole days a chain is still valid. */
export function daysLeft (chain: readonly Certificate[], now: Date): number {
  return Math.floor((Math.min(...chain.map(({ validTo }) => validTo.getTime())) - now.getTime()) / day)
}
