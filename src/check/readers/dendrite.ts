/*
 * Dendrite and other servers based on gomatrixserverlib.
 * Observed: gomatrixserverlib ffcbbd3 (2025-12), fclient/well_known.go and fclient/resolve.go.
 */
import type { Reader } from './reader.ts'
import { followServer } from './server-outcome.ts'
import { ignored, invalidDelegation } from './server-document.ts'
import type { ServerDocumentRules } from './server-document.ts'
import { maxGoDepth } from './max-depth.ts'
import { decodeLossily } from '../network/body-text.ts'

export const dendriteDocumentRules: ServerDocumentRules = {
  maxSize: 51_200,
  acceptsStatus: status => status === 200,
  decodes: 'gzip',
  decode: decodeLossily,
  maxDepth: maxGoDepth,
  invalidName: value => {
    if (value === '') return ignored('document.invalid')
    const [, host, port] = /^([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.(:\d{1,5})?$/i.exec(value) ?? []
    return host === undefined ? invalidDelegation : { kind: 'delegated', name: `${host}${port ?? ''}` }
  }
}

export const dendrite: Reader = {
  name: 'Dendrite',
  kind: 'server',
  follow: (facts, now) => followServer(facts, {
    document: dendriteDocumentRules,
    maxRedirects: 10,
    maxTime: 30_000,
    onSrvFailure: 'uses port 8448',
    targetChoice: 'first that responds',
    avoidsPrivateAddresses: true
  }, now)
}
