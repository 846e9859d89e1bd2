import type { Deadline } from './deadline.ts'
import { Dns } from './dns.ts'
import type { DnsFault, Lookup, SrvLookup } from './dns.ts'
import type { Network, ShowProgress } from './network.ts'
import { urlOf } from './peer.ts'
import type { Exchange, Peer, PeerAddress, Request } from './peer.ts'
import type { SharedNetwork, SharedPeer } from './shared-network.ts'

/** The network as one check has it: with a deadline, and with what is being waited for. */
export class CheckNetwork implements Network {
  readonly #shared: SharedNetwork
  readonly #deadline: Deadline
  readonly #progress: ShowProgress | undefined
  readonly #end: () => void
  readonly #dns: Dns
  readonly #held: SharedPeer[] = []
  readonly #pending = new Set<{ what: string }>()

  constructor (shared: SharedNetwork, deadline: Deadline, progress: ShowProgress | undefined, end: () => void) {
    this.#shared = shared
    this.#deadline = deadline
    this.#progress = progress
    this.#end = end
    const { options: { dns: server, family }, timeout, dns } = shared
    this.#dns = new Dns({ server, family, timeout, signal: deadline.signal }, dns)
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
    const peer = this.#shared.hold(at)
    this.#held.push(peer)
    return { send: async request => await this.#waitFor(urlOf(at, request), this.#send(peer, request)) }
  }

  now (): Date {
    return new Date()
  }

  get late (): boolean {
    return this.#deadline.signal.aborted
  }

  close (): void {
    this.#deadline.clear()
    for (const peer of this.#held) this.#shared.release(peer)
    this.#end()
  }

  async #send (peer: SharedPeer, request: Request): Promise<Exchange> {
    if (this.late) return describeLate(peer.at, request)
    const { turn, result } = this.#shared.send(this, peer, request)
    await this.#deadline.pauseFor(turn)
    return await result
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
    this.#progress?.([...this.#pending].map(({ what }) => what))
  }
}

/** A request that isn't sent, because the time is up. */
function describeLate (at: PeerAddress, request: Request): Exchange {
  const { address, port } = at
  const failure = { kind: 'timeout', phase: 'response', message: 'the time for this check was over' } as const
  const none = { tls: undefined, response: undefined, failure, milliseconds: 0 }
  return { request, url: urlOf(at, request), address, port, ...none }
}
