import type { Facts } from '../gather/gather.ts'
import type { Finding, FindingId, Severity } from '../judge/finding.ts'
import { findDecidingFinding } from '../judge/rate.ts'
import type { Outcome, ReaderOutcome } from '../readers/outcome.ts'
import { readerIds, readers } from '../readers/readers.ts'
import type { ReaderId, ReaderOutcomes } from '../readers/readers.ts'
import { describeReason } from './finding-text.ts'

/** What one reader achieves, and the finding that decides it if it doesn't work. */
export interface ReaderVerdict {
  readonly name: string
  readonly outcome: Outcome
  readonly finding: FindingId | null
  /** The finding in a few words. */
  readonly reason: string | null
}

/**
 * Whether something works for all readers, for some, or for none. `from-here`: the addresses are private, so it works
 * from here, not from outside. `sometimes`: it depends, for example on the address
 * that is tried first. `unknown`: it could not be checked. `unchecked`: `only` left it out.
 */
export interface Verdict {
  readonly federation: 'works' | 'partly' | 'from-here' | 'fails' | 'sometimes' | 'unknown' | 'unchecked'
  /** `asks`: users have to type the homeserver's address. `web-fails`: all clients but web clients can log in. */
  readonly clients: 'works' | 'asks' | 'web-fails' | 'partly' | 'fails' | 'sometimes' | 'unknown' | 'unchecked'
  /** By id; a reader whose part was left out is missing. */
  readonly readers: Readonly<Partial<Record<ReaderId, ReaderVerdict>>>
  readonly failures: number
  readonly warnings: number
  readonly notices: number
}

/** Sums up what readers achieve, and how many findings there are. */
export function buildVerdict (
  { federation, client }: Facts,
  outcomes: ReaderOutcomes,
  findings: readonly Finding[]
): Verdict {
  const count = (severity: Severity): number => findings.filter(finding => finding.severity === severity).length
  const verdicts = readerIds.flatMap(id => {
    const outcome = outcomes.get(id)
    return outcome === undefined ? [] : [[id, buildReaderVerdict(id, outcome, findings)] as const]
  })
  return {
    federation: federation === undefined ? 'unchecked' : summarizeServers(outcomes),
    clients: client === undefined ? 'unchecked' : summarizeClients(outcomes),
    readers: Object.fromEntries(verdicts),
    failures: count('failure'),
    warnings: count('warning'),
    notices: count('notice')
  }
}

function buildReaderVerdict (id: ReaderId, outcome: ReaderOutcome, findings: readonly Finding[]): ReaderVerdict {
  const { name } = readers[id]
  const finding = findDecidingFinding(id, outcome, findings)
  return {
    name,
    outcome: outcome.outcome,
    finding: finding?.id ?? null,
    reason: finding === undefined ? null : describeReason(finding)
  }
}

/** Whether other servers reach the homeserver, and clients can log in, as far as that was to be checked. */
export function isGood ({ federation, clients }: Pick<Verdict, 'federation' | 'clients'>): boolean {
  return ['works', 'unchecked'].includes(federation) && ['works', 'asks', 'unchecked'].includes(clients)
}

/** The servers that people run; the specification is one that nobody does. */
const realServers: readonly ReaderId[] = ['synapse', 'dendrite', 'tuwunel']

function summarizeServers (outcomes: ReaderOutcomes): Exclude<Verdict['federation'], 'unchecked'> {
  if (realServers.every(id => outcomes.get(id)?.worksFromHere === true)) return 'from-here'
  const found = new Set(realServers.map(id => outcomes.get(id)?.outcome))
  if (found.size > 1) return 'partly'
  const [only] = found
  return only === 'works' || only === 'sometimes' || only === 'fails' ? only : 'unknown'
}

function summarizeClients (outcomes: ReaderOutcomes): Exclude<Verdict['clients'], 'unchecked'> {
  const [web = 'unknown', other = 'unknown'] =
    (['element-web', 'element-x'] as const).map(id => outcomes.get(id)?.outcome)
  if (web === 'asks') return 'asks'
  if (web === other) return web
  return web === 'fails' && other === 'works' ? 'web-fails' : 'partly'
}
