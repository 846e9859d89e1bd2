import { hasDecodedPaths } from '../gather/federation.ts'
import type { FederationAddress } from '../gather/federation.ts'
import { areKeysValid } from '../gather/published-keys.ts'
import { isTrusted } from '../network/certificate.ts'
import { isUntried } from '../network/peer.ts'
import { addressCause, certificateCause, keysCause } from './causes.ts'
import type { Cause } from './outcome.ts'

/** What a server meets at an address. */
export type AddressState =
  | { readonly kind: 'good' }
  /** It connects, and gets a response that it can't use, or none in time. */
  | { readonly kind: 'bad', readonly causes: readonly Cause[] }
  /** It connects, and loses the connection, or can't trust it. */
  | { readonly kind: 'broken', readonly causes: readonly Cause[] }
  /** It can't connect: at once, after a timeout, or not from here. */
  | { readonly kind: 'refused' | 'silent' | 'untried', readonly causes: readonly Cause[] }

/** What a server meets at an address of a homeserver. */
export function stateOfAddress (federationAddress: FederationAddress, now: Date): AddressState {
  const { target: { host, port }, address, keys, version } = federationAddress
  const about = { host, port, address }
  const connected = keys.response === undefined ? version : keys
  if (connected.response === undefined) {
    const causes = [addressCause(about)]
    if (isUntried(keys.failure)) return { kind: 'untried', causes }
    switch (keys.failure?.kind) {
      case 'refused': return { kind: 'refused', causes }
      case 'timeout': return { kind: keys.failure.phase === 'connect' ? 'silent' : 'bad', causes }
      default: return { kind: 'broken', causes }
    }
  }
  if (keys.tls !== undefined && !isTrusted(keys.tls)) return { kind: 'broken', causes: [certificateCause(about)] }
  switch (findServerFault(federationAddress, now)) {
    case 'not-served': return { kind: 'bad', causes: [{ findings: ['federation.not-served'], about }] }
    case 'keys': return { kind: 'bad', causes: [keysCause(about), addressCause(about)] }
    case 'decoded-path': return { kind: 'bad', causes: [{ findings: ['federation.decoded-path'], about }] }
    default: return { kind: 'good' }
  }
}

/** What servers don't accept at an address that responds, whatever its certificate is; undefined if nothing. */
export function findServerFault (
  federationAddress: FederationAddress,
  now: Date
): 'not-served' | 'keys' | 'decoded-path' | undefined {
  const { lacksFederation, publishedKeys } = federationAddress
  if (lacksFederation) return 'not-served'
  if (publishedKeys === undefined || !areKeysValid(publishedKeys, now)) return 'keys'
  return hasDecodedPaths(federationAddress) ? 'decoded-path' : undefined
}
