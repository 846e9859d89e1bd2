import type { Occasion } from './live-sites.ts'

export interface WatchOptions {
  /** In milliseconds; 0 for never. */
  readonly interval: number
  /** Emits SIGHUP. */
  readonly signals: { readonly on: (signal: 'SIGHUP', listener: () => void) => unknown }
  readonly look: (occasion: Occasion) => Promise<void>
}

/** Looks once after each interval and on each SIGHUP, never twice at once. It doesn't keep the process running. */
export function watch ({ interval, signals, look }: WatchOptions): void {
  let isLooking = false
  let isWanted = false
  let timer: NodeJS.Timeout | undefined

  async function start (occasion: Occasion): Promise<void> {
    isLooking = true
    clearTimeout(timer)
    await look(occasion)
    // A signal that came meanwhile may be about a change that this look has missed.
    while (isWanted) {
      isWanted = false
      await look('signal')
    }
    isLooking = false
    schedule()
  }
  function schedule (): void {
    if (interval > 0) timer = setTimeout(() => { start('poll') }, interval).unref()
  }
  signals.on('SIGHUP', () => {
    isWanted = isLooking
    if (!isLooking) start('signal')
  })
  schedule()
}
