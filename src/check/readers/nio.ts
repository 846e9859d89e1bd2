/*
 * Bots and clients based on matrix-nio.
 * Observed: matrix-nio 0.26.0, nio/responses.py (DiscoveryInfoResponse) and nio/schemas.py.
 */
import { followClient } from './client-outcome.ts'
import type { Reader } from './reader.ts'
import { isJsonObject, property } from '../../matrix/json-object.ts'
import type { Response } from '../network/peer.ts'
import { invalidContent } from './causes.ts'
import { fails, missing, readAsPython } from './client-document.ts'
import type { ClientReading } from './client-document.ts'

/** Reads `/client`, whatever its status. It never asks the homeserver for /versions. */
export function readAsNio (response: Response): ClientReading {
  return readAsPython(response.body, content => {
    const url = property(property(content, 'm.homeserver'), 'base_url')
    if (!isUrl(url)) return fails(...response.status === 404 ? missing : invalidContent)
    const identityServer = property(content, 'm.identity_server')
    if (identityServer !== undefined && !(isJsonObject(identityServer) && isUrl(identityServer.base_url))) {
      return fails(...invalidContent)
    }
    return { kind: 'homeserver', baseUrl: url }
  })
}

/** It compares the scheme as it is written. */
function isUrl (value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/[^/?#]/.test(value)
}

export const nio: Reader = {
  name: 'matrix-nio',
  kind: 'client',
  follow: facts => followClient(facts, {
    read: readAsNio,
    isBrowser: false,
    maxRedirects: 10,
    keepsSlashes: false,
    maxTime: 60_000,
    acceptsVersions: undefined,
    usesOauth: false
  })
}
