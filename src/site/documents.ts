import { rtcFociKey } from '../matrix/client-keys.ts'
import { documentSchemas } from '../matrix/document-schemas.ts'
import { InvalidValueError } from '../matrix/invalid-value.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import type { Site } from './site.ts'

/** The content of a document, and where it sends its readers, in a few words for a log. */
interface Draft {
  readonly content: JsonObject
  readonly target: string
}

/** A document that Matrix defines. */
export interface DocumentKind {
  /** What its readers demand, a JSON Schema. */
  readonly schema: object
  /** Who reads it: other homeservers, or clients, many of them in browsers. */
  readonly readBy: 'servers' | 'clients'
  /** The verdict of a check that a fault in it counts for. */
  readonly area: 'federation' | 'clients' | 'documents'
  /** Whether other servers or clients need it, so that a check misses it. */
  readonly expected: boolean
  /** The setting that fills each key. */
  readonly settings: Readonly<Record<string, string>>
  /** The setting that fills any other key. */
  readonly furtherKeys: string
  /** Undefined if the site doesn't configure it. */
  readonly build: (site: Site) => Draft | undefined
}

/** The documents that Matrix defines, by the last part of their path, in the order in which they are listed. */
export const documentKinds = {
  /** @see https://spec.matrix.org/latest/server-server-api/#getwell-knownmatrixserver */
  server: {
    schema: documentSchemas.server,
    readBy: 'servers',
    area: 'federation',
    expected: true,
    settings: { 'm.server': 'M_SERVER' },
    furtherKeys: 'M_SERVER',
    build: ({ delegatedServer }) => delegatedServer === undefined
      ? undefined
      : { content: { 'm.server': delegatedServer }, target: delegatedServer }
  },
  /** @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixclient */
  client: {
    schema: documentSchemas.client,
    readBy: 'clients',
    area: 'clients',
    expected: true,
    settings: {
      'm.homeserver': 'M_HOMESERVER_BASE_URL',
      'm.identity_server': 'M_IDENTITY_SERVER_BASE_URL',
      [rtcFociKey]: 'LIVEKIT_SERVICE_URL'
    },
    furtherKeys: 'EXTRA_WELL_KNOWN_CLIENT_CONTENT',
    build: site => site.homeserverBaseUrl === undefined
      ? undefined
      : { content: buildClientContent(site, site.homeserverBaseUrl), target: site.homeserverBaseUrl }
  },
  /** @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixsupport */
  support: {
    schema: documentSchemas.support,
    readBy: 'clients',
    area: 'documents',
    expected: false,
    settings: { contacts: 'SUPPORT_CONTACTS', support_page: 'SUPPORT_PAGE' },
    furtherKeys: 'EXTRA_WELL_KNOWN_SUPPORT_CONTENT',
    build: buildSupport
  },
  /** @see https://spec.matrix.org/latest/server-server-api/#getwell-knownmatrixpolicy_server */
  policy_server: {
    schema: documentSchemas.policy_server,
    readBy: 'servers',
    area: 'documents',
    expected: false,
    settings: { public_keys: 'POLICY_SERVER_ED25519' },
    furtherKeys: 'POLICY_SERVER_ED25519',
    build: ({ policyServerKey }) => policyServerKey === undefined
      ? undefined
      : { content: { public_keys: { ed25519: policyServerKey } }, target: `ed25519 ${policyServerKey}` }
  }
} as const satisfies Record<string, DocumentKind>

export type DocumentName = keyof typeof documentKinds

export function isDocumentName (name: string): name is DocumentName {
  return Object.hasOwn(documentKinds, name)
}

export const documentNames = Object.keys(documentKinds).filter(isDocumentName)

/**
 * Accepts the name of a document that Matrix doesn't define: lower case only, because it may become the name of a file.
 *
 * @throws {InvalidValueError} if it is not one.
 */
export function parseDocumentName (input: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(input)) return input
  const fix = 'use at most 64 lower-case letters, digits, "-", "_" and ".", and start with a letter or digit'
  throw new InvalidValueError('ERR_DOCUMENT_NAME', input, 'not the name of a document', fix)
}

/** What Matrix says about a document. */
export function documentKind (name: DocumentName): DocumentKind {
  return documentKinds[name]
}

/** @param name a `DocumentName`, or that of a document that Matrix doesn't define. */
export function documentPath (name: string): string {
  return `/.well-known/matrix/${name}`
}

/** A document that a site publishes. */
export interface Document {
  /** A `DocumentName`, or that of a document that Matrix doesn't define. */
  readonly name: string
  readonly content: JsonObject
  /** The content as it is served. */
  readonly body: string
  /** The length of the body, in bytes. */
  readonly size: number
  /** Where it sends its readers, in a few words for a log. */
  readonly target: string
}

/** The documents that a site publishes, those of Matrix first, in the order of `documentKinds`. */
export function buildDocuments (site: Site): Document[] {
  const drafts = documentNames.map(name => ({ name, draft: documentKind(name).build(site) }))
  const further = Object.entries(site.extraDocuments)
    .map(([name, content]) => ({ name, draft: { content, target: `keys: ${Object.keys(content).length}` } }))
  return [...drafts, ...further].flatMap(({ name, draft }) => {
    if (draft === undefined) return []
    const body = JSON.stringify(draft.content)
    return [{ name, ...draft, body, size: new TextEncoder().encode(body).length }]
  })
}

function buildClientContent (site: Site, baseUrl: string): JsonObject {
  return {
    'm.homeserver': { base_url: baseUrl },
    ...site.identityServerBaseUrl !== undefined && { 'm.identity_server': { base_url: site.identityServerBaseUrl } },
    ...site.livekitServiceUrls.length > 0 && {
      [rtcFociKey]: site.livekitServiceUrls.map(url => ({ type: 'livekit', livekit_service_url: url }))
    },
    ...site.extraClientContent
  }
}

function buildSupport ({ supportContacts, supportPage, extraSupportContent }: Site): Draft | undefined {
  if (supportContacts.length === 0 && supportPage === undefined) return undefined
  return {
    content: {
      ...supportContacts.length > 0 && { contacts: supportContacts },
      ...supportPage !== undefined && { support_page: supportPage },
      ...extraSupportContent
    },
    target: supportPage ?? `contacts: ${supportContacts.length}`
  }
}
