import { setMaxListeners } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import { isPrivateAddress } from '../../matrix/private-address.ts'
import { DnsClient } from './dns-client.ts'
import { Gate } from './gate.ts'
import type { NetworkOptions, Override } from './network.ts'
import { Connections } from './peer.ts'
import type { Exchange, PeerAddress, Request } from './peer.ts'
import { SharedResults } from './shared-results.ts'
import type { Asked } from './shared-results.ts'

/** How many checks ask one address at a time. */
const maxChecksPerAddress = 4

/** How long the results of one check are used by others, in milliseconds. */
const keepTime = 30_000

/** How much of the bodies of responses is kept for that, in bytes. */
const maxKeptSize = 16_777_216

/** What a kept exchange takes in addition to the body of its response, in bytes: about the headers of both. */
const exchangeSize = 4_096

/** How many peers that no check uses any more stay connected. */
const maxIdlePeers = 16

/** Connections to a peer, and how many checks use them. */
export interface SharedPeer {
  readonly at: PeerAddress
  readonly connections: Connections
  users: number
}

/** A request that is about to be sent, perhaps for several checks. */
export interface Sending extends Asked<Exchange> {
  /** Resolves when it may be sent. */
  readonly turn: Promise<unknown>
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
  /** From the least to the most recently used. */
  readonly #peers = new Map<string, SharedPeer>()

  /**
   * @param keep how long results are kept for others, in milliseconds.
   * @throws {TypeError} if the DNS server is not an address, or a time is not a valid number of seconds.
   */
  constructor (options: NetworkOptions = {}, keep = keepTime) {
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
  }

  /** The connections to a peer. They stay open until they are released. */
  hold (at: PeerAddress): SharedPeer {
    const key = JSON.stringify(at)
    const peer = this.#peers.get(key) ?? { at, connections: this.#openConnections(at), users: 0 }
    peer.users++
    this.#peers.set(key, peer)
    return peer
  }

  /** The last peers stay connected, for the next checks. */
  release (peer: SharedPeer): void {
    peer.users--
    const key = JSON.stringify(peer.at)
    this.#peers.delete(key)
    this.#peers.set(key, peer)
    const idle = [...this.#peers].filter(([, { users }]) => users === 0)
    for (const [key, { connections }] of idle.slice(0, -maxIdlePeers)) {
      connections.close()
      this.#peers.delete(key)
    }
  }

  /**
   * Sends a request to a peer, unless the same request has been sent recently.
   *
   * @param check identifies the check, which holds the peer.
   */
  send (check: object, { at, connections }: SharedPeer, request: Request): Sending {
    return this.#exchanges.get(JSON.stringify([at, request]), () => {
      const turn = this.#gate.enter(at.address, check)
      return { turn, result: turn.then(async leave => await connections.send(request).finally(leave)) }
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
    for (const { connections } of this.#peers.values()) connections.close()
  }

  #openConnections (at: PeerAddress): Connections {
    const { publicOnly, connect = openSocket } = this.options
    const override = this.overridesOf(at.target ?? at.tlsName, at.port).find(({ address }) => address === at.address)
    const toPort = override?.toPort ?? at.port
    return new Connections(at, {
      timeout: this.timeout,
      secureContext: this.#secureContext,
      signal: this.#controller.signal,
      connect: address => {
        if (publicOnly === true && isPrivateAddress(address)) throw new PrivateAddressError(address)
        return connect(address, toPort)
      }
    })
  }
}

/** What Node trusts, and these certificates. `createSecureContext({ ca })` would replace the former. */
function trustAlso (certificates: readonly string[]): SecureContext {
  const secureContext = createSecureContext()
  for (const pem of certificates.flatMap(splitCertificates)) secureContext.context.addCACert(pem)
  return secureContext
}

function splitCertificates (pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)].map(([found]) => found)
}

/** No connection was made, because only public addresses are allowed. */
class PrivateAddressError extends Error {
  readonly code = 'ERR_NOT_PUBLIC'

  constructor (address: string) {
    super(`${address} is not a public address`)
  }
}

function toMilliseconds (name: string, seconds: number): number {
  if (seconds > 0 && seconds <= 86_400) return Math.ceil(seconds * 1000)
  throw new TypeError(`${name} is ${seconds}; use a number of seconds above 0 and at most 86400`)
}

function openSocket (address: string, port: number): Socket {
  return connect({ host: address, port })
}
