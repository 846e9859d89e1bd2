import { checkServer } from '../../src/check/check.ts'
import type { CheckOptions } from '../../src/check/check.ts'
import type { Report } from '../../src/check/report/report.ts'
import type { World } from './world.ts'

/** Checks a server name of a world, example.com unless another is given, as `check` would in it. */
export async function checkWorld (
  { dns, connect, ca }: World,
  { serverName = 'example.com', ...options }: CheckOptions & { readonly serverName?: string } = {}
): Promise<Report> {
  return await checkServer(serverName, { dns: dns.address, connect, ca: [ca], timeout: 6, ...options })
}

/** The ids of the findings of a report, in its order, each once. */
export function idsOf ({ findings }: Report): string[] {
  return [...new Set(findings.map(({ id }) => id))]
}
