import type { Facts } from '../gather/gather.ts'
import { dendrite } from './dendrite.ts'
import { elementWeb } from './element-web.ts'
import { elementX } from './element-x.ts'
import { mautrixGo, mautrixPython } from './mautrix.ts'
import { nio } from './nio.ts'
import type { ReaderOutcome } from './outcome.ts'
import type { Reader } from './reader.ts'
import { specification } from './specification.ts'
import { synapse } from './synapse.ts'
import { tuwunel } from './tuwunel.ts'

/** The readers that a report lists, by id, the most common of each kind first. */
export const readers = {
  synapse,
  dendrite,
  tuwunel,
  specification,
  'element-web': elementWeb,
  'element-x': elementX,
  'mautrix-go': mautrixGo,
  'mautrix-python': mautrixPython,
  nio
} as const satisfies Record<string, Reader>

export type ReaderId = keyof typeof readers

export const readerIds = Object.keys(readers) as ReaderId[]

/** What each reader achieves; those whose part was left out are missing. */
export type ReaderOutcomes = ReadonlyMap<ReaderId, ReaderOutcome>

/** Follows what was gathered as each reader does. */
export function followReaders (facts: Facts, now: Date): ReaderOutcomes {
  return new Map(readerIds.flatMap(id => {
    const outcome = readers[id].follow(facts, now)
    return outcome === undefined ? [] : [[id, outcome] as const]
  }))
}
