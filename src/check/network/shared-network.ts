import { setMaxListeners } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import { isPrivateAddress } from '../../matrix/private-address.ts'
import { splitCertificates } from './certificate-list.ts'
import { ConnectFailures } from './connect-failures.ts'
import { DnsClient } from './dns-client.ts'
import { Gate } from './gate.ts'
import type { NetworkOptions, Override } from './network.ts'
import { findOptionFault } from './option-faults.ts'
import { Connections } from './peer.ts'
import type { Exchange, PeerAddress, Request } from './peer.ts'
import { SharedPeers } from './shared-peers.ts'
import type { SharedPeer } from './shared-peers.ts'
import { SharedResults } from './shared-results.ts'
import type { Asked } from './shared-results.ts'

/** How many checks ask one address at a time. */
const maxChecksPerAddress = 4

/** How long the results of one check are used by others, in milliseconds. */
const keepTime = 30_000

/**
 * How much of that is kept, in bytes: about a thousand exchanges. What many checks use stays, because it was used last.
 */
const maxKeptSize = 4_194_304

/** What a kept exchange takes in addition to the body of its response, in bytes: about the headers of both. */
const exchangeSize = 4_096

/** A request that is about to be sent, perhaps for several checks. */
export interface Sending extends Asked<Exchange> {
  /** Resolves when it may be sent. */
  readonly turn: Promise<unknown>
  /** Whether others had to be waited for when it was asked for. */
  readonly isQueued: boolean
}

/**
 * The network of several checks. Lookups, connections and the same request to the same peer are shared, and only a few
 * checks ask one address at a time.
 */
export class SharedNetwork {
  readonly dns: DnsClient
  readonly options: NetworkOptions
  /** For each connection, response and lookup, in milliseconds. */
  readonly timeout: number
  /** For each check, in milliseconds. */
  readonly deadline: number
  readonly #controller = new AbortController()
  readonly #secureContext: SecureContext
  readonly #gate = new Gate<object>(maxChecksPerAddress)
  readonly #exchanges: SharedResults<Exchange, Sending>
  readonly #failures = new ConnectFailures(keepTime)
  readonly #peers: SharedPeers

  /**
   * @param keep how long results and connections are kept for others, in milliseconds.
   * @throws {TypeError} if an option isn't valid.
   */
  constructor (options: NetworkOptions = {}, keep = keepTime) {
    const fault = findOptionFault(options)
    if (fault !== undefined) throw new TypeError(fault)
    this.options = options
    this.timeout = toMilliseconds('timeout', options.timeout ?? 10)
    this.deadline = options.deadline === undefined
      ? 6 * this.timeout
      : toMilliseconds('deadline', options.deadline)
    // Every pending connection, response and lookup listens to it: easily more than ten, at which Node warns.
    setMaxListeners(0, this.#controller.signal)
    this.dns = new DnsClient({ server: options.dns, timeout: this.timeout, signal: this.#controller.signal, keep })
    this.#secureContext = trustAlso(options.ca ?? [])
    this.#exchanges = new SharedResults({
      time: keep,
      maxWeight: maxKeptSize,
      weigh: ({ response }) => exchangeSize + (response?.body.length ?? 0)
    })
    this.#peers = new SharedPeers({ keep, open: (at, since) => this.#openConnections(at, since) })
  }

  /**
   * The connections to a peer. They stay open until they are released.
   *
   * @param since what was observed earlier isn't used, as `performance.now()` has it.
   */
  hold (at: PeerAddress, since: number): SharedPeer {
    return this.#peers.hold(at, since)
  }

  release (peer: SharedPeer): void {
    this.#peers.release(peer)
  }

  /**
   * Sends a request to a peer, unless it has been sent recently.
   *
   * @param check identifies the check, which holds the peer.
   */
  send (check: object, peer: SharedPeer, request: Request): Sending {
    return this.#exchanges.get(JSON.stringify([peer.id, request]), () => {
      this.#peers.use(peer)
      const isQueued = this.#gate.isFull(peer.at.address, check)
      const admission = this.#gate.enter(peer.at.address, check)
      const result = admission.then(async leave => await peer.connections.send(request).finally(() => {
        leave()
        this.#peers.release(peer)
      }))
      // What is kept must not keep the check.
      return { turn: admission.then(() => {}), result, isQueued }
    })
  }

  overridesOf (host: string, port: number): readonly Override[] {
    return (this.options.resolve ?? [])
      .filter(override => override.host.toLowerCase() === host.toLowerCase() && override.port === port)
  }

  /** Ends all requests and lookups. */
  abort (reason: unknown): void {
    this.#controller.abort(reason)
  }

  close (): void {
    this.dns.close()
    this.#peers.close()
  }

  #openConnections (at: PeerAddress, since: number): Pick<SharedPeer, 'connections' | 'start'> {
    const { publicOnly, connect = openSocket } = this.options
    const override = this.overridesOf(at.target ?? at.tlsName, at.port).find(({ address }) => address === at.address)
    const toPort = override?.toPort ?? at.port
    const place = `${at.address} ${toPort}`
    const start = this.#failures.timeOf(place, since) ?? performance.now()
    const connections = new Connections(at, {
      timeout: this.timeout,
      secureContext: this.#secureContext,
      signal: this.#controller.signal,
      connect: address => {
        if (publicOnly === true && isPrivateAddress(address)) throw new PrivateAddressError(address)
        return connect(address, toPort)
      },
      findFailure: () => this.#failures.find(place, start),
      onFailure: failure => this.#failures.add(place, failure)
    })
    return { connections, start }
  }
}

/** What Node trusts, and these certificates. `createSecureContext({ ca })` would replace the former. */
function trustAlso (certificates: readonly string[]): SecureContext {
  const secureContext = createSecureContext()
  for (const pem of certificates.flatMap(splitCertificates)) secureContext.context.addCACert(pem)
  return secureContext
}

/** No connection was made, because only public addresses are allowed. */
class PrivateAddressError extends Error {
  readonly code = 'ERR_NOT_PUBLIC'

  constructor (address: string) {
    super(`${address} isn't a public address`)
  }
}

/** @throws {TypeError} if it is not a valid number of seconds. */
export function toMilliseconds (name: string, seconds: number): number {
  if (seconds > 0 && seconds <= 86_400) return Math.ceil(seconds * 1000)
  throw new TypeError(`${name} is ${seconds}; use a number of seconds above 0 and at most 86400`)
}

function openSocket (address: string, port: number): Socket {
  return connect({ host: address, port })
}
