import { setMaxListeners } from 'node:events'

/** A time limit that doesn't run while its owner waits for others, unless it is firm. */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #isFirm: boolean
  #left: number
  #start = 0
  #pauses = 0
  #timer: NodeJS.Timeout | undefined

  /**
   * @param time in milliseconds.
   * @param isFirm whether it goes on while its owner waits for others.
   */
  constructor (time: number, isFirm = false) {
    // Everything that its owner waits for listens to it: easily more than ten, at which Node warns.
    setMaxListeners(0, this.#controller.signal)
    this.#left = time
    this.#isFirm = isFirm
    this.#run()
  }

  /** Aborts with a `TimeoutError` when the time is up. */
  get signal (): AbortSignal {
    return this.#controller.signal
  }

  /** Waits for something that takes none of the time. */
  async pauseFor<Value> (waiting: Promise<Value>): Promise<Value> {
    if (this.#isFirm) return await waiting
    if (this.#pauses++ === 0) {
      clearTimeout(this.#timer)
      this.#left -= performance.now() - this.#start
    }
    try {
      return await waiting
    } finally {
      if (--this.#pauses === 0) this.#run()
    }
  }

  clear (): void {
    clearTimeout(this.#timer)
  }

  #run (): void {
    this.#start = performance.now()
    this.#timer = setTimeout(() => {
      this.#controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    }, this.#left).unref()
  }
}
