import { parseEmailAddress, parseRole } from './contact.ts'
import { parsePublicKey } from './public-key.ts'
import { parseDelegatedServerName, parseServerName } from './server-name.ts'
import { parseBaseUrl, parseHttpUrl } from './url.ts'
import { parseUserId } from './user-id.ts'

/** What `format` means in a schema: a function that parses such a string, or throws an InvalidValueError. */
export type StringFormats = Readonly<Record<string, (input: string) => unknown>>

/** The formats of the documents. */
export const matrixFormats = {
  'matrix-server-name': parseServerName,
  'matrix-delegated-server-name': parseDelegatedServerName,
  'matrix-user-id': parseUserId,
  'matrix-contact-role': parseRole,
  'matrix-public-key': parsePublicKey,
  'base-url': parseBaseUrl,
  'http-url': parseHttpUrl,
  'email-address': parseEmailAddress
} satisfies StringFormats
