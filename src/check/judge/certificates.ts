import { isIP } from 'node:net'
import { countNouns } from '../../matrix/format-count.ts'
import { listSome } from '../../matrix/list-some.ts'
import { daysLeft } from '../network/certificate.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import type { Certificate, Tls } from '../network/certificate.ts'
import { references } from './references.ts'

const refused = 'Servers and clients refuse the connection.'

export const certificateFindings = {
  'certificate.expired': {
    severity: 'warning',
    title: 'The certificate, or one in its chain, has expired',
    why: refused,
    specification: references.tls,
    what: ({ name, intermediate, validTo }: { name: string, intermediate: string | undefined, validTo: Date }) =>
      intermediate === undefined
        ? `The certificate for ${name} expired on ${formatDay(validTo)}.`
        : `The intermediate certificate of ${intermediate} expired on ${formatDay(validTo)}.`,
    fix: ({ intermediate }: { intermediate: string | undefined }) => intermediate === undefined
      ? 'Renew it and reload the server.'
      : 'Serve the chain that your certificate authority offers now.',
    example: { name: 'matrix.example.com', intermediate: undefined, validTo: new Date('2026-01-31') }
  },
  'certificate.not-yet-valid': {
    severity: 'warning',
    title: "The certificate, or one in its chain, isn't valid yet",
    why: refused,
    specification: references.tls,
    what: ({ name, validFrom }: { name: string, validFrom: Date }) =>
      `The certificate for ${name} is valid from ${validFrom.toISOString()}.`,
    fix: 'Check the clocks of both machines.',
    example: { name: 'matrix.example.com', validFrom: new Date('2026-01-31') }
  },
  'certificate.name': {
    severity: 'warning',
    title: 'The certificate is for another name',
    why: refused,
    specification: references.tls,
    what: ({ names, expectedName }: CertificateNameParts) =>
      `The certificate is for ${names.length === 0 ? 'no name' : listSome(names)}, not for ${expectedName}.`,
    fix: ({ names, expectedName, isInUrl, stray }: CertificateNameParts & StrayParts) => {
      const name = names.find(each => isIP(each) === 0 && !each.startsWith('*'))
      return name === undefined || isIP(expectedName) === 0
        ? `Get a certificate for ${expectedName}, or configure this server to use it for that name.` +
          (stray === undefined ? '' : ` If it isn't the server that is meant, remove the address ${stray} from DNS.`)
        : `${isInUrl ? 'Write' : 'Set m.server to'} the name ${name} instead of the address` +
          `${isInUrl ? ' in the URL' : ''}, or get a certificate for ${expectedName}.`
    },
    example: { names: ['www.example.com'], expectedName: 'matrix.example.com', isInUrl: false, stray: undefined }
  },
  'certificate.srv-target': {
    severity: 'warning',
    title: 'The certificate is for the target of the SRV record, not for the delegated name',
    why: 'Other servers verify the name that they looked up, never the target.',
    specification: references.discoverySrv,
    what: ({ names, expectedName }: CertificateNameParts) =>
      `The certificate is for ${listSome(names)}, the target of the SRV record. It must be for ${expectedName}.`,
    fix: ({ expectedName, srvTarget }: CertificateNameParts & { srvTarget: string }) =>
      `Get a certificate for ${expectedName} for this server, or delegate with a well-known document to ` +
      `${srvTarget}:443.`,
    example: { names: ['matrix.example.com'], expectedName: 'example.com', srvTarget: 'matrix.example.com' }
  },
  'certificate.self-signed': {
    severity: 'warning',
    title: 'The certificate is self-signed',
    why: "Other machines don't trust it.",
    specification: references.tls,
    what: ({ name }: { name: string }) => `The certificate for ${name} is self-signed.`,
    fix: "Get one from a public authority such as Let's Encrypt. " +
      'This one may be a default that the server falls back to.',
    example: { name: 'localhost' }
  },
  'certificate.incomplete': {
    severity: 'warning',
    title: "The server doesn't send the intermediate certificate",
    why: "Browsers often have it cached. Servers don't, and refuse the connection.",
    specification: references.tls,
    what: ({ issuer }: { issuer: string }) =>
      `The certificate is signed by ${issuer}, but the server doesn't send the certificate of ${issuer}.`,
    fix: 'Serve the full chain: fullchain.pem instead of cert.pem. To trust an authority of your own, use --ca.',
    example: { issuer: "Let's Encrypt R11" }
  },
  'certificate.untrusted': {
    severity: 'warning',
    title: "The certificate isn't trusted",
    why: refused,
    specification: references.tls,
    what: ({ issuer, code }: { issuer: string, code: string }) =>
      `The certificate isn't trusted: ${issuer} is unknown here (${code}).`,
    fix: 'Get one from a public authority. To trust an authority of your own, use --ca.',
    example: { issuer: 'Example CA', code: 'SELF_SIGNED_CERT_IN_CHAIN' }
  },
  'certificate.expires-soon': {
    severity: 'warning',
    title: 'The certificate expires within two weeks',
    why: 'Servers and clients will then refuse the connection. Most tools renew earlier, so renewal may be stuck.',
    specification: references.tls,
    what: ({ days, validTo }: { days: number, validTo: Date }) =>
      `The certificate expires in ${formatDays(days)}, on ${formatDay(validTo)}.`,
    fix: "Renew it, and find out why it wasn't renewed automatically.",
    example: { days: 5, validTo: new Date('2026-01-31') }
  }
} as const satisfies FindingKinds

