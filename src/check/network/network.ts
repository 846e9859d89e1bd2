import type { Socket } from 'node:net'
import { CheckNetwork } from './check-network.ts'
import { Deadline } from './deadline.ts'
import type { DnsFault, Lookup, SrvLookup } from './dns.ts'
import type { Peer, PeerAddress } from './peer.ts'
import { SharedNetwork, toMilliseconds } from './shared-network.ts'

/** An address to use for a host and port instead of asking DNS: `--resolve`. */
export interface Override {
  readonly host: string
  readonly port: number
  /** An IP address, without brackets. */
  readonly address: string
  /** The port to connect to, if it isn't `port`. */
  readonly toPort?: number | undefined
}

export interface NetworkOptions {
  /** For each connection, response and lookup, in seconds; 10 by default. */
  readonly timeout?: number | undefined
  /** For each check, in seconds; six times `timeout` by default. */
  readonly deadline?: number | undefined
  /** A DNS server, `address` or `address:port`. */
  readonly dns?: string | undefined
  readonly resolve?: readonly Override[] | undefined
  /** 4 or 6: only addresses of that family. */
  readonly family?: 4 | 6 | undefined
  /** PEM certificates to trust in addition to those that Node trusts, NODE_EXTRA_CA_CERTS included. */
  readonly ca?: string[] | undefined
  /** Whether to refuse connections to addresses that aren't public, for those who check names for strangers. */
  readonly publicOnly?: boolean | undefined
  readonly connect?: ((address: string, port: number) => Socket) | undefined
}

/** All the I/O of a check. */
export interface Network {
  /** The addresses of a host for a port. */
  lookup (host: string, port: number): Promise<Lookup>
  resolveSrv (name: string): Promise<SrvLookup>
  resolveCname (name: string): Promise<string | undefined>
  /** What is wrong with this machine's DNS server; undefined if it has answered a question, or none was asked. */
  diagnoseDns (): Promise<DnsFault | undefined>
  openPeer (at: PeerAddress): Peer
  now (): Date
  /** Whether the deadline has passed. */
  readonly late: boolean
  close (): void
}

/** Called with what a check is waiting for, each time that changes. */
export type ShowProgress = (waitingFor: readonly string[]) => void

/**
 * Opens the network for one check only.
 *
 * @throws {TypeError} if an option isn't valid.
 */
export function openNetwork (options: NetworkOptions = {}, progress?: ShowProgress): Network {
  const shared = new SharedNetwork(options, 0)
  const deadline = new Deadline(shared.deadline)
  return new CheckNetwork(shared, { deadline, progress, isAlone: true, since: -Infinity })
}

export interface JoinOptions {
  /** In seconds, with the time that it takes to wait for other checks; that of the network, without, by default. */
  readonly deadline?: number | undefined
  /** What other checks have observed earlier isn't used, as `performance.now()` has it. */
  readonly since?: number | undefined
  /** Called when this check has to wait for others. */
  readonly onQueued?: (() => void) | undefined
}

/**
 * Opens a network that is shared with other checks for one more.
 *
 * @throws {TypeError} if the deadline is not a valid number of seconds.
 */
export function joinNetwork (
  shared: SharedNetwork, { deadline, since = -Infinity, onQueued }: JoinOptions = {}
): Network {
  const time = deadline === undefined
    ? new Deadline(shared.deadline)
    : new Deadline(toMilliseconds('deadline', deadline), true)
  return new CheckNetwork(shared, { deadline: time, progress: undefined, isAlone: false, since, onQueued })
}
