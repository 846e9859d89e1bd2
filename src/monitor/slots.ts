/** Lets at most `count` tasks run at the same time; the others wait in order. */
export class Slots {
  readonly #waiting: Array<() => void> = []
  #free: number

  constructor (count: number) {
    this.#free = count
  }

  async run<Value> (task: () => Promise<Value>): Promise<Value> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}
