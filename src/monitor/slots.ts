/** How many tasks can wait for something else without a slot, each with what it has found so far. */
const maxWaiting = 100

/** Lets at most `count` tasks run at the same time; the others wait in order. Some that wait don't count. */
export class Slots {
  readonly #waiting: Array<() => void> = []
  #free: number
  #left = 0

  constructor (count: number) {
    this.#free = count
  }

  /** @param task gets a function that lets the next task start early, because this one waits for something. */
  async run<Value> (task: (leave: () => void) => Promise<Value>): Promise<Value> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    let hasLeft = false
    const leave = (): void => {
      if (hasLeft || this.#left === maxWaiting) return
      hasLeft = true
      this.#left++
      this.#pass()
    }
    try {
      return await task(leave)
    } finally {
      if (hasLeft) this.#left--
      else this.#pass()
    }
  }

  #pass (): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
