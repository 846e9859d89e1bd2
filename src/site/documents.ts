import { rtcFociKey } from '../matrix/client-keys.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import type { Site } from './site.ts'

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
