import { daysLeft } from '../network/certificate.ts'
import { buildFinding } from './finding.ts'
import type { Area, Finding, FindingId } from './finding.ts'
import type { Certificate, Tls } from '../network/certificate.ts'

/** What a handshake was for. */
export interface Purpose {
  readonly area: Area
  /** Host, port and address, for people. */
  readonly subject: string
  /** The target of the SRV record that led here, where one did. */
  readonly srvTarget?: string | undefined
}

/** Tools renew when a third of a certificate's time is left, as a rule; with this much less something is stuck. */
const soon = { days: 14, share: 1 / 6 }

/** What is wrong with a certificate. */
export function judgeTls (tls: Tls, purpose: Purpose, now: Date): Finding[] {
  const findings: Finding[] = []
  if (tls.chainFault !== undefined) findings.push(judgeChain(tls, tls.chainFault, purpose))
  if (!tls.nameMatches) findings.push(judgeName(tls, purpose))
  const days = daysLeft(tls.chain.slice(0, 1), now)
  if (tls.chainFault === undefined && days < soon.days && isNearItsEnd(tls.chain[0], now)) {
    findings.push(buildFinding('certificate.expires-soon', {
      ...about(purpose),
      what: `The certificate expires in ${days < 1 ? 'less than a day' : days === 1 ? 'a day' : `${days} days`}, on ${formatDay(tls.chain[0])}.`,
      change: 'Renew it, and see why that has not happened by itself.',
      evidence: { validTo: tls.chain[0].validTo, daysLeft: days }
    }))
  }
  return findings
}

/** Of a certificate for some days, or hours, a day may be a good part of its time. */
function isNearItsEnd ({ validFrom, validTo }: Certificate, now: Date): boolean {
  const [from, to] = [validFrom.getTime(), validTo.getTime()]
  return to - now.getTime() < soon.share * (to - from)
}

/** OpenSSL's codes, by the finding that each is. */
const chainFaults: Readonly<Record<string, FindingId>> = {
  CERT_HAS_EXPIRED: 'certificate.expired',
  CERT_NOT_YET_VALID: 'certificate.not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate.self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate.incomplete',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate.incomplete'
}

function judgeChain ({ chain, names }: Tls, code: string, purpose: Purpose): Finding {
  const id = chainFaults[code] ?? 'certificate.untrusted'
  const [own] = chain
  // Newer certificates have alternative names alone.
  const name = own.subject === '' ? list(names) : own.subject
  const issuer = chain.map(({ issuer }) => issuer).at(-1)
  const expired = chain.reduce((left, right) => right.validTo < left.validTo ? right : left)
  const words: Partial<Record<FindingId, [what: string, change: string]>> = {
    'certificate.expired': expired === own
      ? [`The certificate for ${name} has expired, on ${formatDay(own)}.`, 'Renew it and reload the server.']
      : [`The intermediate certificate of ${expired.subject} has expired, on ${formatDay(expired)}.`, 'Serve the chain that your authority offers today.'],
    'certificate.not-yet-valid': [
      `The certificate for ${name} is valid from ${own.validFrom.toISOString()} on.`,
      'See whether the clocks of both machines are right.'
    ],
    'certificate.self-signed': [
      `The certificate for ${name} is signed by itself.`,
      "Get one from an authority that everybody trusts, such as Let's Encrypt; it may be a default that the server falls back to."
    ],
    'certificate.incomplete': [
      `The certificate is signed by ${issuer}, whose own certificate is not sent along.`,
      'Serve the full chain: fullchain.pem instead of cert.pem. An authority of your own is trusted with --ca.'
    ]
  }
  const [what, change] = words[id] ?? [
    `The certificate is not trusted: ${issuer} is not known here (${code}).`,
    'Get one from an authority that everybody trusts; for one of your own give its certificate with --ca.'
  ]
  return buildFinding(id, { ...about(purpose), what, change, evidence: { code, chain } })
}

function judgeName ({ names, expectedName }: Tls, purpose: Purpose): Finding {
  const { srvTarget } = purpose
  const presented = names.length === 0 ? 'no name at all' : list(names)
  const evidence = { expected: expectedName, presented: names }
  if (srvTarget !== undefined && names.includes(srvTarget)) {
    return buildFinding('certificate.srv-target', {
      ...about(purpose),
      what: `The certificate is for ${presented}, the target of the SRV record, and has to be for ${expectedName}.`,
      change: `Get a certificate for ${expectedName} for this server, or delegate by well-known to ${srvTarget}:443.`,
      evidence
    })
  }
  return buildFinding('certificate.name', {
    ...about(purpose),
    what: `The certificate is for ${presented}, not for ${expectedName}.`,
    change: `Get a certificate for ${expectedName}, or have this server present it for that name.`,
    evidence
  })
}

function about ({ area, subject }: Purpose): { area: Area, subject: string } {
  return { area, subject }
}

function list (names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

function formatDay ({ validTo }: Certificate): string {
  return validTo.toISOString().slice(0, 10)
}
