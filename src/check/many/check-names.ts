import { checkOver } from '../check.ts'
import type { CheckOptions } from '../check.ts'
import { joinNetwork } from '../network/network.ts'
import { SharedNetwork } from '../network/shared-network.ts'
import type { Report } from '../report/report.ts'
import type { Site } from '../../site/site.ts'

/** A name to check. */
export interface Subject {
  readonly serverName: string
  /** What its settings say that should be served. */
  readonly intent: Site | undefined
}

export interface CheckNamesOptions extends Omit<CheckOptions, 'intent' | 'progress'> {
  /** How many checks run at a time. */
  readonly jobs: number
  /** After this, no further check is started, and no further report is handed on. */
  readonly signal: AbortSignal
}

/** What happens to the names. */
export interface CheckNamesEvents {
  readonly start?: (serverName: string) => void
  /** Gets each report as its check ends; the next check waits for it. */
  readonly finish: (report: Report) => Promise<void>
}

/**
 * Checks names, several at a time, over one network.
 *
 * @throws {InvalidValueError} if a server name isn't valid.
 */
export async function checkNames (
  subjects: readonly Subject[],
  options: CheckNamesOptions,
  { start, finish }: CheckNamesEvents
): Promise<void> {
  const { jobs, signal, only } = options
  const network = new SharedNetwork(options)
  const queue = subjects.values()
  const work = async (): Promise<void> => {
    for (const { serverName, intent } of queue) {
      start?.(serverName)
      const joined = joinNetwork(network)
      const report = await checkOver(joined, serverName, { only, intent }).finally(() => joined.close())
      if (signal.aborted) return
      await finish(report)
    }
  }
  try {
    await Promise.race([Promise.all(Array.from({ length: jobs }, work)), untilAborted(signal)])
  } finally {
    network.close()
  }
}

async function untilAborted (signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => { signal.addEventListener('abort', () => resolve(), { once: true }) })
}
