import { stat } from 'node:fs/promises'
import { cpuUsage } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** In milliseconds. */
const maxTurn = 5

/** Work on many files, in turns between which requests are served. */
export class Turns {
  /** The CPU time of all turns, in milliseconds. */
  cpuTime = 0
  /** How long it paused, in milliseconds. */
  pausedTime = 0

  /**
   * Calls a function for each file.
   *
   * A turn starts with an asynchronous call for its first file: on a network file system that doesn't respond, that
   * call waits instead of the whole process.
   */
  async forEach (paths: Iterable<string>, visit: (path: string) => void): Promise<void> {
    let start = cpuUsage()
    let end = 0
    for (const path of paths) {
      if (performance.now() > end) {
        this.#add(start)
        await stat(path).catch(() => undefined)
        start = cpuUsage()
        end = performance.now() + maxTurn
      }
      visit(path)
    }
    this.#add(start)
  }

  /** Waits, in milliseconds. */
  async pause (time: number): Promise<void> {
    const start = performance.now()
    await sleep(time)
    this.pausedTime += performance.now() - start
  }

  #add (start: NodeJS.CpuUsage): void {
    const { user, system } = cpuUsage(start)
    this.cpuTime += (user + system) / 1000
  }
}
