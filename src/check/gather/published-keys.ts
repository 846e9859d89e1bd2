import { checkKeySignatures } from '../../matrix/server-keys.ts'
import type { KeySignatures } from '../../matrix/server-keys.ts'
import { readJsonResponse } from '../network/json-body.ts'
import type { Exchange } from '../network/peer.ts'

/** What other servers go by in the keys that a homeserver publishes. */
export interface PublishedKeys {
  /** `valid_until_ts`. */
  readonly validUntil: number | undefined
  /** Undefined if there is no ed25519 key. */
  readonly signatures: KeySignatures | undefined
}

/**
 * Reads the response of `/_matrix/key/v2/server`, and keeps little of it: every reader needs it for each address.
 *
 * @returns undefined unless it is a complete response with keys of this server.
 */
export function readPublishedKeys ({ response, failure }: Exchange, serverName: string): PublishedKeys | undefined {
  if (response?.status !== 200 || response.truncated || failure !== undefined) return undefined
  const { content } = readJsonResponse(response)
  if (content?.['server_name'] !== serverName) return undefined
  const { valid_until_ts: until } = content
  return {
    validUntil: typeof until === 'number' ? until : undefined,
    signatures: checkKeySignatures(content, serverName)
  }
}

/** Whether other servers accept these keys now. */
export function areKeysValid ({ validUntil, signatures }: PublishedKeys, now: Date): boolean {
  return validUntil !== undefined && validUntil > now.getTime() && signatures?.faults.size === 0
}
