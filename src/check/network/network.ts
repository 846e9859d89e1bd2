import { setMaxListeners } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import { Dns } from './dns.ts'
import type { Lookup, SrvLookup } from './dns.ts'
import { Peer } from './peer.ts'
import type { PeerAddress } from './peer.ts'

/** A name that is looked up nowhere, but is at this address: `--resolve`. */
export interface Override {
  readonly host: string
  readonly port: number
  /** An IP address, without brackets. */
  readonly address: string
  /** Where another port than the host's is to be connected to. */
  readonly toPort?: number | undefined
}

export interface NetworkOptions {
  /** For each connection, each answer and each look-up, in seconds. */
  readonly timeout?: number | undefined
  /** For all of it, in seconds. */
  readonly deadline?: number | undefined
  /** A DNS server, `address` or `address:port`. */
  readonly dns?: string | undefined
  readonly resolve?: readonly Override[] | undefined
  /** 4 or 6: addresses of that family alone. */
  readonly family?: 4 | 6 | undefined
  /** PEM certificates to trust instead of those that Node trusts. */
  readonly ca?: string[] | undefined
  /** Told, now and then, what is waited for. */
  readonly progress?: ((waitingFor: readonly string[]) => void) | undefined
  readonly connect?: ((address: string, port: number) => Socket) | undefined
}

/** What a check asks of the world: the only I/O that it has. */
export interface Network {
  /** The addresses of a host for a port. */
  lookup (host: string, port: number): Promise<Lookup>
  resolveSrv (name: string): Promise<SrvLookup>
  resolveCname (name: string): Promise<string | undefined>
  openPeer (at: PeerAddress): Peer
  now (): Date
  /** Whether the time for all of it has run out. */
  readonly late: boolean
  close (): void
}

function toMilliseconds (name: string, seconds: number): number {
  if (seconds > 0 && seconds <= 86_400) return Math.ceil(seconds * 1000)
  throw new TypeError(`${name} is ${seconds}: write seconds, more than 0 and at most 86400`)
}

/** @throws {TypeError} when the DNS server is not an address, or a time no number of seconds. */
export function buildNetwork (options: NetworkOptions = {}): Network {
  const timeout = toMilliseconds('timeout', options.timeout ?? 10)
  const deadline = options.deadline === undefined ? 6 * timeout : toMilliseconds('deadline', options.deadline)
  const signal = AbortSignal.timeout(deadline)
  // Each connection and answer listens to it, until its own time is up. Node warns of more than ten.
  setMaxListeners(0, signal)
  const secureContext = createSecureContext(options.ca === undefined ? {} : { ca: options.ca })
  const dns = new Dns({ server: options.dns, family: options.family, timeout, signal })
  const overrides = options.resolve ?? []
  const peers: Peer[] = []
  const waitingFor = new Set<{ what: string }>()

  function overridesOf (host: string, port: number): readonly Override[] {
    return overrides.filter(override => override.host.toLowerCase() === host.toLowerCase() && override.port === port)
  }

  function wait (what: string): () => void {
    const entry = { what }
    waitingFor.add(entry)
    tell()
    return () => { waitingFor.delete(entry); tell() }
  }

  function tell (): void {
    options.progress?.([...waitingFor].map(({ what }) => what))
  }

  async function ask<Answer> (what: string, answer: Promise<Answer>): Promise<Answer> {
    const done = wait(what)
    try {
      return await answer
    } finally {
      done()
    }
  }

  return {
    async lookup (host, port) {
      const found = overridesOf(host, port)
      if (found.length > 0) return { host, addresses: found.map(({ address }) => address), source: 'override', failures: {} }
      return await ask(`the address of ${host}`, dns.lookup(host))
    },
    resolveSrv: async name => await ask(`SRV ${name}`, dns.resolveSrv(name)),
    resolveCname: async name => await ask(`CNAME ${name}`, dns.resolveCname(name)),
    openPeer (at) {
      const override = overridesOf(at.target ?? at.tlsName, at.port).find(({ address }) => address === at.address)
      const toPort = override?.toPort ?? at.port
      const peer = new Peer(at, {
        timeout,
        secureContext,
        signal,
        wait,
        connect: address => (options.connect ?? openSocket)(address, toPort)
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

function openSocket (address: string, port: number): Socket {
  return connect({ host: address, port })
}
