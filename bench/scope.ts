/** Stops what was started in it, as a test does for the tests' servers. */
export class Scope {
  readonly #teardowns: Array<() => unknown> = []

  readonly teardown = (end: () => unknown): void => { this.#teardowns.unshift(end) }

  async end (): Promise<void> {
    for (const end of this.#teardowns) await end()
  }
}
