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
  readonly chain: readonly Certificate[]
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
    protocol: socket.getProtocol() ?? 'unknown',
    chain: [...walk(own)],
    names: (own.subjectaltname ?? '').split(', ').filter(name => name !== '').map(name => name.replace(/^(DNS|IP Address):/, '')),
    expectedName,
    nameMatches: checkServerIdentity(expectedName, own) === undefined,
    // The types say Error; it is the code.
    chainFault: socket.authorized ? undefined : String(socket.authorizationError)
  }
}

function * walk (certificate: DetailedPeerCertificate): Generator<Certificate> {
  const seen = new Set<string>()
  for (let link: DetailedPeerCertificate | undefined = certificate; link?.subject !== undefined && !seen.has(link.fingerprint256); link = link.issuerCertificate) {
    seen.add(link.fingerprint256)
    yield { subject: nameOf(link.subject), issuer: nameOf(link.issuer), validFrom: parseDate(link.valid_from), validTo: parseDate(link.valid_to) }
  }
}

function parseDate (text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new Error('the certificate has a date that is none')
  return date
}

function nameOf (subject: DetailedPeerCertificate['subject'] | undefined): string {
  return [subject?.CN ?? subject?.O ?? subject?.OU ?? ''].flat().join(', ')
}