export interface CertificateNameParts {
  /** Those that the certificate is for. */
  readonly names: readonly string[]
  readonly expectedName: string
}

export interface StrayParts {
  /** Whether an address is used as the name in a URL. */
  readonly isInUrl: boolean
  /** The address, if the name has others, too. */
  readonly stray: string | undefined
}

function formatDay (date: Date): string {
  return date.toISOString().slice(0, 10)
}

function formatDays (days: number): string {
  if (days < 1) return 'less than a day'
  return countNouns(days, 'day')
}

const find = findingBuilder(certificateFindings)

/** What a connection was made for. */
export interface Purpose extends Context {
  /** The target of the SRV record that led here, if one did. */
  readonly srvTarget?: string | undefined
  /** Whether the host has other addresses, too. */
  readonly isOneOfSeveral?: boolean
}

/** Tools usually renew when a third of a certificate's lifetime is left; with much less, something is stuck. */
const soon = { days: 14, share: 1 / 6 }

/** What is wrong with a certificate. */
export function judgeCertificate (tls: Tls, purpose: Purpose, now: Date): Finding[] {
  const { area, about } = purpose
  const context = { area, about }
  const findings: Finding[] = []
  if (tls.chainFault !== undefined) findings.push(judgeChain(tls, tls.chainFault, context))
  if (!tls.nameMatches) findings.push(judgeCertificateName(tls, purpose))
  const days = daysLeft(tls.chain.slice(0, 1), now)
  if (tls.chainFault === undefined && days < soon.days && isNearItsEnd(tls.chain[0], now)) {
    const { validTo } = tls.chain[0]
    const evidence = { validTo, daysLeft: days }
    findings.push(find('certificate.expires-soon', { ...context, parts: { days, validTo }, evidence }))
  }
  return findings
}

/** For a certificate that lives for some days or hours, a day may be a large part of its lifetime. */
function isNearItsEnd ({ validFrom, validTo }: Certificate, now: Date): boolean {
  const [from, to] = [validFrom.getTime(), validTo.getTime()]
  return to - now.getTime() < soon.share * (to - from)
}

/** @param code OpenSSL's, of what is wrong with the chain. */
function judgeChain ({ chain, names }: Tls, code: string, context: Context): Finding {
  const [own] = chain
  // Newer certificates have alternative names only.
  const name = own.subject === '' ? listSome(names) : own.subject
  const issuer = String(chain.at(-1)?.issuer)
  const details = { ...context, evidence: { code, chain } }
  switch (code) {
    case 'CERT_HAS_EXPIRED': {
      const expired = chain.reduce((left, right) => right.validTo < left.validTo ? right : left)
      const intermediate = expired === own ? undefined : expired.subject
      return find('certificate.expired', { ...details, parts: { name, intermediate, validTo: expired.validTo } })
    }
    case 'CERT_NOT_YET_VALID':
      return find('certificate.not-yet-valid', { ...details, parts: { name, validFrom: own.validFrom } })
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return find('certificate.self-signed', { ...details, parts: { name } })
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return find('certificate.incomplete', { ...details, parts: { issuer } })
    default:
      return find('certificate.untrusted', { ...details, parts: { issuer, code } })
  }
}

function judgeCertificateName (
  { names, expectedName }: Tls,
  { area, about, srvTarget, isOneOfSeveral }: Purpose
): Finding {
  const details = { area, about, evidence: { expected: expectedName, presented: names } }
  const isInUrl = isIP(expectedName) !== 0 && area === 'clients'
  const stray = isOneOfSeveral === true ? about.address : undefined
  return srvTarget !== undefined && names.includes(srvTarget)
    ? find('certificate.srv-target', { ...details, parts: { names, expectedName, srvTarget } })
    : find('certificate.name', { ...details, parts: { names, expectedName, isInUrl, stray } })
}
