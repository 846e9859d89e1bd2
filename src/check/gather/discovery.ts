import { findDocumentFaults } from '../../matrix/document-faults.ts'
import { synapseMaxSize } from '../../site/document-size.ts'
import { parseDelegatedServerName, parseServerName, withoutBrackets } from '../../matrix/server-name.ts'
import type { ServerName } from '../../matrix/server-name.ts'
import type { Network } from '../network/network.ts'
import { isAbsence } from '../network/dns.ts'
import type { Lookup, SrvLookup, SrvRecord } from '../network/dns.ts'
import type { Fetch } from './well-known.ts'

/** More than anybody needs; whoever names more would have others be flooded. */
const greatestTargets = 8

/** A step of server discovery, numbered as the specification numbers it. */
export type StepNumber = '1' | '2' | '3' | '3.1' | '3.2' | '3.3' | '3.4' | '3.5' | '4' | '5' | '6'

/** A step that was tried. */
export interface Step {
  readonly step: StepNumber
  /** Whether it led on: to the endpoint, or from 3 to its substeps. */
  readonly taken: boolean
  /** What was found, or why it fell through. */
  readonly what: string
}

/** A host that other servers connect to. */
export interface Target {
  /** As in a URL: an IPv6 address has brackets. */
  readonly host: string
  readonly port: number
  readonly lookup: Lookup
  /** What the host is an alias of, where it came from an SRV record: it must not be one. */
  readonly cname: string | undefined
}

/** Where other servers connect to in the end. */
export interface Endpoint {
  readonly step: StepNumber
  /** The Host header that they send. */
  readonly hostHeader: string
  /** The name or address that the certificate has to be for. */
  readonly tlsName: string
  /** In the order in which they are tried. */
  readonly targets: readonly Target[]
  /** How many SRV records there are beyond those whose targets are asked. */
  readonly unasked: number
}

export interface Discovery {
  readonly steps: readonly Step[]
  /** Undefined where an SRV record says that there is no such service. */
  readonly endpoint: Endpoint | undefined
  /** The answer whose `m.server` was followed. */
  readonly delegation: Fetch | undefined
  /** SRV records that nobody reads, since the well-known goes before them. */
  readonly shadowed: readonly SrvLookup[]
  /** SRV look-ups to which nobody had an answer. */
  readonly failedLookups: readonly SrvLookup[]
}

/**
 * Finds out where other servers connect to, step by step.
 *
 * @param fetches what came of asking each address of the host for `/.well-known/matrix/server`; only awaited where the
 * specification has it asked.
 * @throws {InvalidValueError} when the server name is none.
 * @see https://spec.matrix.org/latest/server-server-api/#resolving-server-names
 */
export async function discover (serverName: string, network: Network, fetches: () => Promise<readonly Fetch[]>): Promise<Discovery> {
  const walk = new Walk(network)
  const name = parseServerName(serverName)
  const direct = await walk.direct(name, serverName, ['1', '2'])
  if (direct !== undefined) return walk.end(direct)

  const own = walk.resolveSrv(name.host)
  const delegation = walk.wellKnown(await fetches())
  if (delegation === undefined) return walk.end(await walk.indirect(name.host, await own, ['4', '5', '6']))

  const delegatedName = String(delegation.reading?.content?.['m.server'])
  const delegated = parseDelegatedServerName(delegatedName)
  const endpoint = await walk.direct(delegated, delegatedName, ['3.1', '3.2']) ??
    await walk.indirect(delegated.host, await walk.resolveSrv(delegated.host), ['3.3', '3.4', '3.5'])
  // The delegated name may be the server's own; then its records are not shadowed.
  const shadowed = delegated.host.toLowerCase() === name.host.toLowerCase() && delegated.port === undefined ? [] : await own
  return walk.end(endpoint, delegation, shadowed)
}

type SrvPair = readonly [fed: SrvLookup, deprecated: SrvLookup]

/** The way through the steps, taken down as it goes. */
class Walk {
  readonly #network: Network
  readonly #steps: Step[] = []
  readonly #lookups: SrvLookup[] = []

  constructor (network: Network) {
    this.#network = network
  }

