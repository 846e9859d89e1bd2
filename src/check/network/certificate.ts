import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import type { PeerCertificate, TLSSocket } from 'node:tls'

/** A certificate of a chain. */
export interface Certificate {
  readonly subject: string
  readonly issuer: string
  readonly validFrom: Date
  readonly validTo: Date
}

/** The result of a TLS handshake. */
export interface Tls {
  /** As OpenSSL names it: TLSv1.3. */
  readonly protocol: string
  /** The certificates that were sent, the server's own first, completed by those that this machine trusts. */
  readonly chain: readonly [Certificate, ...Certificate[]]
  /** The names and addresses that the certificate is for. */
  readonly names: readonly string[]
  /** The name or address that it has to be for. */
  readonly expectedName: string
  readonly nameMatches: boolean
  /** OpenSSL's code for an error in the chain, such as CERT_HAS_EXPIRED. */
  readonly chainFault: string | undefined
}

/** A certificate as Node reads it. */
interface ShownCertificate extends PeerCertificate {
  /** Missing if the chain is incomplete; that of a root is the root itself. */
  readonly issuerCertificate?: ShownCertificate
}

/** Reads the handshakes of connections that were made without verifying the certificate. */
export class TlsReader {
  readonly #expectedName: string
  #last: { readonly key: string, readonly tls: Tls } | undefined

  /** @param expectedName the name or address that certificates have to be for. */
  constructor (expectedName: string) {
    this.#expectedName = expectedName
  }

  /**
   * The same object as for the last connection, unless something differs: most connections to a host show the same
   * certificates, and reports are kept.
   *
   * @param own the certificate with its issuers.
   * @throws {Error} if a certificate can't be read.
   */
  read (socket: TLSSocket, own: ShownCertificate): Tls {
    const protocol = String(socket.getProtocol())
    // The types say Error, but it is the code.
    const chainFault = socket.authorized ? undefined : String(socket.authorizationError)
    const certificates = listChain(own)
    const key = [protocol, chainFault, ...certificates.map(({ fingerprint256 }) => fingerprint256)].join(' ')
    if (this.#last?.key !== key) {
      const [first, ...others] = certificates
      const chain = [readCertificate(first), ...others.map(readCertificate)] as const
      const nameMatches = isFor(this.#expectedName, own)
      const tls = { protocol, chain, names: readNames(own), expectedName: this.#expectedName, nameMatches, chainFault }
      this.#last = { key, tls }
    }
    return this.#last.tls
  }
}

function readNames ({ subjectaltname = '' }: ShownCertificate): string[] {
  return subjectaltname.split(', ').filter(name => name !== '').map(name => name.replace(/^(DNS|IP Address):/, ''))
}

function isFor (name: string, certificate: ShownCertificate): boolean {
  // Node 22.23 and 24.17 to 24.18 don't find IPv6 addresses in a certificate (nodejs/node#64032).
  if (isIP(name) !== 0) return new X509Certificate(certificate.raw).checkIP(name) !== undefined
  // Without alternative names, Node accepts the common name; browsers and other servers no longer do (RFC 9525).
  const names = (certificate.subjectaltname ?? '').split(', ').filter(entry => !isPartialWildcard(entry)).join(', ')
  return names !== '' && checkServerIdentity(name, { ...certificate, subjectaltname: names }) === undefined
}

/** A wildcard stands for a whole label (RFC 9525, section 6.3); Node also accepts `m*.example.com`. */
function isPartialWildcard (entry: string): boolean {
  return /^DNS:(?!\*\.)[^.]*\*/.test(entry)
}

/** The server's own certificate, its issuer's, and so on. */
function listChain (own: ShownCertificate): [ShownCertificate, ...ShownCertificate[]] {
  const chain: ReturnType<typeof listChain> = [own]
  const seen = new Set([own.fingerprint256])
  let { issuerCertificate: link } = own
  while (link !== undefined && !seen.has(link.fingerprint256)) {
    seen.add(link.fingerprint256)
    chain.push(link)
    link = link.issuerCertificate
  }
  return chain
}

function readCertificate ({ subject, issuer, valid_from: from, valid_to: to }: ShownCertificate): Certificate {
  return { subject: nameOf(subject), issuer: nameOf(issuer), validFrom: parseDate(from), validTo: parseDate(to) }
}

function parseDate (text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new Error('the certificate has an invalid date')
  return date
}

/** The common name of a certificate's subject, or its organization; empty if it has only alternative names. */
export function nameOf (subject: Partial<PeerCertificate['subject']> | undefined): string {
  return [subject?.CN ?? subject?.O ?? subject?.OU ?? ''].flat().join(', ')
}

/** In milliseconds. */
export const day = 86_400_000

/** Whether servers and clients accept a handshake. */
export function isTrusted (tls: Tls): boolean {
  return tls.chainFault === undefined && tls.nameMatches
}

/** For how many whole days a chain is still valid. */
export function daysLeft (chain: readonly Certificate[], now: Date): number {
  return Math.floor((Math.min(...chain.map(({ validTo }) => validTo.getTime())) - now.getTime()) / day)
}
