import { normalizeHost } from '../matrix/host.ts'
import { parseServerName } from '../matrix/server-name.ts'
import type { Site } from './site.ts'

/** The hosts of a site in the form in which they are compared: that of its server name first, without duplicates. */
export function hostsOf ({ serverName, hostAliases }: Pick<Site, 'serverName' | 'hostAliases'>): string[] {
  const hosts = [parseServerName(serverName).host, ...hostAliases]
  return [...new Set(hosts.map(normalizeHost).filter(host => host !== undefined))]
}
