/** Lets at most `count` tasks run at the same time; the others wait in order. Tasks that have left don't count. */
export class Slots {
  readonly #waiting: Array<() => void> = []
  #free: number

  constructor (count: number) {
    this.#free = count
  }

  /** @param task gets a function that lets the next task start early, because this one waits for something. */
  async run<Value> (task: (leave: () => void) => Promise<Value>): Promise<Value> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    let hasLeft = false
    const leave = (): void => {
      if (!hasLeft) this.#pass()
      hasLeft = true
    }
    try {
      return await task(leave)
    } finally {
      leave()
    }
  }

  #pass (): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
