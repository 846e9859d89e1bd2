import { parseEmailAddress, parseRole } from './contact.ts'
import { parsePublicKey } from './public-key.ts'
import { parseDelegatedServerName, parseServerName } from './server-name.ts'
import { parseBaseUrl, parseHttpUrl } from './url.ts'
import { parseUserId } from './user-id.ts'

/**
 * What `format` means in the schemas of this project: each name with the function that takes such a string apart,
 * or throws an InvalidValueError that says what to write instead.
 */
export const formats = {
  'matrix-server-name': parseServerName,
  'matrix-delegated-server-name': parseDelegatedServerName,
  'matrix-user-id': parseUserId,
  'matrix-contact-role': parseRole,
  'matrix-public-key': parsePublicKey,
  'base-url': parseBaseUrl,
  'http-url': parseHttpUrl,
  'email-address': parseEmailAddress
} satisfies Record<string, (input: string) => unknown>

export type Format = keyof typeof formats
