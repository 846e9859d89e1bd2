import { abandonOn } from './abandon.ts'
import type { Deadline } from './deadline.ts'
import { Dns } from './dns.ts'
import type { DnsFault, Lookup, SrvLookup } from './dns.ts'
import type { Network, ShowProgress } from './network.ts'
import { urlOf } from './peer.ts'
import type { Exchange, Peer, PeerAddress, Request } from './peer.ts'
import type { SharedNetwork } from './shared-network.ts'
import type { SharedPeer } from './shared-peers.ts'

export interface CheckNetworkOptions {
  readonly deadline: Deadline
  readonly progress: ShowProgress | undefined
  /** Whether no other check uses the shared network: it ends with this one. */
  readonly isAlone: boolean
  /** What was observed earlier isn't used, as `performance.now()` has it. */
  readonly since: number
  /** Called when this check has to wait for others. */
  readonly onQueued?: (() => void) | undefined
}

/** The network as one check has it: with a deadline, and with what is being waited for. */
export class CheckNetwork implements Network {
  readonly #shared: SharedNetwork
  readonly #options: CheckNetworkOptions
  readonly #dns: Dns
  readonly #held: SharedPeer[] = []
  readonly #pending = new Set<{ what: string }>()

  constructor (shared: SharedNetwork, options: CheckNetworkOptions) {
    this.#shared = shared
    this.#options = options
    const { options: { dns: server, family }, timeout, dns } = shared
    const { deadline: { signal }, isAlone, since } = options
    this.#dns = new Dns({ server, family, timeout, signal, since }, dns)
    // This way, what has arrived until then stays part of the facts.
    if (isAlone) signal.addEventListener('abort', () => shared.abort(signal.reason), { once: true })
  }

  async lookup (host: string, port: number): Promise<Lookup> {
    const addresses = this.#shared.overridesOf(host, port).map(({ address }) => address)
    if (addresses.length > 0) return { host, addresses, source: 'override', failures: {} }
    return await this.#waitFor(`the address of ${host}`, this.#dns.lookup(host))
  }

  async resolveSrv (name: string): Promise<SrvLookup> {
    return await this.#waitFor(`SRV ${name}`, this.#dns.resolveSrv(name))
  }

  async resolveCname (name: string): Promise<string | undefined> {
    return await this.#waitFor(`CNAME ${name}`, this.#dns.resolveCname(name))
  }

  async diagnoseDns (): Promise<DnsFault | undefined> {
    return await this.#waitFor('a response from DNS', this.#dns.diagnose())
  }

  openPeer (at: PeerAddress): Peer {
    const peer = this.#shared.hold(at, this.#options.since)
    this.#held.push(peer)
    return { send: async request => await this.#waitFor(urlOf(at, request), this.#send(peer, request)) }
  }

  now (): Date {
    return new Date()
  }

  get late (): boolean {
    return this.#options.deadline.signal.aborted
  }

  close (): void {
    const { deadline, isAlone } = this.#options
    deadline.clear()
    for (const peer of this.#held) this.#shared.release(peer)
    if (isAlone) this.#shared.close()
  }

  async #send (peer: SharedPeer, request: Request): Promise<Exchange> {
    if (this.late) return describeLate(peer.at, request)
    const { deadline, isAlone, onQueued } = this.#options
    const { turn, result, isQueued } = this.#shared.send(this, peer, request)
    if (isQueued) onQueued?.()
    const exchange = deadline.pauseFor(turn).then(async () => await result)
    if (isAlone) return await exchange
    return await abandonOn(deadline.signal, exchange, () => describeLate(peer.at, request))
  }

  async #waitFor<Value> (what: string, value: Promise<Value>): Promise<Value> {
    const entry = { what }
    this.#pending.add(entry)
    this.#reportProgress()
    try {
      return await value
    } finally {
      this.#pending.delete(entry)
      this.#reportProgress()
    }
  }

  #reportProgress (): void {
    this.#options.progress?.([...this.#pending].map(({ what }) => what))
  }
}

/** A request that isn't sent, or isn't waited for, because the time is up. */
function describeLate (at: PeerAddress, request: Request): Exchange {
  const { address, port } = at
  const failure = { kind: 'timeout', phase: 'response', message: 'the time for this check was over' } as const
  const none = { tls: undefined, response: undefined, failure, milliseconds: 0 }
  return { request, url: urlOf(at, request), address, port, ...none }
}
