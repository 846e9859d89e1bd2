/** A span of time for people: `48 hours`. */
export function formatSpan (seconds: number): string {
  const units: [name: string, length: number][] = [['days', 86_400], ['hours', 3600], ['minutes', 60], ['seconds', 1]]
  const [name, length] = units.find(([, length]) => seconds === length || seconds >= 2 * length) ?? ['seconds', 1]
  const count = Math.round(seconds / length)
  return `${count} ${count === 1 ? name.slice(0, -1) : name}`
}
