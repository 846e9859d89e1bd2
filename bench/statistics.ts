/** The median of several measurements, and the quartiles: the middle half is between them. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** Measurements of several subjects, one of each per round. */
export class Samples<Subject extends { readonly reference?: Subject }> {
  readonly #values = new Map<Subject, number[]>()

  add (subject: Subject, value: number): void {
    this.#values.set(subject, [...this.#values.get(subject) ?? [], value])
  }

  spread (subject: Subject): Spread {
    return summarize(this.#values.get(subject) ?? [])
  }

  /** The median ratio to the reference in the same round: what slows the whole machine cancels out. */
  ratio (subject: Subject, reference = subject.reference ?? subject): number {
    const references = this.#values.get(reference) ?? []
    const ratios = (this.#values.get(subject) ?? []).map((value, round) => value / (references[round] ?? NaN))
    return summarize(ratios).median
  }
}

export function summarize (values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right)
  const quantile = (share: number): number => {
    const position = share * (sorted.length - 1)
    const [below = NaN, above = below] = sorted.slice(Math.floor(position))
    return below + (above - below) * (position % 1)
  }
  return { median: quantile(0.5), low: quantile(0.25), high: quantile(0.75) }
}

export function shuffle<Item> (items: readonly Item[]): Item[] {
  const keyed = items.map(item => ({ item, key: Math.random() }))
  return keyed.toSorted((left, right) => left.key - right.key).map(({ item }) => item)
}
