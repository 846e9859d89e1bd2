import type { Report, ReportedTls } from './report.ts'

/** How long the certificates on the way are valid. */
export interface Expiry {
  /** Whole days until the first of them ends. */
  readonly days: number
  /** With fewer days left, renewal is probably stuck, or urgent. */
  readonly warningDays: number
  readonly criticalDays: number
}

/** Tools renew when a third of the lifetime is left. For certificates that live for a year, these are enough. */
const longest = { warning: 14, critical: 7 }

const day = 86_400_000

/** The certificate that ends first, of all hosts of a report; undefined if there was no TLS handshake. */
export function findExpiry ({ hosts, federation, clients }: Report): Expiry | undefined {
  const all = [hosts, federation?.addresses ?? [], clients?.addresses ?? []].flat()
    .flatMap(({ tls }) => tls === null ? [] : [tls])
  const [first] = all.toSorted((left, right) => left.daysLeft - right.daysLeft)
  return first === undefined ? undefined : describeExpiry(first)
}

function describeExpiry ({ validFrom, validTo, daysLeft }: ReportedTls): Expiry {
  const lifetime = (Date.parse(validTo) - Date.parse(validFrom)) / day
  return {
    days: daysLeft,
    warningDays: Math.min(longest.warning, Math.floor(lifetime / 6)),
    criticalDays: Math.min(longest.critical, Math.floor(lifetime / 12))
  }
}
