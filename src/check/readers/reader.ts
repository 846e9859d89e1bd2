import type { Facts } from '../gather/gather.ts'
import type { ReaderOutcome } from './outcome.ts'

/** A real client or server, or a family of them that behave alike. */
export interface Reader {
  /** How people call it. */
  readonly name: string
  readonly kind: 'server' | 'client'
  /** What it achieves with what was gathered; undefined if the check left its part out. */
  readonly follow: (facts: Facts, now: Date) => ReaderOutcome | undefined
}
