/** HOSTILE=short, as in CI, runs the same tests with smaller numbers. */
const short = process.env.HOSTILE === 'short'

/** A number for the full run, or the smaller one for the short run. */
export function count (full: number, inShort: number): number {
  return short ? inShort : full
}

/** The seed of generated cases: SEED to repeat a run, otherwise a new one. */
export const seed = Number(process.env.SEED ?? Date.now() % 1e9)
