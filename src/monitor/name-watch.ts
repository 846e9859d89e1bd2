import { setTimeout as sleep } from 'node:timers/promises'
import type { Report } from '../check/report/report.ts'
import { applyReport, buildPendingState } from './name-state.ts'
import type { NameState } from './name-state.ts'
import { packReport } from './packed-report.ts'
import { Slots } from './slots.ts'

/** How to check a name. */
export interface CheckLimits {
  /** In seconds. */
  readonly deadline?: number | undefined
  /** What was observed before this has counted already, as `performance.now()` has it. */
  readonly since: number
  /** Called when the check waits for others that ask the same host: its names must not hold up all other names. */
  readonly onQueued?: (() => void) | undefined
}

export interface WatchOptions {
  /** It doesn't throw because of what it finds. */
  readonly check: (serverName: string, limits: CheckLimits) => Promise<Report>
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

interface Entry {
  state: NameState
  readonly stop: AbortController
  /** When a check of the name last ended. */
  checked: number
  /** The check on demand that is running. */
  probe: Promise<Report> | undefined
}

/** Checks names repeatedly. The first checks are spread over an interval, and so are all later ones. */
export class NameWatch {
  readonly #options: WatchOptions
  readonly #slots: Slots
  /** For checks on demand, which have no time to wait for the others. */
  readonly #probes: Slots
  readonly #names = new Map<string, Entry>()

  constructor (options: WatchOptions) {
    this.#options = options
    this.#slots = new Slots(options.jobs)
    this.#probes = new Slots(options.jobs)
  }

  /** In the order in which they were added. */
  get states (): NameState[] {
    return [...this.#names.values()].map(({ state }) => state)
  }

  find (serverName: string): NameState | undefined {
    return this.#names.get(serverName)?.state
  }

  /**
   * Starts with names that are new, stops with those that are missing, and lets the others go on.
   *
   * @returns how many are new, and how many are missing.
   */
  setNames (serverNames: readonly string[]): { added: number, removed: number } {
    const wanted = new Set(serverNames)
    const missing = [...this.#names.keys()].filter(name => !wanted.has(name))
    for (const name of missing) {
      this.#names.get(name)?.stop.abort()
      this.#names.delete(name)
    }
    const added = [...wanted].filter(name => !this.#names.has(name))
    for (const [index, name] of added.entries()) {
      const entry: Entry = {
        state: buildPendingState(name), stop: new AbortController(), checked: -Infinity, probe: undefined
      }
      this.#names.set(name, entry)
      this.#follow(entry, index * this.#options.interval / added.length)
    }
    return { added: added.length, removed: missing.length }
  }

  /**
   * Checks a name now, besides its turn, and leaves its state as it is. A second call
   * joins a check that is running, because a check goes on after its caller has gone.
   *
   * @param deadline in seconds. The first one counts.
   * @returns undefined if the name isn't watched.
   */
  async checkNow (serverName: string, deadline?: number): Promise<Report | undefined> {
    const entry = this.#names.get(serverName)
    if (entry === undefined) return undefined
    entry.probe ??= this.#probes.run(async () => await this.#check(entry, { deadline }))
      .finally(() => { entry.probe = undefined })
    return await entry.probe
  }

  /** Stops with all names. A check that is running ends without effect. */
  close (): void {
    this.setNames([])
  }

  async #check (entry: Entry, limits: Omit<CheckLimits, 'since'>): Promise<Report> {
    const report = await this.#options.check(entry.state.serverName, { ...limits, since: entry.checked })
    entry.checked = performance.now()
    return report
  }

  async #follow (entry: Entry, firstDelay: number): Promise<void> {
    const { interval, failingInterval, confirmations, onChecked } = this.#options
    const { stop: { signal } } = entry
    let delay = firstDelay
    while (await isOver(delay, signal)) {
      const start = performance.now()
      const report = await this.#slots.run(async onQueued =>
        signal.aborted ? undefined : await this.#check(entry, { onQueued }))
      if (report === undefined || signal.aborted) return
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
