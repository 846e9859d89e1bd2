import { parseEmailAddress, parseKeyUri, parseRole } from './contact.ts'
import { parseHostName } from './host.ts'
import { parsePublicKey, parsePublishedKey } from './public-key.ts'
import { parseDelegatedServerName, parseHost, parseServerName } from './server-name.ts'
import { parseBaseUrl, parseHttpUrl, parseLivekitServiceUrl, parseSupportPage } from './url.ts'
import { parseUserId } from './user-id.ts'

/** What `format` means in a schema: a function that parses such a string, or throws an InvalidValueError. */
export type StringFormats = Readonly<Record<string, (input: string) => unknown>>

/** The formats of documents. */
export const matrixFormats = {
  'matrix-server-name': parseServerName,
  'matrix-delegated-server-name': parseDelegatedServerName,
  'matrix-user-id': parseUserId,
  'matrix-contact-role': parseRole,
  'matrix-public-key': parsePublicKey,
  'matrix-published-key': parsePublishedKey,
  host: parseHost,
  'host-name': parseHostName,
  'base-url': parseBaseUrl,
  'http-url': parseHttpUrl,
  'livekit-service-url': parseLivekitServiceUrl,
  'support-page': parseSupportPage,
  'email-address': parseEmailAddress,
  'key-uri': parseKeyUri
} satisfies StringFormats