  end (endpoint: Endpoint | undefined, delegation?: Fetch, shadowed: readonly SrvLookup[] = []): Discovery {
    const failedLookups = this.#lookups.filter(({ failure }) => failure !== undefined && !isAbsence(failure))
    return { steps: this.#steps, endpoint, delegation, shadowed: shadowed.filter(({ records }) => records.length > 0), failedLookups }
  }

  /** A name that says by itself where to connect: an address, or a host with a port. */
  async direct (name: ServerName, text: string, [literal, explicit]: readonly [StepNumber, StepNumber]): Promise<Endpoint | undefined> {
    const endpoint = async (step: StepNumber, port: number): Promise<Endpoint> => ({
      step,
      hostHeader: text,
      tlsName: withoutBrackets(name.host),
      targets: [await this.#target(name.host, port)],
      unasked: 0
    })
    if (name.kind !== 'dns') {
      this.#take(literal, true, `${text} is an IP address${name.port === undefined ? ', port 8448' : ''}`)
      return await endpoint(literal, name.port ?? 8448)
    }
    this.#take(literal, false, `${name.host} is no IP address`)
    this.#take(explicit, name.port !== undefined, name.port === undefined ? `${text} names no port` : `${text} names a port`)
    return name.port === undefined ? undefined : await endpoint(explicit, name.port)
  }

  /** A name that leaves it to SRV records, or else to port 8448. */
  async indirect (host: string, lookups: SrvPair, [fed, deprecated, fallback]: readonly [StepNumber, StepNumber, StepNumber]): Promise<Endpoint | undefined> {
    this.#lookups.push(...lookups)
    for (const [i, step] of [fed, deprecated].entries()) {
      const { name, records, failure } = lookups[i] as SrvLookup
      if (records.length === 0) {
        this.#take(step, false, `no SRV ${name}${failure === undefined || isAbsence(failure) ? '' : ` (${failure.code})`}`)
        continue
      }
      // Only alone does "." mean that there is no such service (RFC 2782).
      const named = records.filter(({ target }) => target !== '' && target !== '.')
      if (named.length === 0) {
        this.#take(step, true, `SRV ${name} is ".": there is no such service`)
        return undefined
      }
      const asked = named.slice(0, greatestTargets)
      const unasked = named.length - asked.length
      this.#take(step, true, `SRV ${name} → ${asked.map(describeRecord).join(', ')}${unasked > 0 ? ` and ${unasked} more` : ''}`)
      const targets = await Promise.all(asked.map(async ({ target, port }) => await this.#target(target, port, true)))
      return { step, hostHeader: host, tlsName: host, targets, unasked }
    }
    this.#take(fallback, true, `${host}, port 8448`)
    return { step: fallback, hostHeader: host, tlsName: host, targets: [await this.#target(host, 8448)], unasked: 0 }
  }

  /** The first answer that delegates; the others are compared elsewhere. */
  wellKnown (fetches: readonly Fetch[]): Fetch | undefined {
    const reasons = fetches.map(whyNoDelegation)
    const delegation = fetches[reasons.indexOf(undefined)]
    const path = '/.well-known/matrix/server'
    if (delegation !== undefined) this.#take('3', true, `${path} → ${String(delegation.reading?.content?.['m.server'])}`)
    else this.#take('3', false, `${path}: ${[...new Set(reasons)].join('; ') || 'the host has no address'}`)
    return delegation
  }

  async resolveSrv (host: string): Promise<SrvPair> {
    return await Promise.all([this.#network.resolveSrv(`_matrix-fed._tcp.${host}`), this.#network.resolveSrv(`_matrix._tcp.${host}`)])
  }

  #take (step: StepNumber, taken: boolean, what: string): void {
    this.#steps.push({ step, taken, what })
  }

  async #target (host: string, port: number, fromSrv = false): Promise<Target> {
    const [lookup, cname] = await Promise.all([
      this.#network.lookup(withoutBrackets(host), port),
      fromSrv ? this.#network.resolveCname(host) : undefined
    ])
    return { host, port, lookup, cname }
  }
}

function describeRecord ({ target, port, priority, weight }: SrvRecord): string {
  return `${target}:${port} (priority ${priority}, weight ${weight})`
}

/** Why an answer counts as no well-known (spec §2.4); undefined where it delegates. */
export function whyNoDelegation ({ hops, redirectFault, reading }: Fetch): string | undefined {
  const last = hops.at(-1)
  for (const { tls } of hops) {
    if (tls !== undefined && (tls.chainFault !== undefined || !tls.nameMatches)) return 'its certificate is not valid'
  }
  if (redirectFault !== undefined) return 'redirects lead nowhere'
  if (last?.failure !== undefined) return last.response === undefined ? `no answer (${last.failure.kind})` : 'the answer breaks off'
  if (last?.response !== undefined && last.response.status !== 200) return `status ${last.response.status}`
  if (last?.response !== undefined && last.response.body.length > synapseMaxSize) return `longer than ${synapseMaxSize.toLocaleString('en')} bytes`
  if (reading?.content === undefined) return 'no JSON object'
  return findDocumentFaults('server', reading.content).length > 0 ? 'no valid m.server' : undefined
}
