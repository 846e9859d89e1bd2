import { isJsonObject, property } from '../../matrix/json-object.ts'
import { hasHomeserver } from '../gather/client.ts'
import type { ClientFacts } from '../gather/client.ts'
import { isTrusted } from '../network/certificate.ts'
import type { Fetch } from '../network/fetch.ts'
import { isIdentityServer } from './identity-server.ts'

/**
 * What a client finally does: log in at the homeserver that it found (SUCCESS), ask the user for the homeserver's
 * address as if there were no document (IGNORE), report an error and then ask (FAIL_PROMPT), or stop with an error
 * (FAIL_ERROR).
 *
 * @see https://spec.matrix.org/latest/client-server-api/#well-known-uris
 */
export type ClientVerdict = 'SUCCESS' | 'IGNORE' | 'FAIL_PROMPT' | 'FAIL_ERROR'

/** @param fetch the document that the client reads; undefined if no address responds. */
export function reachVerdict (fetch: Fetch | undefined, facts: ClientFacts | undefined): ClientVerdict {
  const isEachTrusted = fetch?.hops.every(({ tls }) => tls !== undefined && isTrusted(tls)) === true
  if (fetch === undefined || !isEachTrusted || fetch.redirectFault !== undefined) return 'FAIL_PROMPT'
  if (fetch.hops.at(-1)?.response?.status === 404) return 'IGNORE'
  const content = fetch.reading?.content
  if (content === undefined || !hasBaseUrl(content['m.homeserver'])) return 'FAIL_PROMPT'
  // Clients treat null as a missing key.
  const identityServer = content['m.identity_server'] ?? undefined
  if (identityServer !== undefined && !hasBaseUrl(identityServer)) return 'FAIL_PROMPT'
  // A few clients add a missing scheme.
  const isUrl = URL.canParse(String(property(content['m.homeserver'], 'base_url')))
  if (!isUrl || facts === undefined || !hasHomeserver(facts)) return 'FAIL_ERROR'
  if (identityServer !== undefined && !isIdentityServer(facts.identityServer?.exchange)) return 'FAIL_ERROR'
  return 'SUCCESS'
}

/** Whether the value of a key of `/client` has a `base_url`, valid or not. */
export function hasBaseUrl (value: unknown): boolean {
  return isJsonObject(value) && value['base_url'] !== undefined
}
