import type { Failure } from './peer.ts'

/** Addresses and ports that couldn't be connected to, whatever the name: a thousand names wait for a dead host once. */
export class ConnectFailures {
  readonly #pause: number
  readonly #failures = new Map<string, { readonly failure: Failure, readonly time: number }>()

  /** @param pause how long they are left in peace, in milliseconds. */
  constructor (pause: number) {
    this.#pause = pause
  }

  add (place: string, failure: Failure): void {
    const entry = { failure, time: performance.now() }
    this.#failures.set(place, entry)
    setTimeout(() => {
      if (this.#failures.get(place) === entry) this.#failures.delete(place)
    }, this.#pause).unref()
  }

  /** When one last failed, if that was after `since`, as `performance.now()` has them. */
  timeOf (place: string, since: number): number | undefined {
    const time = this.#failures.get(place)?.time
    return time !== undefined && time > since ? time : undefined
  }

  /** Why one failed, if that was not before `since`. */
  find (place: string, since: number): Failure | undefined {
    const entry = this.#failures.get(place)
    return entry !== undefined && entry.time >= since ? entry.failure : undefined
  }
}
