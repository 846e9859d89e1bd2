import { checkServer } from '../../src/check/check.ts'
import type { CheckOptions } from '../../src/check/check.ts'
import type { Report } from '../../src/check/report/report.ts'
import type { World } from './world.ts'

/**
 * Checks a server name of a world, example.com unless another is given, as `check` would in it. If the machine is so
 * busy that also something is late that responds, it checks again with more time, unless the test is about time.
 */
export async function checkWorld (
  world: World, { serverName = 'example.com', ...options }: CheckOptions & { readonly serverName?: string } = {}
): Promise<Report> {
  const { timeout = 6, deadline } = options
  const { dns, connect, ca } = world
  const check = async (seconds: number): Promise<Report> =>
    await checkServer(serverName, { dns: dns.address, connect, ca: [ca], ...options, timeout: seconds })
  let report = await check(timeout)
  if (deadline !== undefined || options.connect !== undefined) return report
  for (let left = 3; left > 0 && isLate(report, world); left--) report = await check(10 * timeout)
  return report
}

function isLate ({ findings, exchanges }: Report, { dns, respondsTo }: World): boolean {
  const isAboutTime = ({ id }: Report['findings'][number]): boolean =>
    id === 'check.time' || id.endsWith('.slow') || (id === 'discovery.dns' && dns.responds)
  return findings.some(isAboutTime) ||
    exchanges.some(exchange => exchange.failure?.kind === 'timeout' && respondsTo(exchange))
}

/** The ids of the findings of a report, in its order, each once. */
export function idsOf ({ findings }: Report): string[] {
  return [...new Set(findings.map(({ id }) => id))]
}
