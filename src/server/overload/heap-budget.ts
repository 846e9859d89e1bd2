import { getHeapStatistics } from 'node:v8'
import { limits } from '../limits.ts'

/** V8's own choice of the new space is at most this much of the old space, and it counts as part of the heap. */
const newSpaceShare = 3 / 64
/** The last one counts. */
const oldSpaceOption = /^--max[-_]old[-_]space[-_]size=(\d+)$/

/** How much of the heap there is for connections. What the sites take changes with each reload. */
export class HeapBudget {
  readonly #limit: number
  readonly #readUsed: () => number
  /** The least since the last reload, because garbage comes and goes, in bytes. */
  #used: number

  constructor (limit: number, readUsed = () => getHeapStatistics().used_heap_size) {
    this.#limit = limit
    this.#readUsed = readUsed
    this.#used = readUsed()
  }

  /** How many connections there is room for, whatever they do. */
  get maxConnections (): number {
    const sites = Math.max(0, this.#used - limits.heapProgram)
    // A reload keeps the old sites until the new ones are loaded.
    const rest = this.#limit - limits.heapProgram - 2 * sites - limits.heapTurn - limits.maxQueued
    return Math.max(limits.minConnections, Math.floor(rest / limits.heapPerConnection))
  }

  /** To be called now and then, best while there are few connections. */
  observe (): void {
    this.#used = Math.min(this.#used, this.#readUsed())
  }

  /** To be called when the sites have changed. */
  reset (): void {
    this.#used = this.#readUsed()
  }
}

/**
 * How much the old space can hold, in bytes. V8 reports it only together with the new space, which is three times as
 * large as a small heap, and of no use for what lasts.
 *
 * @param nodeOptions the options of Node that this process was started with.
 */
export function readOldSpaceLimit (
  nodeOptions: readonly string[], heapLimit = getHeapStatistics().heap_size_limit
): number {
  const megabytes = nodeOptions.flatMap(option => Number(oldSpaceOption.exec(option)?.[1] ?? 0) || []).at(-1)
  return megabytes === undefined ? heapLimit / (1 + newSpaceShare) : megabytes * 2 ** 20
}
