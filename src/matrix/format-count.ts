/** A whole number with commas between thousands. `toLocaleString` would load ICU, which takes 10 ms. */
export function formatCount (count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}

/** The same with a noun whose plural ends in s: `1 site`, `1,000 sites`. */
export function countNouns (count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}
