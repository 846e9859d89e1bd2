import { isIP } from 'node:net'
import { withoutBrackets } from '../../matrix/server-name.ts'
import { abandonOn } from './abandon.ts'
import { DnsClient } from './dns-client.ts'
import type { DnsClientOptions, DnsFailure, Found, SrvRecord } from './dns-client.ts'

export type { DnsFailure, DnsFailureKind, SrvRecord } from './dns-client.ts'

/** The addresses of a host, and why it has none of a family. */
export interface Lookup {
  readonly host: string
  /** In the order of the DNS response, IPv6 first. */
  readonly addresses: readonly string[]
  readonly source: 'literal' | 'dns' | 'hosts file' | 'override'
  readonly failures: Readonly<{ A?: DnsFailure, AAAA?: DnsFailure }>
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

export interface DnsOptions extends DnsClientOptions {
  /** 4 or 6: only addresses of that family. */
  readonly family?: 4 | 6 | undefined
  /** A response that others got to an earlier question isn't used, as `performance.now()` has it. */
  readonly since?: number | undefined
}

/** Whether there is no such record, rather than a DNS server that fails to say anything. */
export function isAbsence ({ kind }: DnsFailure): boolean {
  // The name of a record that starts with _matrix-fed._tcp can be too long for DNS.
  return kind === 'not-found' || kind === 'no-data' || kind === 'invalid-name'
}

/** Asks DNS for one check. A failure is part of the result; no method throws. */
export class Dns {
  readonly #options: DnsOptions
  readonly #client: DnsClient
  /** What became of the first question that has no answer. */
  #failure: DnsFailure | undefined
  /** Whether there was an answer to any question. */
  #hasAnswered = false

  /**
   * @param client may be shared with other checks.
   * @throws {TypeError} if the DNS server is not an address.
   */
  constructor (options: DnsOptions, client = new DnsClient(options)) {
    this.#options = options
    this.#client = client
  }

  /** The addresses of a host in DNS, as others see it; only without any, those in this machine's hosts file. */
  async lookup (host: string): Promise<Lookup> {
    const literal = withoutBrackets(host)
    if (isIP(literal) !== 0) return { host, addresses: [literal], source: 'literal', failures: {} }
    const { family, server, since } = this.#options
    const [aaaa, a] = await Promise.all([
      family === 4 ? unasked : this.#ask(() => this.#client.ask('AAAA', host, since)),
      family === 6 ? unasked : this.#ask(() => this.#client.ask('A', host, since))
    ])
    const addresses = [...aaaa.found, ...a.found]
    const failures = {
      ...a.failure !== undefined && { A: a.failure },
      ...aaaa.failure !== undefined && { AAAA: aaaa.failure }
    }
    // The system would ask the same DNS server. Such a lookup can't be cancelled, and Node can't exit before it ends.
    const isSilent = Object.values(failures).some(({ kind }) => kind === 'timeout' || kind === 'other')
    if (addresses.length > 0 || server !== undefined || isSilent) return { host, addresses, source: 'dns', failures }
    const local = await this.#client.lookUpLocally(host, family ?? 0, since)
    const source = local.found.length > 0 ? 'hosts file' : 'dns'
    return { host, addresses: local.found, source, failures }
  }

  async resolveSrv (name: string): Promise<SrvLookup> {
    const { found, failure } = await this.#ask(() => this.#client.askForServices(name, this.#options.since))
    const records = found
      .toSorted((left, right) => left.priority - right.priority || right.weight - left.weight)
    return { name, records, failure }
  }

  /** The name that a name is an alias of; undefined if it is not an alias. */
  async resolveCname (name: string): Promise<string | undefined> {
    const { found: [target] } = await this.#ask(() => this.#client.ask('CNAME', name, this.#options.since))
    return target
  }

  /**
   * Tells a DNS server that fails from one that reports what others would see, too. If no question has an answer, it
   * asks for the name servers of the root, which every DNS server knows.
   */
  async diagnose (): Promise<DnsFault | undefined> {
    const failure = this.#failure
    if (failure === undefined || this.#hasAnswered) return undefined
    if (failure.kind !== 'unreachable') await this.#ask(() => this.#client.ask('NS', '.', this.#options.since))
    // Without time for an answer, nothing is known.
    if (this.#hasAnswered || this.#options.signal.aborted) return undefined
    return { servers: this.#client.servers, failure }
  }

  /** Cancels all pending questions. */
  close (): void {
    this.#client.close()
  }

  /** Asks if there is time left, and notes whether DNS answers. */
  async #ask<Entry> (ask: () => Promise<Found<Entry>>): Promise<Found<Entry>> {
    const { signal } = this.#options
    const result: Found<Entry> = signal.aborted ? outOfTime : await abandonOn(signal, ask(), () => outOfTime)
    const { failure } = result
    // Then it was not asked, or nothing is known.
    if (failure?.kind === 'invalid-name' || failure?.kind === 'other') return result
    if (failure === undefined || isAbsence(failure) || failure.kind === 'unreadable') this.#hasAnswered = true
    else this.#failure ??= failure
    return result
  }
}

const unasked = { found: [], failure: undefined }
const outOfTime = { found: [], failure: { kind: 'timeout', code: 'ETIMEOUT' } } as const
