import type { DocumentName } from '../../site/documents.ts'

/**
 * What a reader achieves: a server can send events to the homeserver, a client can log in. `asks`: the client asks the
 * user for the homeserver's address. `sometimes`: it depends, for example on the address that is tried first.
 * `unknown`: it could not be checked.
 */
export type Outcome = 'works' | 'asks' | 'fails' | 'sometimes' | 'unknown'

/** Why an outcome is not `works`: the findings that explain it, one of which is reported. */
export interface Cause {
  /** Ids of findings. */
  readonly findings: readonly string[]
  /** What the finding is about, as far as it matters. */
  readonly about: {
    readonly document?: DocumentName
    readonly host?: string
    readonly port?: number
    readonly address?: string
    readonly record?: string
  }
}

/** The outcome of a reader, and its causes, the deciding one first. */
export interface ReaderOutcome {
  readonly outcome: Outcome
  readonly causes: readonly Cause[]
  /** It fails only because others can't reach the addresses. */
  readonly worksFromHere?: true
}

export const works: ReaderOutcome = { outcome: 'works', causes: [] }

export function because (outcome: Outcome, ...causes: readonly Cause[]): ReaderOutcome {
  return { outcome, causes }
}

/**
 * What is left if it is random which of several outcomes a reader gets: if they differ, `sometimes`, or `unknown` if it
 * may never work.
 */
export function combineAlternatives (
  outcomes: readonly ReaderOutcome[],
  ...ifTheyDiffer: readonly Cause[]
): ReaderOutcome {
  const causes = outcomes.flatMap(({ causes }) => causes)
  const found = new Set(outcomes.map(({ outcome }) => outcome))
  const [first = 'unknown', ...others] = found
  if (others.length === 0) return because(first, ...causes)
  const isHopeful = (['works', 'asks', 'sometimes'] as const).some(outcome => found.has(outcome))
  return because(isHopeful ? 'sometimes' : 'unknown', ...ifTheyDiffer, ...causes)
}

/** The cause that is one of these findings about a document. */
export function aboutDocument (document: DocumentName, ...findings: readonly string[]): Cause {
  return { findings, about: { document } }
}
