/** HOSTILE=short is for the gate: the same tests with less of everything. */
const short = process.env.HOSTILE === 'short'

/** How many of something there are, in full and in short. */
export function count (full: number, inShort: number): number {
  return short ? inShort : full
}

/** What makes a run of generated cases repeatable: SEED, or one of its own. */
export const seed = Number(process.env.SEED ?? Date.now() % 1e9)
