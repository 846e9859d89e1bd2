const units: ReadonlyArray<readonly [name: string, seconds: number]> =
  [['days', 86_400], ['hours', 3600], ['minutes', 60], ['seconds', 1]]

/** A span of time in a unit that fits: `48 hours`. */
export function formatSpan (seconds: number): string {
  const [name, length] = units.find(([, length]) => seconds === length || seconds >= 2 * length) ?? ['seconds', 1]
  const count = Math.round(seconds / length)
  return `${count} ${count === 1 ? name.slice(0, -1) : name}`
}
