import type { SrvRecord } from 'node:dns'
import { lookup as lookUpInSystem, Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { withoutBrackets } from '../../matrix/server-name.ts'
import { limitTime } from './time-limit.ts'

/** A code of node:dns: ENOTFOUND where there is no such name, ENODATA where it has no such record, ETIMEOUT, ESERVFAIL… */
export type DnsFailure = string

/** The addresses of a host, and why a kind of them is missing. */
export interface Lookup {
  readonly host: string
  /** In the order in which they came, IPv6 first. */
  readonly addresses: readonly string[]
  readonly source: 'literal' | 'dns' | 'hosts file' | 'override'
  readonly failures: Readonly<{ A?: DnsFailure, AAAA?: DnsFailure }>
}

/** SRV records, by priority and weight; none where there is a failure. */
export interface SrvLookup {
  readonly name: string
  readonly records: readonly SrvRecord[]
  readonly failure: DnsFailure | undefined
}

export interface DnsOptions {
  /** A DNS server, `address` or `address:port`; the system's where undefined. */
  readonly server?: string | undefined
  /** 4 or 6: addresses of that family alone. */
  readonly family?: 4 | 6 | undefined
  /** For an answer, in milliseconds. */
  readonly timeout: number
  /** Ends everything. */
  readonly signal: AbortSignal
}

/** Whether a failure says that there is nothing, rather than that nobody knows. */
export function isAbsence (failure: DnsFailure): boolean {
  return failure === 'ENOTFOUND' || failure === 'ENODATA'
}

/** Asks the DNS. What goes wrong is a fact of the answer; nothing is thrown. */
export class Dns {
  readonly #options: DnsOptions
  readonly #resolver: Resolver

  /** @throws {TypeError} when the DNS server is not an address. */
  constructor (options: DnsOptions) {
    this.#options = options
    this.#resolver = new Resolver({ timeout: Math.ceil(options.timeout / 2), tries: 2 })
    if (options.server !== undefined) this.#resolver.setServers([options.server])
  }

  /** The addresses of a host: of DNS, as others see it; and only where that has none, of this machine's hosts file. */
  async lookup (host: string): Promise<Lookup> {
    const literal = withoutBrackets(host)
    if (isIP(literal) !== 0) return { host, addresses: [literal], source: 'literal', failures: {} }
    const { family } = this.#options
    const [aaaa, a] = await Promise.all([
      family === 4 ? skipped : this.#ask(this.#resolver.resolve6(host)),
      family === 6 ? skipped : this.#ask(this.#resolver.resolve4(host))
    ])
    const addresses = [...aaaa.found, ...a.found]
    const failures = { ...a.failure !== undefined && { A: a.failure }, ...aaaa.failure !== undefined && { AAAA: aaaa.failure } }
    if (addresses.length > 0 || this.#options.server !== undefined) return { host, addresses, source: 'dns', failures }
    const local = await this.#ask(lookUpInSystem(host, { all: true, family: family ?? 0 }))
    return { host, addresses: local.found.map(({ address }) => address), source: local.found.length > 0 ? 'hosts file' : 'dns', failures }
  }

  async resolveSrv (name: string): Promise<SrvLookup> {
    const { found, failure } = await this.#ask(this.#resolver.resolveSrv(name))
    const records = found.toSorted((left, right) => left.priority - right.priority || right.weight - left.weight)
    return { name, records, failure }
  }

  /** What a name is an alias of; undefined where it is none. */
  async resolveCname (name: string): Promise<string | undefined> {
    const { found: [target] } = await this.#ask(this.#resolver.resolveCname(name))
    return target
  }

  /** Gives up all that is still asked. */
  close (): void {
    this.#resolver.cancel()
  }

  async #ask<Entry> (answer: Promise<Entry[]>): Promise<{ found: Entry[], failure?: DnsFailure }> {
    // c-ares counts its tries by itself, and getaddrinfo can't be stopped.
    const limit = limitTime(this.#options.timeout, this.#options.signal)
    try {
      return { found: await Promise.race([answer, rejectAt(limit)]) }
    } catch (error) {
      return { found: [], failure: String((error as NodeJS.ErrnoException).code) }
    }
  }
}

async function rejectAt (limit: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    const abort = (): void => { reject(Object.assign(new Error(), { code: 'ETIMEOUT' })) }
    if (limit.aborted) abort()
    else limit.addEventListener('abort', abort, { once: true })
  })
}

const skipped = { found: [], failure: undefined }
