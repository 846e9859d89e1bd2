import { isJsonObject } from '../../matrix/json-object.ts'
import { readJsonObject } from '../network/json-body.ts'
import type { Network } from '../network/network.ts'
import type { Exchange } from '../network/peer.ts'
import { addressesToAsk } from './addresses.ts'
import type { Endpoint, Target } from './discovery.ts'
import { headersOf } from './user-agents.ts'

export const versionPath = '/_matrix/federation/v1/version'
export const keysPath = '/_matrix/key/v2/server'

/** What one address of the endpoint answers. */
export interface FederationAddress {
  readonly target: Target
  readonly address: string
  readonly version: Exchange
  readonly keys: Exchange
}

/** Asks every address of an endpoint, side by side. */
export async function askEndpoint (network: Network, { hostHeader, tlsName, targets }: Endpoint): Promise<FederationAddress[]> {
  const asked = targets.flatMap(target => addressesToAsk(target.lookup).map(address => ({ target, address })))
  return await Promise.all(asked.map(async ({ target, address }) => {
    const ask = async (path: string): Promise<Exchange> => {
      const peer = network.openPeer({ scheme: 'https', address, port: target.port, tlsName, host: hostHeader, target: target.host })
      return await peer.send({ method: 'GET', target: path, headers: headersOf('server') })
    }
    const [version, keys] = await Promise.all([ask(versionPath), ask(keysPath)])
    return { target, address, version, keys }
  }))
}

/** The name and version of a homeserver's software, as it says. */
export function readSoftware ({ response }: Exchange): string | undefined {
  const server = response === undefined ? undefined : readJsonObject(response.body).content?.['server']
  return isJsonObject(server) && typeof server['name'] === 'string' && typeof server['version'] === 'string' ? `${server['name']} ${server['version']}` : undefined
}
