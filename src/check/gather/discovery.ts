import { findDocumentFaults } from '../../matrix/document-faults.ts'
import { formatCount } from '../../matrix/format-count.ts'
import { parseDelegatedServerName, parseServerName, withoutBrackets } from '../../matrix/server-name.ts'
import type { ServerName } from '../../matrix/server-name.ts'
import { synapseMaxSize } from '../../site/document-size.ts'
import { documentPath } from '../../site/documents.ts'
import { isTrusted } from '../network/certificate.ts'
import { isAbsence } from '../network/dns.ts'
import type { Lookup, SrvLookup, SrvRecord } from '../network/dns.ts'
import type { Fetch } from '../network/fetch.ts'
import type { Network } from '../network/network.ts'

/** More than a homeserver needs; a name with more could make us flood others. */
const maxTargets = 8

/** A step of server discovery, numbered as in the specification. */
export type StepNumber = '1' | '2' | '3' | '3.1' | '3.2' | '3.3' | '3.4' | '3.5' | '4' | '5' | '6'

/** A step that was tried. */
export interface Step {
  readonly step: StepNumber
  /** Whether it applied: it led to the endpoint or, for step 3, to its substeps. */
  readonly taken: boolean
  /** What was found, or why it was skipped. */
  readonly what: string
}

/** A host that other servers connect to. */
export interface Target {
  /** As in a URL: an IPv6 address has brackets. */
  readonly host: string
  readonly port: number
  readonly lookup: Lookup
  /** Of its SRV record: servers try the lowest first. 0 if there is no record. */
  readonly priority: number
  /** For the target of an SRV record, the name that it is an alias of, which RFC 2782 forbids. */
  readonly cname: string | undefined
}

/** Where other servers finally connect to. */
export interface Endpoint {
  /** The step that led here. */
  readonly step: StepNumber
  /** The Host header that they send. */
  readonly hostHeader: string
  /** The name or address that the certificate has to be for. */
  readonly tlsName: string
  /** In the order in which they are tried. */
  readonly targets: readonly Target[]
  /** How many further SRV records there are, whose targets are not asked. */
  readonly unasked: number
}

export interface Discovery {
  readonly steps: readonly Step[]
  /** Undefined if an SRV record says that there is no such service. */
  readonly endpoint: Endpoint | undefined
  /** The SRV record that says so. */
  readonly refusal: string | undefined
  /** The response whose `m.server` was followed. */
  readonly delegation: Fetch | undefined
  /** SRV records that no server reads, because the well-known document takes precedence. */
  readonly shadowed: readonly SrvLookup[]
  /** SRV lookups that failed. */
  readonly failedLookups: readonly SrvLookup[]
}

/**
 * Finds where other servers connect to, step by step.
 *
 * @param fetches the responses of each address of the host for `/.well-known/matrix/server`. They are only awaited if
 * the specification demands the document.
 * @throws {InvalidValueError} if the server name is not valid.
 * @see https://spec.matrix.org/latest/server-server-api/#resolving-server-names
 */
export async function discover (
  serverName: string,
  network: Network,
  fetches: Promise<readonly Fetch[]>
): Promise<Discovery> {
  const resolution = new Resolution(network)
  const name = parseServerName(serverName)
  const direct = await resolution.resolveDirectly(name, serverName, ['1', '2'])
  if (direct !== undefined) return resolution.end(direct)

  const own = resolution.lookUpSrv(name.host)
  const delegation = resolution.selectDelegation(await fetches)
  if (delegation === undefined) {
    return resolution.end(await resolution.resolveBySrv(name.host, await own, ['4', '5', '6']))
  }

  const delegatedName = String(delegation.reading?.content?.['m.server'])
  const delegated = parseDelegatedServerName(delegatedName)
  const endpoint = await resolution.resolveDelegated(delegated, delegatedName)
  // If a name is delegated to itself without a port, its own records are used.
  const usesOwn = delegated.host.toLowerCase() === name.host.toLowerCase() && delegated.port === undefined
  return resolution.end(endpoint, delegation, usesOwn ? [] : await own)
}

/**
 * Finds where servers connect to that read another delegation than the specification has it, or none.
 *
 * @param serverName neither an address nor a name with a port.
 * @param delegatedName a valid server name; undefined for servers that ignore the document.
 */
export async function discoverOtherwise (
  serverName: string,
  network: Network,
  delegatedName: string | undefined
): Promise<Discovery> {
  const resolution = new Resolution(network)
  const { host } = parseServerName(serverName)
  return resolution.end(delegatedName === undefined
    ? await resolution.resolveBySrv(host, await resolution.lookUpSrv(host), ['4', '5', '6'])
    : await resolution.resolveDelegated(parseDelegatedServerName(delegatedName), delegatedName))
}

type SrvPair = readonly [current: SrvLookup, deprecated: SrvLookup]

/** The steps of one discovery, recorded as they are tried. */
class Resolution {
  readonly #network: Network
  readonly #steps: Step[] = []
  readonly #lookups: SrvLookup[] = []
  #refusal: string | undefined

  constructor (network: Network) {
    this.#network = network
  }

