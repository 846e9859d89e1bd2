import { quote } from '../matrix/printable.ts'
import type { Metric } from '../metrics/text-format.ts'
import { measureProbe } from './name-metrics.ts'
import type { NameWatch } from './name-watch.ts'

/** A probe that can't be made. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError'
  readonly code: 'ERR_PROBE_TARGET' | 'ERR_PROBE_TIMEOUT'

  constructor (code: ProbeError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** What Prometheus should have left to read the response, in seconds; as blackbox_exporter has it. */
const reserve = 0.5

/**
 * Checks a name for a scrape, in the time that it has. Only names that are monitored are checked, because otherwise
 * strangers could scan others through this process.
 *
 * @param target of the query.
 * @param timeout the header X-Prometheus-Scrape-Timeout-Seconds.
 * @throws {ProbeError} if the target isn't monitored or the timeout isn't valid.
 */
export async function probe (watch: NameWatch, target: unknown, timeout: unknown): Promise<Metric[]> {
  const deadline = parseTimeout(timeout)
  const report = typeof target === 'string' ? await watch.checkNow(target, deadline) : undefined
  if (report === undefined) throw new ProbeError('ERR_PROBE_TARGET', explain(target))
  return measureProbe(report)
}

function explain (target: unknown): string {
  if (target === undefined) return 'target is missing: use /probe?target=example.com'
  if (typeof target !== 'string') return 'target is given more than once: use one'
  return `target is ${quote(target)}, which isn't monitored: use a name on the page at /`
}

/** In seconds. */
function parseTimeout (header: unknown): number | undefined {
  if (header === undefined) return undefined
  const seconds = Number(header)
  if (seconds > reserve && seconds <= 86_400) return seconds - reserve
  const found = `X-Prometheus-Scrape-Timeout-Seconds is ${quote(String(header))}`
  throw new ProbeError('ERR_PROBE_TIMEOUT', `${found}: use a number of seconds above ${reserve}`)
}
