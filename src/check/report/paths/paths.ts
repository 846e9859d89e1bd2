import type { Facts } from '../../gather/gather.ts'
import type { Finding, Severity } from '../../judge/finding.ts'
import { readers } from '../../readers/readers.ts'
import type { ReaderOutcomes } from '../../readers/readers.ts'
import { buildClientPath } from './client-path.ts'
import { addFindings } from './hop.ts'
import type { Hop, PlainHop } from './hop.ts'
import { placeFinding, travellers } from './placement.ts'
import type { PathName } from './placement.ts'
import { buildServerPath } from './server-path.ts'

/** The ways of other servers and of clients, hop by hop; null if the check left one out. */
export interface Paths {
  readonly federation: readonly Hop[] | null
  readonly clients: readonly Hop[] | null
}

export function buildPaths (facts: Facts, outcomes: ReaderOutcomes, findings: readonly Finding[], now: Date): Paths {
  const judge = (path: PathName, hops: readonly PlainHop[]): Hop[] => hops.map(hop =>
    addFindings(hop, findings
      .filter(finding => placeFinding(finding, path, facts) === hop.hop && isFelt(finding, path, hop))
      .map(finding => ({ ...finding, severity: severityOn(path, finding, outcomes) }))))
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

/** A failure of servers is only a warning to clients that don't fail, and the other way round. */
function severityOn (path: PathName, { severity, readers: affected }: Finding, outcomes: ReaderOutcomes): Severity {
  if (severity !== 'failure' || affected.length === 0) return severity
  return affected.some(id => readers[id].kind === travellers[path] && outcomes.get(id)?.outcome === 'fails')
    ? severity
    : 'warning'
}
