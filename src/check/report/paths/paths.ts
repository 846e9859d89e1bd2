import type { Facts } from '../../gather/gather.ts'
import type { Finding } from '../../judge/finding.ts'
import { buildClientPath } from './client-path.ts'
import { addFindings } from './hop.ts'
import type { Hop, PlainHop } from './hop.ts'
import { placeFinding } from './placement.ts'
import type { PathName } from './placement.ts'
import { buildServerPath } from './server-path.ts'

/** The ways of other servers and of clients, hop by hop; null if the check left one out. */
export interface Paths {
  readonly federation: readonly Hop[] | null
  readonly clients: readonly Hop[] | null
}

export function buildPaths (facts: Facts, findings: readonly Finding[], now: Date): Paths {
  const judge = (path: PathName, hops: readonly PlainHop[]): Hop[] => hops.map(hop =>
    addFindings(hop, findings.filter(finding =>
      placeFinding(finding, path, facts) === hop.hop && isFelt(finding, path, hop))))
  const { federation, client } = facts
  return {
    federation: federation === undefined ? null : judge('federation', buildServerPath(facts, federation, now)),
    clients: client === undefined ? null : judge('clients', buildClientPath(facts, client, now))
  }
}

/** A name in a certificate may be wrong for servers and right for clients, although both connect to that host. */
function isFelt ({ area }: Finding, path: PathName, { hop, state }: PlainHop): boolean {
  return area === path || state !== 'works' || hop === 'server-name' || hop === 'well-known'
}
