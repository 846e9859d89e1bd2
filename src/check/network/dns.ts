import { lookup as lookUpLocally, Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { withoutBrackets } from '../../matrix/server-name.ts'
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

/** The addresses of a host, and why it has none of a family. */
export interface Lookup {
  readonly host: string
  /** In the order of the DNS response, IPv6 first. */
  readonly addresses: readonly string[]
  readonly source: 'literal' | 'dns' | 'hosts file' | 'override'
  readonly failures: Readonly<{ A?: DnsFailure, AAAA?: DnsFailure }>
}

/** @see https://www.rfc-editor.org/rfc/rfc2782.html */
export interface SrvRecord {
  readonly target: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

export interface SrvLookup {
  readonly name: string
  /** By priority and weight; empty if there is a failure. */
  readonly records: readonly SrvRecord[]
  readonly failure: DnsFailure | undefined
}

/** This machine's DNS servers have answered none of the questions. */
export interface DnsFault {
  readonly servers: readonly string[]
  /** What became of the first question. */
  readonly failure: DnsFailure
}

export interface DnsOptions {
  /** A DNS server, `address` or `address:port`; the system's by default. */
  readonly server?: string | undefined
  /** 4 or 6: only addresses of that family. */
  readonly family?: 4 | 6 | undefined
  /** How long to wait for a response, in milliseconds. */
  readonly timeout: number
  /** Ends all questions. */
  readonly signal: AbortSignal
}

/** Whether DNS says that there is no such record, rather than failing to say anything. */
export function isAbsence ({ kind }: DnsFailure): boolean {
  return kind === 'not-found' || kind === 'no-data'
}

/** Asks DNS. A failure is part of the result; no method throws. */
export class Dns {
  readonly #options: DnsOptions
  readonly #resolver: Resolver
  /** What became of the first question that has no answer. */
  #failure: DnsFailure | undefined
  /** Whether there was an answer to any question. */
  #hasAnswered = false

  /** @throws {TypeError} if the DNS server is not an address. */
  constructor (options: DnsOptions) {
    this.#options = options
    this.#resolver = new Resolver({ timeout: Math.ceil(options.timeout / 2), tries: 2 })
    if (options.server !== undefined) this.#resolver.setServers([options.server])
  }

  /** The addresses of a host in DNS, as others see it; only without any, those in this machine's hosts file. */
  async lookup (host: string): Promise<Lookup> {
    const literal = withoutBrackets(host)
    if (isIP(literal) !== 0) return { host, addresses: [literal], source: 'literal', failures: {} }
    const { family, server } = this.#options
    const [aaaa, a] = await Promise.all([
      family === 4 ? unasked : this.#ask(this.#resolver.resolve6(host)),
      family === 6 ? unasked : this.#ask(this.#resolver.resolve4(host))
    ])
    const addresses = [...aaaa.found, ...a.found]
    const failures = {
      ...a.failure !== undefined && { A: a.failure },
      ...aaaa.failure !== undefined && { AAAA: aaaa.failure }
    }
    if (addresses.length > 0 || server !== undefined) return { host, addresses, source: 'dns', failures }
    const local = await this.#query(lookUpLocally(host, { all: true, family: family ?? 0 }))
    const source = local.found.length > 0 ? 'hosts file' : 'dns'
    return { host, addresses: local.found.map(({ address }) => address), source, failures }
  }

  async resolveSrv (name: string): Promise<SrvLookup> {
    const { found, failure } = await this.#ask(this.#resolver.resolveSrv(name))
    const records = found
      .map(({ name: target, port, priority, weight }) => ({ target, port, priority, weight }))
      .toSorted((left, right) => left.priority - right.priority || right.weight - left.weight)
    return { name, records, failure }
  }

  /** The name that a name is an alias of; undefined if it is not an alias. */
  async resolveCname (name: string): Promise<string | undefined> {
    const { found: [target] } = await this.#ask(this.#resolver.resolveCname(name))
    return target
  }

  /**
   * Tells a DNS server that fails from one that reports what others would see, too. If no question has an answer, it
   * asks for the name servers of the root, which every DNS server knows.
   */
  async diagnose (): Promise<DnsFault | undefined> {
    const failure = this.#failure
    if (failure === undefined || this.#hasAnswered) return undefined
    if (failure.kind !== 'unreachable') await this.#ask(this.#resolver.resolveNs('.'))
    // Without time for an answer, nothing is known.
    if (this.#hasAnswered || this.#options.signal.aborted) return undefined
    return { servers: this.#resolver.getServers(), failure }
  }

  /** Cancels all pending questions. */
  close (): void {
    this.#resolver.cancel()
  }

  /** Asks a DNS server, and notes whether it answers. */
  async #ask<Entry> (query: Promise<Entry[]>): Promise<Found<Entry>> {
    const result = await this.#query(query)
    const { failure } = result
    if (failure === undefined || isAbsence(failure) || failure.kind === 'unreadable') this.#hasAnswered = true
    else if (failure.kind !== 'other' && failure.kind !== 'invalid-name') this.#failure ??= failure
    return result
  }

  async #query<Entry> (query: Promise<Entry[]>): Promise<Found<Entry>> {
    const { timeout, signal } = this.#options
    try {
      // The resolver's timeout is for each try, and the system's lookup has none.
      return { found: await limitTime(timeout, signal, async limit => await Promise.race([query, rejectAfter(limit)])) }
    } catch (error) {
      return { found: [], failure: classifyDnsError(error) }
    }
  }
}

interface Found<Entry> {
  readonly found: Entry[]
  readonly failure?: DnsFailure
}

const unasked = { found: [], failure: undefined }

async function rejectAfter (limit: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    const abort = (): void => { reject(Object.assign(new Error('no response in time'), { code: 'ETIMEOUT' })) }
    if (limit.aborted) abort()
    else limit.addEventListener('abort', abort, { once: true })
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
