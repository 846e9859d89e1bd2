import { Connections } from './peer.ts'
import type { PeerAddress } from './peer.ts'

/** Connections to a peer, and how many checks and requests use them. */
export interface SharedPeer {
  readonly id: number
  readonly at: PeerAddress
  readonly connections: Connections
  /** Everything that is known of it was observed after this, as `performance.now()` has it. */
  readonly start: number
  users: number
  /** Whether others get a new one instead, because this one is too old for them. */
  isRetired: boolean
  retirement: NodeJS.Timeout | undefined
}

export interface SharedPeersOptions {
  /** How long a peer is there for further checks, in milliseconds; 0: until it is closed. */
  readonly keep: number
  /** Opens the connections, and says since when their facts may be. */
  readonly open: (at: PeerAddress, since: number) => Pick<SharedPeer, 'connections' | 'start'>
}

/** How many peers that no check uses any more stay connected. */
const maxConnectedPeers = 16

/** How many of them are there for further checks: those that many checks need stay, because they were used last. */
const maxIdlePeers = 64

/**
 * The peers of several checks. Each is there for a short time only: an old connection shows an old certificate, and
 * hides that no new one can be made.
 */
export class SharedPeers {
  readonly #options: SharedPeersOptions
  /** Those that further checks get. */
  readonly #current = new Map<string, SharedPeer>()
  readonly #open = new Set<SharedPeer>()
  #lastId = 0
  /** Those that no check uses, from the least to the most recently used. */
  readonly #idle = new Set<SharedPeer>()
  /** The last of these, which are connected. */
  readonly #connected = new Set<SharedPeer>()

  constructor (options: SharedPeersOptions) {
    this.#options = options
  }

  /**
   * A peer that stays open until it is released.
   *
   * @param since one with older facts isn't used, as `performance.now()` has it.
   */
  hold (at: PeerAddress, since: number): SharedPeer {
    const key = JSON.stringify(at)
    const known = this.#current.get(key)
    const peer = known !== undefined && known.start > since ? known : this.#add(key, at, since)
    this.use(peer)
    return peer
  }

  /** The same for a peer that is held already: what others share goes on without the check that started it. */
  use (peer: SharedPeer): void {
    peer.users++
    this.#idle.delete(peer)
    this.#connected.delete(peer)
  }

  /** The last peers stay, for the next checks, and a few of them with a connection. */
  release (peer: SharedPeer): void {
    peer.users--
    if (peer.users > 0) return
    if (peer.isRetired) return this.#close(peer)
    peer.connections.closeSpare()
    this.#idle.add(peer)
    this.#connected.add(peer)
    dropFirst(this.#connected, maxConnectedPeers, ({ connections }) => connections.close())
    dropFirst(this.#idle, maxIdlePeers, oldest => this.#retire(oldest))
  }

  close (): void {
    for (const peer of this.#open) {
      clearTimeout(peer.retirement)
      peer.connections.close()
    }
  }

  #add (key: string, at: PeerAddress, since: number): SharedPeer {
    const { keep, open } = this.#options
    const state = { users: 0, isRetired: false, retirement: undefined }
    const peer: SharedPeer = { id: ++this.#lastId, at, ...open(at, since), ...state }
    const known = this.#current.get(key)
    if (known !== undefined) this.#retire(known)
    if (keep > 0) peer.retirement = setTimeout(() => this.#retire(peer), keep).unref()
    this.#current.set(key, peer)
    this.#open.add(peer)
    return peer
  }

  #retire (peer: SharedPeer): void {
    clearTimeout(peer.retirement)
    peer.isRetired = true
    this.#current.delete(JSON.stringify(peer.at))
    if (peer.users === 0) this.#close(peer)
  }

  #close (peer: SharedPeer): void {
    peer.connections.close()
    this.#open.delete(peer)
    this.#idle.delete(peer)
    this.#connected.delete(peer)
  }
}

/** Drops the one that was added first if there are more than `max`. */
function dropFirst (peers: Set<SharedPeer>, max: number, drop: (peer: SharedPeer) => void): void {
  const [first] = peers
  if (first === undefined || peers.size <= max) return
  peers.delete(first)
  drop(first)
}
