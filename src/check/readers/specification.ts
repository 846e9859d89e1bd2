/*
 * A server that does what the specification says.
 * https://spec.matrix.org/latest/server-server-api/#resolving-server-names (v1.19)
 */
import type { Reader } from './reader.ts'
import { followServer } from './server-outcome.ts'
import { ignored } from './server-document.ts'
import type { ServerDocumentRules } from './server-document.ts'
import { decodeStrictly } from '../network/body-text.ts'

export const specificationDocumentRules: ServerDocumentRules = {
  maxSize: Infinity,
  acceptsStatus: status => status === 200,
  decodes: 'any',
  decode: decodeStrictly,
  maxDepth: Infinity,
  invalidName: () => ignored('document.invalid')
}

export const specification: Reader = {
  name: 'the specification',
  kind: 'server',
  follow: (facts, now) => followServer(facts, {
    document: specificationDocumentRules,
    maxRedirects: Infinity,
    maxTime: Infinity,
    onSrvFailure: 'asks for the deprecated name',
    targetChoice: 'first that connects',
    avoidsPrivateAddresses: true
  }, now)
}
