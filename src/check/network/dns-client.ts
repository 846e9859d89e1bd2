import { addAbortListener } from 'node:events'
import { lookup, Resolver } from 'node:dns/promises'
import { SharedResults } from './shared-results.ts'
import type { Asked } from './shared-results.ts'
import { limitTime } from './time-limit.ts'

/**
 * Why DNS has no records for a question.
 *
 * - `not-found`: there is no such name.
 * - `no-data`: the name has no record of this type.
 * - `server-failure`: the DNS server reports an error (SERVFAIL and similar).
 * - `refused`: the DNS server refuses the question.
 * - `timeout`: there was no response in time.
 * - `unreachable`: no DNS server listens there.
 * - `unreadable`: the response is malformed.
 * - `invalid-name`: DNS can't be asked for such a name.
 * - `other`: anything else, such as a cancelled question.
 */
export type DnsFailureKind = 'not-found' | 'no-data' | 'server-failure' | 'refused' | 'timeout' | 'unreachable' |
  'unreadable' | 'invalid-name' | 'other'

export interface DnsFailure {
  readonly kind: DnsFailureKind
  /** The code of the DNS library, as evidence only. */
  readonly code: string
}

/** @see https://www.rfc-editor.org/rfc/rfc2782.html */
export interface SrvRecord {
  readonly target: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

export interface DnsClientOptions {
  /** A DNS server, `address` or `address:port`; the system's by default. */
  readonly server?: string | undefined
  /** How long to wait for a response, in milliseconds. */
  readonly timeout: number
  /** How long to keep a response for others who ask the same, in milliseconds; not at all by default. */
  readonly keep?: number | undefined
  /** Ends all questions. */
  readonly signal: AbortSignal
}

/** The records that were found, or why there are none. */
export interface Found<Entry> {
  readonly found: readonly Entry[]
  readonly failure?: DnsFailure
}

/** How many responses are kept: those that many checks need stay, because they were used last. */
const maxKept = 1_000

/** Asks a DNS server. The same question at the same time is asked once. */
export class DnsClient {
  readonly #options: DnsClientOptions
  readonly #resolver: Resolver
  readonly #texts: SharedResults<Found<string>>
  readonly #services: SharedResults<Found<SrvRecord>>

  /** @throws {TypeError} if the DNS server is not an address. */
  constructor (options: DnsClientOptions) {
    this.#options = options
    this.#resolver = new Resolver({ timeout: Math.ceil(options.timeout / 2), tries: 2 })
    if (options.server !== undefined) this.#resolver.setServers([options.server])
    const sharing = { time: options.keep ?? 0, maxWeight: maxKept, weigh: () => 1 }
    this.#texts = new SharedResults(sharing)
    this.#services = new SharedResults(sharing)
  }

  get servers (): string[] {
    return this.#resolver.getServers()
  }

  /** @param since a response to a question that was asked earlier isn't used, as `performance.now()` has it. */
  async ask (type: 'A' | 'AAAA' | 'CNAME' | 'NS', name: string, since?: number): Promise<Found<string>> {
    return await this.#texts.get(`${type} ${name}`, () => this.#query(this.#resolve(type, name)), since).result
  }

  /** @param since as for `ask`. */
  async askForServices (name: string, since?: number): Promise<Found<SrvRecord>> {
    return await this.#services.get(name, () => this.#query(this.#resolveSrv(name)), since).result
  }

  /**
   * Asks the system, which also reads this machine's hosts file.
   *
   * @param since as for `ask`.
   */
  async lookUpLocally (host: string, family: 0 | 4 | 6, since?: number): Promise<Found<string>> {
    return await this.#texts.get(`hosts file ${host}`, () => this.#query(resolveLocally(host, family)), since).result
  }

  /** Cancels all pending questions. */
  close (): void {
    this.#resolver.cancel()
  }

  async #resolve (type: 'A' | 'AAAA' | 'CNAME' | 'NS', name: string): Promise<string[]> {
    switch (type) {
      case 'A': return await this.#resolver.resolve4(name)
      case 'AAAA': return await this.#resolver.resolve6(name)
      case 'CNAME': return await this.#resolver.resolveCname(name)
      case 'NS': return await this.#resolver.resolveNs(name)
    }
  }

  async #resolveSrv (name: string): Promise<SrvRecord[]> {
    const found = await this.#resolver.resolveSrv(name)
    return found.map(({ name: target, port, priority, weight }) => ({ target, port, priority, weight }))
  }

  #query<Entry> (query: Promise<Entry[]>): Asked<Found<Entry>> {
    return { result: this.#await(query) }
  }

  async #await<Entry> (query: Promise<Entry[]>): Promise<Found<Entry>> {
    const { timeout, signal } = this.#options
    try {
      // The resolver's timeout is for each try, and the system's lookup has none.
      return { found: await limitTime(timeout, signal, async limit => await Promise.race([query, rejectAfter(limit)])) }
    } catch (error) {
      return { found: [], failure: classifyDnsError(error) }
    }
  }
}

async function resolveLocally (host: string, family: 0 | 4 | 6): Promise<string[]> {
  return (await lookup(host, { all: true, family })).map(({ address }) => address)
}

async function rejectAfter (limit: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    addAbortListener(limit, () => reject(Object.assign(new Error('no response in time'), { code: 'ETIMEOUT' })))
  })
}

/** The codes of node:dns, which are those of c-ares and getaddrinfo. */
const failureKinds: Readonly<Record<string, DnsFailureKind>> = {
  ENOTFOUND: 'not-found',
  ENODATA: 'no-data',
  ESERVFAIL: 'server-failure',
  EFORMERR: 'server-failure',
  ENOTIMP: 'server-failure',
  EREFUSED: 'refused',
  ETIMEOUT: 'timeout',
  ECONNREFUSED: 'unreachable',
  EBADRESP: 'unreadable',
  EBADNAME: 'invalid-name'
}

function classifyDnsError (error: unknown): DnsFailure {
  const code = String(Object(error).code)
  return { kind: failureKinds[code] ?? 'other', code }
}
