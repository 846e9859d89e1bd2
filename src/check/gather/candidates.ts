import { withoutBrackets } from '../../matrix/server-name.ts'
import { isTrusted } from '../network/certificate.ts'
import { readJsonResponse } from '../network/json-body.ts'
import type { Network } from '../network/network.ts'
import type { Exchange } from '../network/peer.ts'
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

/** How many names of a certificate are tried, which may have thousands. */
const maxCertified = 2

/**
 * Asks the usual hosts for the keys of a homeserver; those without a trusted certificate are left out.
 *
 * @param certified the names of the certificate where other servers look for it: those below the host are asked, too.
 */
export async function findCandidates (
  network: Network,
  host: string,
  certified: readonly string[]
): Promise<Candidate[]> {
  const usual = usualHosts.map(prefix => `${prefix}${host}`)
  const others = certified.filter(name => name.endsWith(`.${host}`) && !name.includes('*')).slice(0, maxCertified)
  const places = [...new Set([...usual, ...others])].flatMap(name => usualPorts.map(port => ({ host: name, port })))
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
  const serverName = readHomeserverName(
    await peer.send({ method: 'GET', target: keysPath, headers: requestHeaders('server') })
  )
  return serverName === undefined ? undefined : { host, port, serverName }
}

/** The server name that a homeserver gives with its keys; undefined without a trusted certificate. */
export function readHomeserverName ({ response, tls }: Exchange): string | undefined {
  if (response?.status !== 200 || tls === undefined || !isTrusted(tls)) return undefined
  const name = readJsonResponse(response).content?.['server_name']
  return typeof name === 'string' ? name : undefined
}
