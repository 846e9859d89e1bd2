/** Something that was asked for. It never rejects. */
export interface Asked<Value> {
  readonly result: Promise<Value>
}

interface Entry<Question> {
  readonly asked: Question
  /** When it was asked. */
  readonly start: number
  weight: number
  /** Ends the time for which the result is kept; undefined while it is pending. */
  expiry: NodeJS.Timeout | undefined
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

  /**
   * What was asked with this key, or else what `ask` asks now.
   *
   * @param since only what was asked after this counts, as `performance.now()` has it.
   */
  get (key: string, ask: () => Question, since = -Infinity): Question {
    const known = this.#entries.get(key)
    if (known === undefined || known.start <= since) return this.#start(key, ask())
    this.#entries.delete(key)
    this.#entries.set(key, known)
    return known.asked
  }

  #start (key: string, asked: Question): Question {
    const { time, weigh } = this.#options
    this.#remove(key)
    const entry: Entry<Question> = { asked, start: performance.now(), weight: 0, expiry: undefined }
    this.#entries.set(key, entry)
    asked.result.then(value => {
      // It may have been asked again since.
      if (this.#entries.get(key) !== entry) return
      if (time === 0) return this.#remove(key)
      entry.expiry = setTimeout(() => this.#remove(key), time).unref()
      entry.weight = weigh(value)
      this.#weight += entry.weight
      this.#dropOldest()
    })
    return asked
  }

  #dropOldest (): void {
    for (const [key, { expiry }] of this.#entries) {
      if (this.#weight <= this.#options.maxWeight) return
      if (expiry !== undefined) this.#remove(key)
    }
  }

  #remove (key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    clearTimeout(entry.expiry)
    this.#entries.delete(key)
    this.#weight -= entry.weight
  }
}
