import { optionalClientKeys, rtcFociKey } from './client-keys.ts'

/** A JSON object, its values as they come out of JSON.parse. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject (value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a key of a JSON object; undefined where it has none, or where this is no such object. */
export function property (object: unknown, key: string): unknown {
  return isJsonObject(object) && Object.hasOwn(object, key) ? object[key] : undefined
}

/** All that one server name publishes. URLs stand here without a trailing slash. */
export interface Site {
  /** What stands after the colon in user IDs. */
  readonly serverName: string
  /** `m.server`, `host[:port]`; undefined where `/server` is not served. */
  readonly delegatedServer: string | undefined
  readonly homeserverBaseUrl: string | undefined
  readonly identityServerBaseUrl: string | undefined
  readonly livekitServiceUrls: readonly string[]
  readonly extraClientContent: JsonObject
  readonly supportPage: string | undefined
  readonly supportContacts: readonly JsonObject[]
  /** Unpadded base64, 43 characters. */
  readonly policyServerKey: string | undefined
  /** How long readers may keep the documents, in seconds. */
  readonly cacheMaxAge: number
}

export type DocumentName = 'server' | 'client' | 'support' | 'policy_server'

/** A document that a site publishes. */
export interface Document {
  readonly name: DocumentName
  readonly content: JsonObject
  /** The content as it is served. */
  readonly body: string
  /** The length of the body, in bytes. */
  readonly size: number
  /** Where it sends its readers, in a few words for a log. */
  readonly target: string
}

export const documentNames: readonly DocumentName[] = ['server', 'client', 'support', 'policy_server']

export function documentPath (name: DocumentName): string {
  return `/.well-known/matrix/${name}`
}

/** The longest document that tuwunel reads, in bytes: the tightest limit of all readers (spec §7). */
export const comfortableDocumentSize = 12_288
/** The longest document that Synapse reads, in bytes (spec §7). */
export const greatestDocumentSize = 51_200

/** @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixsupport */
export const contactsSchema = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['role'],
    anyOf: [{ required: ['matrix_id'] }, { required: ['email_address'] }],
    properties: {
      role: { type: 'string', format: 'matrix-contact-role' },
      matrix_id: { type: 'string', format: 'matrix-user-id' },
      email_address: { type: 'string', format: 'email-address' }
    }
  }
} as const

const baseUrlObject = {
  type: 'object',
  required: ['base_url'],
  properties: { base_url: { type: 'string', format: 'base-url' } }
} as const

/** What readers demand of each document: JSON Schemas, with the formats of `formats.ts`. */
export const documentSchemas = {
  /** @see https://spec.matrix.org/latest/server-server-api/#getwell-knownmatrixserver */
  server: {
    type: 'object',
    required: ['m.server'],
    properties: { 'm.server': { type: 'string', format: 'matrix-delegated-server-name' } }
  },
  /** @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixclient */
  client: {
    type: 'object',
    required: ['m.homeserver'],
    properties: { 'm.homeserver': baseUrlObject, 'm.identity_server': baseUrlObject, ...optionalClientKeys }
  },
  support: {
    type: 'object',
    anyOf: [{ required: ['contacts'] }, { required: ['support_page'] }],
    properties: { contacts: contactsSchema, support_page: { type: 'string', format: 'http-url' } }
  },
  /** @see https://spec.matrix.org/latest/server-server-api/#getwell-knownmatrixpolicy_server */
  policy_server: {
    type: 'object',
    required: ['public_keys'],
    properties: {
      public_keys: {
        type: 'object',
        required: ['ed25519'],
        properties: { ed25519: { type: 'string', format: 'matrix-public-key' } },
        additionalProperties: { type: 'string' }
      }
    }
  }
} as const

/** The documents that a site publishes, in the order of `documentNames`; what it does not configure is left out. */
export function buildDocuments (site: Site): Document[] {
  return [buildServer(site), buildClient(site), buildSupport(site), buildPolicyServer(site)]
    .filter(draft => draft !== undefined)
    .map(draft => {
      const body = JSON.stringify(draft.content)
      return { ...draft, body, size: Buffer.byteLength(body) }
    })
}

type Draft = Pick<Document, 'name' | 'content' | 'target'> | undefined

function buildServer ({ delegatedServer }: Site): Draft {
  if (delegatedServer === undefined) return undefined
  return { name: 'server', content: { 'm.server': delegatedServer }, target: delegatedServer }
}

function buildClient (site: Site): Draft {
  if (site.homeserverBaseUrl === undefined) return undefined
  return {
    name: 'client',
    target: site.homeserverBaseUrl,
    content: {
      'm.homeserver': { base_url: site.homeserverBaseUrl },
      ...site.identityServerBaseUrl !== undefined && { 'm.identity_server': { base_url: site.identityServerBaseUrl } },
      ...site.livekitServiceUrls.length > 0 && {
        [rtcFociKey]: site.livekitServiceUrls.map(url => ({ type: 'livekit', livekit_service_url: url }))
      },
      ...site.extraClientContent
    }
  }
}

function buildSupport ({ supportContacts, supportPage }: Site): Draft {
  const contacts = supportContacts.length > 0 ? { contacts: supportContacts } : undefined
  const page = supportPage === undefined ? undefined : { support_page: supportPage }
  if (contacts === undefined && page === undefined) return undefined
  return {
    name: 'support',
    content: { ...contacts, ...page },
    target: supportPage ?? `contacts: ${supportContacts.length}`
  }
}

function buildPolicyServer ({ policyServerKey }: Site): Draft {
  if (policyServerKey === undefined) return undefined
  return { name: 'policy_server', content: { public_keys: { ed25519: policyServerKey } }, target: `ed25519 ${policyServerKey}` }
}
