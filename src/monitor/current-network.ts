import { Resolver } from 'node:dns/promises'
import type { NetworkOptions } from '../check/network/network.ts'
import { SharedNetwork } from '../check/network/shared-network.ts'

/**
 * The network of checks in a process that runs for months. Node's resolver keeps the DNS servers that the system had
 * when it was made, so there is another network for further checks when they have changed.
 */
export class CurrentNetwork {
  readonly #options: NetworkOptions
  readonly #readServers: () => readonly string[]
  readonly #users = new Map<SharedNetwork, number>()
  #servers: string
  #current: SharedNetwork

  /**
   * @param readServers the DNS servers of the system.
   * @throws {TypeError} as `SharedNetwork` does.
   */
  constructor (options: NetworkOptions, readServers: () => readonly string[] = readSystemServers) {
    this.#options = options
    this.#readServers = readServers
    this.#servers = readServers().join()
    this.#current = new SharedNetwork(options)
  }

  /** Runs a check over the network, which stays open until then. */
  async use<Value> (check: (shared: SharedNetwork) => Promise<Value>): Promise<Value> {
    const shared = this.#renew()
    this.#users.set(shared, this.#count(shared) + 1)
    try {
      return await check(shared)
    } finally {
      this.#users.set(shared, this.#count(shared) - 1)
      if (shared !== this.#current) this.#closeUnused(shared)
    }
  }

  close (): void {
    this.#current.close()
    for (const shared of this.#users.keys()) shared.close()
  }

  #renew (): SharedNetwork {
    const servers = this.#readServers().join()
    if (servers !== this.#servers) {
      const former = this.#current
      this.#servers = servers
      this.#current = new SharedNetwork(this.#options)
      this.#closeUnused(former)
    }
    return this.#current
  }

  #count (shared: SharedNetwork): number {
    return this.#users.get(shared) ?? 0
  }

  #closeUnused (shared: SharedNetwork): void {
    if (this.#count(shared) > 0) return
    this.#users.delete(shared)
    shared.close()
  }
}

/** As they are now: a new resolver reads them again. */
function readSystemServers (): string[] {
  return new Resolver().getServers()
}
