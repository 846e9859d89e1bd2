import { setTimeout as sleep } from 'node:timers/promises'
import type { Report } from '../check/report/report.ts'
import { applyReport, buildPendingState } from './name-state.ts'
import type { NameState } from './name-state.ts'
import { packReport } from './packed-report.ts'
import { Slots } from './slots.ts'

export interface WatchOptions {
  /** Checks a name, in at most these seconds; it doesn't throw because of what it finds. */
  readonly check: (serverName: string, deadline: number | undefined) => Promise<Report>
  /** Between two checks of a name, in milliseconds. */
  readonly interval: number
  /** The same while a name doesn't work. */
  readonly failingInterval: number
  /** How many checks in a row must fail before a name counts as failing. */
  readonly confirmations: number
  /** How many names are checked at the same time. */
  readonly jobs: number
  /** Called after each check. */
  readonly onChecked: (after: NameState, before: NameState) => void
}

/** Checks names repeatedly. The first checks are spread over an interval, and so are all later ones. */
export class NameWatch {
  readonly #options: WatchOptions
  readonly #slots: Slots
  readonly #names = new Map<string, { state: NameState, readonly stop: AbortController }>()

  constructor (options: WatchOptions) {
    this.#options = options
    this.#slots = new Slots(options.jobs)
  }

  /** In the order in which they were added. */
  get states (): NameState[] {
    return [...this.#names.values()].map(({ state }) => state)
  }

  find (serverName: string): NameState | undefined {
    return this.#names.get(serverName)?.state
  }

  /** Starts with names that are new, stops with those that are missing, and lets the others go on. */
  setNames (serverNames: readonly string[]): void {
    const wanted = new Set(serverNames)
    for (const [name, { stop }] of this.#names) {
      if (wanted.has(name)) continue
      stop.abort()
      this.#names.delete(name)
    }
    const added = [...wanted].filter(name => !this.#names.has(name))
    for (const [index, name] of added.entries()) {
      const stop = new AbortController()
      this.#names.set(name, { state: buildPendingState(name), stop })
      this.#follow(name, index * this.#options.interval / added.length, stop.signal)
    }
  }

  /**
   * Checks a name now, besides its turn, and leaves its state as it is.
   *
   * @param deadline in seconds.
   */
  async checkNow (serverName: string, deadline: number | undefined): Promise<Report> {
    return await this.#slots.run(async () => await this.#options.check(serverName, deadline))
  }

  /** Stops with all names. A check that is running ends without effect. */
  close (): void {
    this.setNames([])
  }

  async #follow (name: string, firstDelay: number, signal: AbortSignal): Promise<void> {
    const { interval, failingInterval, confirmations, check, onChecked } = this.#options
    let delay = firstDelay
    while (await isOver(delay, signal)) {
      const start = performance.now()
      const report = await this.#slots.run(async () => signal.aborted ? undefined : await check(name, undefined))
      const entry = this.#names.get(name)
      if (report === undefined || signal.aborted || entry === undefined) return
      const before = entry.state
      entry.state = applyReport(before, packReport(report), confirmations)
      onChecked(entry.state, before)
      const wanted = entry.state.misses === 0 ? interval : failingInterval
      // From start to start, so that slow checks stay spread, too.
      delay = Math.max(0, wanted - (performance.now() - start))
    }
  }
}

/** Waits; false if it was stopped. */
async function isOver (milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return await sleep(milliseconds, true, { signal }).catch(() => false)
}