  end (endpoint: Endpoint | undefined, delegation?: Fetch, unread: readonly SrvLookup[] = []): Discovery {
    const failedLookups = this.#lookups.filter(({ failure }) => failure !== undefined && !isAbsence(failure))
    const shadowed = unread.filter(({ records }) => records.length > 0)
    return { steps: this.#steps, endpoint, refusal: this.#refusal, delegation, shadowed, failedLookups }
  }

  /** The endpoint of a name that is an address or has a port. */
  async resolveDirectly (
    name: ServerName,
    text: string,
    [addressStep, portStep]: readonly [StepNumber, StepNumber]
  ): Promise<Endpoint | undefined> {
    const endpoint = async (step: StepNumber, port: number): Promise<Endpoint> => ({
      step,
      hostHeader: text,
      tlsName: withoutBrackets(name.host),
      targets: [await this.#lookUpTarget(name.host, port)],
      unasked: 0
    })
    if (name.kind !== 'dns') {
      this.#record(addressStep, true, `${text} is an IP address${name.port === undefined ? ', port 8448' : ''}`)
      return await endpoint(addressStep, name.port ?? 8448)
    }
    this.#record(addressStep, false, `${name.host} is not an IP address`)
    this.#record(portStep, name.port !== undefined, `${text} has ${name.port === undefined ? 'no' : 'a'} port`)
    return name.port === undefined ? undefined : await endpoint(portStep, name.port)
  }

  /** The endpoint of a delegated name. */
  async resolveDelegated (delegated: ServerName, text: string): Promise<Endpoint | undefined> {
    return await this.resolveDirectly(delegated, text, ['3.1', '3.2']) ??
      await this.resolveBySrv(delegated.host, await this.lookUpSrv(delegated.host), ['3.3', '3.4', '3.5'])
  }

  /** The endpoint of a name without a port: by SRV records, or else port 8448. */
  async resolveBySrv (
    host: string,
    lookups: SrvPair,
    [currentStep, deprecatedStep, defaultStep]: readonly [StepNumber, StepNumber, StepNumber]
  ): Promise<Endpoint | undefined> {
    const [current, deprecated] = lookups
    // No server asks for the deprecated name if there is the current one.
    this.#lookups.push(current, ...current.records.length === 0 ? [deprecated] : [])
    for (const [step, { name, records, failure }] of [[currentStep, current], [deprecatedStep, deprecated]] as const) {
      if (records.length === 0) {
        const error = failure === undefined || isAbsence(failure) ? '' : ` (${failure.code})`
        this.#record(step, false, `no SRV ${name}${error}`)
        continue
      }
      // Only a single "." means that there is no such service (RFC 2782).
      const usable = records.filter(({ target }) => target !== '' && target !== '.')
      if (usable.length === 0) {
        this.#record(step, true, `SRV ${name} is ".": there is no such service`)
        this.#refusal = name
        return undefined
      }
      const asked = usable.slice(0, maxTargets)
      const unasked = usable.length - asked.length
      const more = unasked > 0 ? ` and ${unasked} more` : ''
      this.#record(step, true, `SRV ${name} → ${asked.map(describeRecord).join(', ')}${more}`)
      const targets = await Promise.all(asked.map(async record => await this.#lookUpSrvTarget(record)))
      return { step, hostHeader: host, tlsName: host, targets, unasked }
    }
    this.#record(defaultStep, true, `${host}, port 8448`)
    const targets = [await this.#lookUpTarget(host, 8448)]
    return { step: defaultStep, hostHeader: host, tlsName: host, targets, unasked: 0 }
  }

  /** The first response that delegates; whether the others differ is not of interest here. */
  selectDelegation (fetches: readonly Fetch[]): Fetch | undefined {
    const reasons = fetches.map(whyNoDelegation)
    const delegation = fetches[reasons.indexOf(undefined)]
    const path = documentPath('server')
    if (delegation !== undefined) {
      this.#record('3', true, `${path} → ${String(delegation.reading?.content?.['m.server'])}`)
    } else {
      this.#record('3', false, `${path}: ${[...new Set(reasons)].join('; ') || 'the host has no address'}`)
    }
    return delegation
  }

  async lookUpSrv (host: string): Promise<SrvPair> {
    return await Promise.all([
      this.#network.resolveSrv(`_matrix-fed._tcp.${host}`),
      this.#network.resolveSrv(`_matrix._tcp.${host}`)
    ])
  }

  #record (step: StepNumber, taken: boolean, what: string): void {
    this.#steps.push({ step, taken, what })
  }

  async #lookUpTarget (host: string, port: number): Promise<Target> {
    const lookup = await this.#network.lookup(withoutBrackets(host), port)
    return { host, port, lookup, priority: 0, cname: undefined }
  }

  async #lookUpSrvTarget ({ target: host, port, priority }: SrvRecord): Promise<Target> {
    const [target, cname] = await Promise.all([this.#lookUpTarget(host, port), this.#network.resolveCname(host)])
    return { ...target, priority, cname }
  }
}

function describeRecord ({ target, port, priority, weight }: SrvRecord): string {
  return `${target}:${port} (priority ${priority}, weight ${weight})`
}

/** Why servers treat a response as if there were no document; undefined if it delegates. */
export function whyNoDelegation ({ hops, redirectFault, reading }: Fetch): string | undefined {
  const last = hops.at(-1)
  const response = last?.response
  const failure = last?.failure
  if (hops.some(({ tls }) => tls !== undefined && !isTrusted(tls))) return "its certificate isn't valid"
  if (redirectFault !== undefined) return 'its redirects lead nowhere'
  if (failure !== undefined) return response === undefined ? `no response (${failure.kind})` : 'the response is cut off'
  if (response !== undefined && response.status !== 200) return `status ${response.status}`
  if (response !== undefined && response.body.length > synapseMaxSize) {
    return `longer than ${formatCount(synapseMaxSize)} bytes`
  }
  if (reading?.content === undefined) return 'not a JSON object'
  return findDocumentFaults('server', reading.content).length > 0 ? 'no valid m.server' : undefined
}
