import { setMaxListeners } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import { Dns } from './dns.ts'
import type { DnsFault, Lookup, SrvLookup } from './dns.ts'
import { Peer } from './peer.ts'
import type { PeerAddress } from './peer.ts'
import { isPrivateAddress } from '../../matrix/private-address.ts'

/** An address to use for a host and port instead of asking DNS: `--resolve`. */
export interface Override {
  readonly host: string
  readonly port: number
  /** An IP address, without brackets. */
  readonly address: string
  /** The port to connect to, if it isn't `port`. */
  readonly toPort?: number | undefined
}

export interface NetworkOptions {
  /** For each connection, response and lookup, in seconds; 10 by default. */
  readonly timeout?: number | undefined
  /** For the whole check, in seconds; six times `timeout` by default. */
  readonly deadline?: number | undefined
  /** A DNS server, `address` or `address:port`. */
  readonly dns?: string | undefined
  readonly resolve?: readonly Override[] | undefined
  /** 4 or 6: only addresses of that family. */
  readonly family?: 4 | 6 | undefined
  /** PEM certificates to trust in addition to those that Node trusts, NODE_EXTRA_CA_CERTS included. */
  readonly ca?: string[] | undefined
  /** Whether to refuse connections to addresses that aren't public, for those who check names for strangers. */
  readonly publicOnly?: boolean | undefined
  /** Called with what the check is waiting for, each time that changes. */
  readonly progress?: ((waitingFor: readonly string[]) => void) | undefined
  readonly connect?: ((address: string, port: number) => Socket) | undefined
}

/** All the I/O of a check. */
export interface Network {
  /** The addresses of a host for a port. */
  lookup (host: string, port: number): Promise<Lookup>
  resolveSrv (name: string): Promise<SrvLookup>
  resolveCname (name: string): Promise<string | undefined>
  /** What is wrong with this machine's DNS server; undefined if it has answered a question, or none was asked. */
  diagnoseDns (): Promise<DnsFault | undefined>
  openPeer (at: PeerAddress): Peer
  now (): Date
  /** Whether the deadline has passed. */
  readonly late: boolean
  close (): void
}

/** @throws {TypeError} if the DNS server is not an address, or a time is not a valid number of seconds. */
export function openNetwork (options: NetworkOptions = {}): Network {
  const timeout = toMilliseconds('timeout', options.timeout ?? 10)
  const deadline = options.deadline === undefined ? 6 * timeout : toMilliseconds('deadline', options.deadline)
  const signal = AbortSignal.timeout(deadline)
  // Every pending connection, response and lookup listens to it: easily more than ten, at which Node warns.
  setMaxListeners(0, signal)
  const secureContext = trustAlso(options.ca ?? [])
  const dns = new Dns({ server: options.dns, family: options.family, timeout, signal })
  const overrides = options.resolve ?? []
  const peers: Peer[] = []
  const pending = new Set<{ what: string }>()

  function overridesOf (host: string, port: number): readonly Override[] {
    return overrides.filter(override => override.host.toLowerCase() === host.toLowerCase() && override.port === port)
  }

  function startWaiting (what: string): () => void {
    const entry = { what }
    pending.add(entry)
    reportProgress()
    return () => { pending.delete(entry); reportProgress() }
  }

  function reportProgress (): void {
    options.progress?.([...pending].map(({ what }) => what))
  }

  async function waitFor<Value> (what: string, value: Promise<Value>): Promise<Value> {
    const stopWaiting = startWaiting(what)
    try {
      return await value
    } finally {
      stopWaiting()
    }
  }

  return {
    async lookup (host, port) {
      const addresses = overridesOf(host, port).map(({ address }) => address)
      if (addresses.length > 0) return { host, addresses, source: 'override', failures: {} }
      return await waitFor(`the address of ${host}`, dns.lookup(host))
    },
    resolveSrv: async name => await waitFor(`SRV ${name}`, dns.resolveSrv(name)),
    resolveCname: async name => await waitFor(`CNAME ${name}`, dns.resolveCname(name)),
    diagnoseDns: async () => await waitFor('a response from DNS', dns.diagnose()),
    openPeer (at) {
      const override = overridesOf(at.target ?? at.tlsName, at.port).find(({ address }) => address === at.address)
      const toPort = override?.toPort ?? at.port
      const peer = new Peer(at, {
        timeout,
        secureContext,
        signal,
        startWaiting,
        connect: address => {
          if (options.publicOnly === true && isPrivateAddress(address)) throw new PrivateAddressError(address)
          return (options.connect ?? openSocket)(address, toPort)
        }
      })
      peers.push(peer)
      return peer
    },
    now: () => new Date(),
    get late () { return signal.aborted },
    close () {
      dns.close()
      for (const peer of peers) peer.close()
    }
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
