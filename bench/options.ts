import { parseArgs } from 'node:util'

export const sections = ['throughput', 'start', 'memory'] as const
export type Section = typeof sections[number]

/** How long all of it takes. Durations are in seconds. */
export interface Plan {
  readonly sections: readonly Section[]
  /** Only shows that it runs: on the newest Node alone, and nothing is written. */
  readonly smoke: boolean
  /** How often all servers are started anew: some are faster than others of their kind for as long as they live. */
  readonly sets: number
  readonly warmUp: number
  /** Of each set. */
  readonly rounds: number
  /** Of load before each slice: V8 forgets some of what it has compiled while a server has nothing to do. */
  readonly wake: number
  readonly slice: number
  readonly starts: number
  /** How often memory at rest is measured, and how long after the first answer. */
  readonly rests: number
  readonly settle: number
  /** Of the load after which memory is measured again. */
  readonly load: number
}

const full = { sets: 2, warmUp: 5, rounds: 4, wake: 1, slice: 2, starts: 11, rests: 3, settle: 1, load: 60 }
const short = { sets: 1, warmUp: 5, rounds: 3, wake: 1, slice: 1, starts: 3, rests: 1, settle: 1, load: 5 }
const smoke = { sets: 1, warmUp: 0, rounds: 1, wake: 0, slice: 1, starts: 1, rests: 1, settle: 0.2, load: 1 }

/** The command line is wrong; the message says what it may be. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @throws {UsageError} */
export function parseOptions (args: string[]): Plan {
  const { only, ...values } = parse(args)
  const chosen = only === undefined ? sections : sections.filter(section => section === only)
  if (chosen.length === 0) throw new UsageError(`--only ${only}: there is no such part, write one of ${sections.join(', ')}`)
  return { ...values.smoke ? smoke : values.short ? short : full, smoke: values.smoke ?? false, sections: chosen }
}

function parse (args: string[]): { short?: boolean, smoke?: boolean, only?: string } {
  try {
    return parseArgs({ args, options: { short: { type: 'boolean' }, smoke: { type: 'boolean' }, only: { type: 'string' } } }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n--short, --smoke and --only PART are all there is`)
  }
}
