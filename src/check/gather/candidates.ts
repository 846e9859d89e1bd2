import { withoutBrackets } from '../../matrix/server-name.ts'
import { isTrusted } from '../network/certificate.ts'
import { readJsonObject } from '../network/json-body.ts'
import type { Network } from '../network/network.ts'
import { requestHeaders } from '../network/user-agents.ts'
import { addressesToAsk } from './addresses.ts'
import { keysPath } from './federation.ts'

/** A homeserver that responds where people usually have theirs. */
export interface Candidate {
  readonly host: string
  readonly port: number
  /** The server name that it gives. */
  readonly serverName: string
}

/** Where people put the homeserver of `example.com`. */
const usualHosts = ['matrix.', 'synapse.', '']
const usualPorts = [443, 8448]

/** Asks the usual hosts for the keys of a homeserver; those without a trusted certificate are left out. */
export async function findCandidates (network: Network, host: string): Promise<Candidate[]> {
  const places = usualHosts.flatMap(prefix => usualPorts.map(port => ({ host: `${prefix}${host}`, port })))
  const found = await Promise.all(places.map(async place => await askForName(network, place)))
  return found.filter(candidate => candidate !== undefined)
}

async function askForName (
  network: Network,
  { host, port }: Pick<Candidate, 'host' | 'port'>
): Promise<Candidate | undefined> {
  const [address] = addressesToAsk(await network.lookup(withoutBrackets(host), port))
  if (address === undefined) return undefined
  const hostHeader = port === 443 ? host : `${host}:${port}`
  const peer = network.openPeer({ scheme: 'https', address, port, tlsName: withoutBrackets(host), host: hostHeader })
  const { response, tls } = await peer.send({ method: 'GET', target: keysPath, headers: requestHeaders('server') })
  if (response?.status !== 200 || tls === undefined || !isTrusted(tls)) return undefined
  const name = readJsonObject(response.body).content?.['server_name']
  return typeof name === 'string' ? { host, port, serverName: name } : undefined
}
