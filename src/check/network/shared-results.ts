/** Something that was asked for. It never rejects. */
export interface Asked<Value> {
  readonly result: Promise<Value>
}

interface Entry<Question> {
  readonly asked: Question
  /** Infinite while the result is pending. */
  expires: number
  weight: number
}

export interface SharedResultsOptions<Value> {
  /** How long a result is kept, in milliseconds. */
  readonly time: number
  /** How much is kept, as the sum of weights: the results that were used longest ago go first. */
  readonly maxWeight: number
  readonly weigh: (value: Value) => number
}

/** Results that several checks need. Each is asked for once: it is shared while it is pending, and some time after. */
export class SharedResults<Value, Question extends Asked<Value> = Asked<Value>> {
  readonly #options: SharedResultsOptions<Value>
  /** From the least to the most recently used. */
  readonly #entries = new Map<string, Entry<Question>>()
  #weight = 0

  constructor (options: SharedResultsOptions<Value>) {
    this.#options = options
  }

  /** What was asked with this key, or else what `ask` asks now. */
  get (key: string, ask: () => Question): Question {
    const known = this.#entries.get(key)
    if (known !== undefined) this.#remove(key, known)
    const entry = known !== undefined && known.expires > performance.now() ? known : this.#start(key, ask())
    this.#entries.set(key, entry)
    this.#weight += entry.weight
    return entry.asked
  }

  #start (key: string, asked: Question): Entry<Question> {
    const { time, weigh } = this.#options
    const entry = { asked, expires: Infinity, weight: 0 }
    asked.result.then(value => {
      entry.expires = performance.now() + time
      entry.weight = weigh(value)
      this.#weight += entry.weight
      if (time === 0) this.#remove(key, entry)
      this.#dropOldest()
    })
    return entry
  }

  #dropOldest (): void {
    for (const [key, entry] of this.#entries) {
      if (this.#weight <= this.#options.maxWeight) return
      if (entry.expires !== Infinity) this.#remove(key, entry)
    }
  }

  #remove (key: string, { weight }: Entry<Question>): void {
    this.#entries.delete(key)
    this.#weight -= weight
  }
}
