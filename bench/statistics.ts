/** The median of several measurements, and between which values the middle half of them lies. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

export function summarise (values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right)
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) }
}

function quantile (sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1)
  const [below = NaN, above = below] = sorted.slice(Math.floor(position))
  return below + (above - below) * (position % 1)
}

export function shuffle<Item> (items: readonly Item[]): Item[] {
  return items.map(item => ({ item, key: Math.random() })).toSorted((left, right) => left.key - right.key).map(({ item }) => item)
}
