import { InvalidValueError, parsePart } from './invalid-value.ts'
import { parseServerName } from './server-name.ts'
import type { ServerName } from './server-name.ts'

/** A Matrix user ID, taken apart. */
export interface UserId {
  readonly localpart: string
  readonly serverName: ServerName
}

/**
 * Takes a user ID apart: `@localpart:server_name`, the localpart by the grammar for historical user IDs, at most
 * 255 bytes in all.
 *
 * @throws {InvalidValueError} when it is not one.
 * @see https://spec.matrix.org/latest/appendices/#user-identifiers
 */
export function parseUserId (input: string): UserId {
  const [, localpart, serverName = ''] = /^@([\x21-\x39\x3b-\x7e]+):(.+)$/.exec(input) ?? []
  if (localpart === undefined) {
    throw new InvalidValueError('ERR_USER_ID', input, 'not a user ID such as @alice:example.com')
  }
  if (input.length > 255) {
    throw new InvalidValueError('ERR_LENGTH', input, `${input.length} characters, a user ID at most 255`)
  }
  return { localpart, serverName: parsePart(parseServerName, serverName, 'its server name', input) }
}
