import { checkServer } from '../../src/check/check.ts'
import type { CheckOptions, Report } from '../../src/check/check.ts'
import type { World } from './world.ts'

/** Checks a server name of a world, from inside it. */
export async function checkWorld ({ dns, connect, ca }: World, options: CheckOptions = {}, serverName = 'example.com'): Promise<Report> {
  return await checkServer(serverName, { dns: dns.address, connect, ca: [ca], timeout: 3, ...options })
}
