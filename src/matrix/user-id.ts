import { findInvalidValue, InvalidValueError, parsePart } from './invalid-value.ts'
import { parseServerName } from './server-name.ts'
import type { ServerName } from './server-name.ts'

/** A parsed Matrix user ID. */
export interface UserId {
  /** May be empty, or not ASCII, in a historical user ID. */
  readonly localpart: string
  readonly serverName: ServerName
}

/** In bytes. */
const maxLength = 255

/**
 * Parses a user ID, `@localpart:server_name`, with the grammar for historical user IDs.
 *
 * @throws {InvalidValueError} if it is not one.
 * @see https://spec.matrix.org/latest/appendices/#historical-user-ids
 */
export function parseUserId (input: string): UserId {
  const [, localpart, serverName = ''] = /^@([^:\s\p{C}]*):(.+)$/u.exec(input) ?? []
  if (localpart === undefined) {
    // With a dot, since `tel:5` and `mailto:alice` are something else.
    const isWithoutSign = /^[\w.=+-]+:[^:/@]+\.[^:/@]+$/.test(input)
    const meant = isWithoutSign && findInvalidValue(parseUserId, `@${input}`) === undefined ? `@${input}` : undefined
    throw new InvalidValueError('ERR_USER_ID', input, 'not a user ID', 'write one such as @alice:example.com', meant)
  }
  const length = new TextEncoder().encode(input).length
  if (length > maxLength) {
    const fault = `has ${length} bytes, which is too long for a user ID`
    throw new InvalidValueError('ERR_LENGTH', input, fault, `use at most ${maxLength}`)
  }
  return { localpart, serverName: parsePart(parseServerName, serverName, 'server name', input) }
}

/** Whether a localpart matches the grammar for new user IDs. */
export function isCurrentLocalpart (localpart: string): boolean {
  return /^[a-z0-9._=/+-]+$/.test(localpart)
}
