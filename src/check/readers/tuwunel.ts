/*
 * tuwunel, continuwuity, Conduit and other servers based on ruma.
 * Observed: tuwunel f4ac928 (2026), src/service/resolver/well_known.rs and actual.rs.
 */
import type { Reader } from './reader.ts'
import { followServer } from './server-outcome.ts'
import { tuwunelMaxSize } from '../../site/document-size.ts'
import { ignored } from './server-document.ts'
import type { ServerDocumentRules } from './server-document.ts'
import { decodeAsBrowser } from '../network/body-text.ts'

export const tuwunelDocumentRules: ServerDocumentRules = {
  maxSize: tuwunelMaxSize,
  acceptsStatus: status => status >= 200 && status < 300,
  decodes: 'any',
  decode: decodeAsBrowser,
  maxDepth: 127,
  invalidName: () => ignored('document.invalid')
}

export const tuwunel: Reader = {
  name: 'tuwunel/continuwuity/Conduit',
  kind: 'server',
  follow: (facts, now) => followServer(facts, {
    document: tuwunelDocumentRules,
    maxRedirects: 4,
    maxTime: 10_000,
    onSrvFailure: 'gives up',
    targetChoice: 'any one',
    avoidsPrivateAddresses: true
  }, now)
}
