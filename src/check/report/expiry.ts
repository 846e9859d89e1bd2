import { day } from '../network/certificate.ts'
import type { Report, ReportedTls } from './report.ts'

/** How long the certificates on the way are valid. */
export interface Expiry {
  /** When the first of them ends, in milliseconds since 1970. */
  readonly end: number
  /** Whole days until then. */
  readonly days: number
  /** With fewer days left, renewal is probably stuck, or urgent. */
  readonly warningDays: number
  readonly criticalDays: number
}

/** Tools renew when a third of the lifetime is left. For certificates that live for a year, these are enough. */
const longest = { warning: 14, critical: 7 }

/** The certificate that ends first, of all hosts of a report; undefined if there was no TLS handshake. */
export function findExpiry ({ hosts, federation, clients }: Report): Expiry | undefined {
  const all = [hosts, federation?.addresses ?? [], clients?.addresses ?? []].flat()
    .flatMap(({ tls }) => tls === null ? [] : [tls])
  const [first] = all.toSorted((left, right) => Date.parse(left.validTo) - Date.parse(right.validTo))
  return first === undefined ? undefined : describeExpiry(first)
}

function describeExpiry ({ validFrom, validTo, daysLeft }: ReportedTls): Expiry {
  const end = Date.parse(validTo)
  const lifetime = (end - Date.parse(validFrom)) / day
  return {
    end,
    days: daysLeft,
    warningDays: Math.min(longest.warning, Math.floor(lifetime / 6)),
    criticalDays: Math.min(longest.critical, Math.floor(lifetime / 12))
  }
}
