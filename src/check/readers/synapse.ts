/*
 * Synapse.
 * Observed: Synapse 1.163.2, synapse/http/federation/well_known_resolver.py, matrix_federation_agent.py and
 * srv_resolver.py, synapse/util/stringutils.py.
 */
import type { Reader } from './reader.ts'
import { followServer } from './server-outcome.ts'
import { synapseMaxSize } from '../../site/document-size.ts'
import { ignored, invalidDelegation } from './server-document.ts'
import type { ServerDocumentRules } from './server-document.ts'
import { maxPythonDepth } from './max-depth.ts'
import { decodeStrictly } from '../network/body-text.ts'

export const synapseDocumentRules: ServerDocumentRules = {
  maxSize: synapseMaxSize,
  acceptsStatus: status => status === 200,
  decodes: 'none',
  decode: decodeStrictly,
  maxDepth: maxPythonDepth,
  // It encodes the value as ASCII, and takes port 0 for none.
  invalidName: value => {
    if (value === '') return ignored('document.invalid')
    const [, host] = /^([a-z0-9.-]+):0+$/i.exec(value) ?? []
    if (host !== undefined) return { kind: 'delegated', name: host }
    return /^\p{ASCII}*$/u.test(value) ? invalidDelegation : ignored('document.invalid')
  },
  // Labels that only IDNA may have (RFC 5891, section 4.2.3.1).
  refusesName: value => /(?:^|\.)(?:-|(?!xn)[a-z0-9-]{2}--)|-(?:[.:]|$)/i.test(value)
}

export const synapse: Reader = {
  name: 'Synapse',
  kind: 'server',
  follow: (facts, now) => followServer(facts, {
    document: synapseDocumentRules,
    maxRedirects: 20,
    maxTime: 60_000,
    onSrvFailure: 'gives up',
    targetChoice: 'first that connects',
    avoidsPrivateAddresses: true
  }, now)
}
