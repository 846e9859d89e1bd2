import type { Occasion } from './live-sites.ts'

export interface WatchOptions {
  /** In milliseconds; 0 for never. */
  readonly interval: number
  /** Emits SIGHUP. */
  readonly signals: { readonly on: (signal: 'SIGHUP', listener: () => void) => unknown }
  /** Returns the CPU time that it took, in milliseconds. */
  readonly look: (occasion: Occasion) => Promise<number>
}

/** How many times the CPU time of a look the next poll waits at least: looking takes less than 1 % of a core. */
const minWait = 120

/**
 * Looks once after each interval and on each SIGHUP, never twice at once. After an expensive look, it waits longer. It
 * doesn't keep the process running.
 */
export function watch ({ interval, signals, look }: WatchOptions): void {
  let isLooking = false
  let isWanted = false
  let timer: NodeJS.Timeout | undefined

  async function start (occasion: Occasion): Promise<void> {
    isLooking = true
    clearTimeout(timer)
    let cpuTime = await look(occasion)
    // A signal that came meanwhile may be about a change that this look has missed.
    while (isWanted) {
      isWanted = false
      cpuTime = await look('signal')
    }
    isLooking = false
    schedule(cpuTime)
  }
  function schedule (cpuTime: number): void {
    const wait = Math.max(interval, minWait * cpuTime)
    if (interval > 0) timer = setTimeout(() => { start('poll') }, wait).unref()
  }
  signals.on('SIGHUP', () => {
    isWanted = isLooking
    if (!isLooking) start('signal')
  })
  schedule(0)
}
