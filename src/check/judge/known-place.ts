import { readHomeserverName } from '../gather/candidates.ts'
import type { ClientAddress } from '../gather/client.ts'
import type { Facts } from '../gather/gather.ts'

/** Where clients find the homeserver with this server name, if servers could go there: a host and a port. */
export function findPlaceForServers ({ serverName, client }: Pick<Facts, 'serverName' | 'client'>): string | undefined {
  const homeserver = client?.facts?.homeserver
  const isIt = ({ keys }: ClientAddress): boolean => readHomeserverName(keys) === serverName
  return homeserver?.addresses.some(isIt) === true ? `${homeserver.host}:${homeserver.port}` : undefined
}

/** Where servers find the homeserver with this server name, if clients could go there: a base URL. */
export function findPlaceForClients (
  { serverName, federation }: Pick<Facts, 'serverName' | 'federation'>
): string | undefined {
  const found = federation?.addresses.find(({ keys, target: { host, port } }) => port === 443 &&
    host === federation.discovery.endpoint?.tlsName && readHomeserverName(keys) === serverName)
  return found === undefined ? undefined : `https://${found.target.host}`
}

/** A setting that leads to a known place, as the end of what to do otherwise. */
export function suggestPlace (setting: 'M_SERVER' | 'M_HOMESERVER_BASE_URL', place: string | undefined): string {
  return place === undefined ? '' : `, or set ${setting}=${place}, where the homeserver responds`
}
