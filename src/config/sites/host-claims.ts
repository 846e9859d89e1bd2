import { quote } from '../../matrix/printable.ts'
import type { Fault } from '../fault.ts'

/** The hosts at which a file wants its documents served: that of its server name first, then its aliases. */
export interface Claim {
  readonly file: string
  /** Normalized, without duplicates. */
  readonly hosts: readonly string[]
}

/**
 * The faults of files that claim the same host as another file, by file: each names the others.
 *
 * @param findOwner finds who already has a host, other than these files.
 */
export function findHostConflicts (
  claims: Iterable<Claim>, findOwner: (host: string) => Claim | undefined
): Map<string, Fault[]> {
  const first = new Map<string, Claim>()
  const contested = new Map<string, Set<Claim>>()
  for (const claim of claims) {
    for (const host of claim.hosts) {
      const other = findOwner(host) ?? first.get(host)
      if (other === undefined) first.set(host, claim)
      else contested.set(host, (contested.get(host) ?? new Set([other])).add(claim))
    }
  }
  const faults = new Map<string, Fault[]>()
  for (const [host, claimants] of contested) {
    for (const claim of claimants) {
      const known = faults.get(claim.file)
      const fault = explainConflict(host, claim, claimants)
      if (known === undefined) faults.set(claim.file, [fault])
      else known.push(fault)
    }
  }
  return faults
}

/**
 * Takes claims away until none of them conflicts with another, or with a file that has a host already.
 *
 * @param candidates by file; those that conflict are removed.
 * @param findOwner finds who has a host and keeps it as long as `candidates` doesn't replace that file.
 * @returns the faults of the files in conflict, those that have a host included.
 */
export function removeConflicts (
  candidates: Map<string, Claim>, findOwner: (host: string) => Claim | undefined
): Map<string, Fault[]> {
  const faults = new Map<string, Fault[]>()
  for (;;) {
    const conflicts = findHostConflicts(candidates.values(), host => {
      const owner = findOwner(host)
      return owner !== undefined && candidates.has(owner.file) ? undefined : owner
    })
    if (conflicts.size === 0) return faults
    for (const [file, found] of conflicts) {
      faults.set(file, [...faults.get(file) ?? [], ...found])
      // It keeps its earlier version, and the hosts of that one.
      candidates.delete(file)
    }
  }
}

/** How many other files a fault names: thousands may be copies of one. */
const maxNamed = 3

function explainConflict (host: string, claim: Claim, claimants: ReadonlySet<Claim>): Fault {
  const names: string[] = []
  for (const other of claimants) {
    if (names.length === maxNamed) break
    if (other !== claim) names.push(`${other.file} (${variableOf(host, other)})`)
  }
  const more = claimants.size - 1 - names.length
  if (more > 0) names.push(`${more} more`)
  const variable = variableOf(host, claim)
  const message = `${variable} has the host ${quote(host)}, which is also in ${names.join(', ')}; keep it in only one`
  return { variable, message }
}

function variableOf (host: string, { hosts: [first] }: Claim): 'SERVER_NAME' | 'HOST_ALIASES' {
  return host === first ? 'SERVER_NAME' : 'HOST_ALIASES'
}
