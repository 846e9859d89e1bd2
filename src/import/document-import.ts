import { settingOfKey } from '../config/document-settings.ts'
import { explainUnservable } from '../config/json-text.ts'
import { maxDepthOf } from '../config/settings.ts'
import { rtcFociKey } from '../matrix/client-keys.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import { isJsonObject } from '../matrix/json-object.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { quote } from '../matrix/printable.ts'
import { documentNames, documentPath, isDocumentName, parseDocumentName } from '../site/documents.ts'
import type { DocumentName } from '../site/documents.ts'
import { importBaseUrl, withoutSlash } from './base-url-import.ts'
import type { Description } from './description.ts'
import { placeKeys } from './document-placement.ts'
import { repairDocument } from './document-repair.ts'
import type { Draft } from './draft.ts'
import { formatJson } from './json-format.ts'

/** How many remarks one document may cause: a hostile one has thousands of faults. */
const maxRemarks = 20

/** Fills the settings from documents, and says what had to be fixed or left out. */
export function importDocuments (description: Description, draft: Draft): void {
  const placed = placeKeys(description.documents, draft)
  const served = new Map(documentNames.flatMap(name => {
    const content = placed.get(name)
    const repaired = content === undefined ? undefined : repair(name, content, description, draft)
    return repaired === undefined ? [] : [[name, repaired] as const]
  }))
  importServer(served.get('server'), placed.has('server'), description, draft)
  importClient(served.get('client'), description, draft)
  importSupport(served.get('support'), description, draft)
  importPolicyServer(served.get('policy_server'), description, draft)
  importFurther(placed, draft)
}

function repair (
  name: DocumentName, content: JsonObject, { describe }: Description, draft: Draft
): JsonObject | undefined {
  const { content: repaired, repairs } = repairDocument(name, content, describe)
  for (const { kind, path: [key = ''], text } of repairs.slice(0, maxRemarks)) {
    const variable = settingOfKey(name, key)
    draft.remark(kind, variable, key === '' ? `${describe(name, [])}: ${text}` : text)
  }
  const more = repairs.length - maxRemarks
  if (more > 0) {
    draft.remark('left-out', settingOfKey(name, ''), `${describe(name, [])}: ${more} more values are invalid`)
  }
  return repaired
}

function importServer (
  content: JsonObject | undefined, hasServer: boolean, description: Description, draft: Draft
): void {
  if (content === undefined) {
    draft.settings.set('SERVE_SERVER_WELLKNOWN', 'false')
    const unusable = `"m.server" in ${description.source} can't be used. ` +
      'Set M_SERVER, for example to matrix.example.com:443, and remove this.'
    draft.remark('note', 'SERVE_SERVER_WELLKNOWN', hasServer ? unusable : description.withoutServer)
    return
  }
  const { 'm.server': name, ...others } = content
  draft.settings.set('M_SERVER', String(name))
  leaveOut('server', others, description, draft)
}

function importClient (content: JsonObject | undefined, description: Description, draft: Draft): void {
  if (content === undefined) return
  const { 'm.homeserver': homeserver, 'm.identity_server': identityServer, ...others } = content
  importBaseUrl('M_HOMESERVER_BASE_URL', 'm.homeserver', homeserver, description, draft)
  if (identityServer !== undefined) {
    importBaseUrl('M_IDENTITY_SERVER_BASE_URL', 'm.identity_server', identityServer, description, draft)
  }
  leaveOutFurther('client', 'm.homeserver', homeserver, description, draft)
  leaveOutFurther('client', 'm.identity_server', identityServer, description, draft)
  const urls = findLivekitUrls(others[rtcFociKey])
  if (urls === undefined) return importFurtherKeys('client', others, description, draft)
  const list = urls.map((url, index) =>
    withoutSlash('LIVEKIT_SERVICE_URL', [rtcFociKey, String(index), 'livekit_service_url'], url, description, draft))
  draft.settings.set('LIVEKIT_SERVICE_URL', list.join(','))
  const { [rtcFociKey]: _foci, ...extra } = others
  importFurtherKeys('client', extra, description, draft)
}

/** The URLs of a list in which there is nothing but LiveKit's; undefined if the setting can't have it. */
function findLivekitUrls (foci: unknown): string[] | undefined {
  if (!Array.isArray(foci) || foci.length === 0) return undefined
  const urls = foci.map(focus => {
    const { type, livekit_service_url: url, ...others } = Object(focus) as JsonObject
    const isPlain = type === 'livekit' && Object.keys(others).length === 0
    return isPlain && typeof url === 'string' && !url.includes(',') ? url : undefined
  })
  return urls.every(url => url !== undefined) ? urls : undefined
}

function importSupport (content: JsonObject | undefined, description: Description, draft: Draft): void {
  if (content === undefined) return
  const { contacts, support_page: page, ...others } = content
  if (page !== undefined) draft.settings.set('SUPPORT_PAGE', String(page))
  if (contacts !== undefined) draft.settings.set('SUPPORT_CONTACTS', formatJson(contacts))
  importFurtherKeys('support', others, description, draft)
}

function importPolicyServer (content: JsonObject | undefined, description: Description, draft: Draft): void {
  if (content === undefined) return
  const { public_keys: keys, ...others } = content
  const { ed25519, ...otherKeys } = Object(keys) as JsonObject
  draft.settings.set('POLICY_SERVER_ED25519', String(ed25519))
  leaveOut('policy_server', others, description, draft)
  leaveOut('policy_server', otherKeys, description, draft, ['public_keys'])
}

/** The keys that have no setting of their own. */
function importFurtherKeys (
  name: 'client' | 'support', content: JsonObject, { describe }: Description, draft: Draft
): void {
  const variable = settingOfKey(name, '')
  const kept = Object.entries(content).filter(([key, value]) => {
    const fault = explainUnservable({ [key]: value }, maxDepthOf(variable))
    if (fault !== undefined) draft.remark('left-out', variable, `${describe(name, [key])}: ${fault}`)
    return fault === undefined
  })
  if (kept.length > 0) draft.settings.set(variable, formatJson(Object.fromEntries(kept)))
}

/** Further documents, which Matrix doesn't define. */
function importFurther (documents: ReadonlyMap<string, JsonObject>, draft: Draft): void {
  const variable = 'EXTRA_WELL_KNOWN_DOCUMENTS'
  const kept = [...documents].filter(([name, content]) => {
    if (isDocumentName(name)) return false
    const fault = findInvalidValue(parseDocumentName, name)?.explanation ??
      explainUnservable({ [name]: content }, maxDepthOf(variable))
    if (fault !== undefined) draft.remark('left-out', variable, `${quote(documentPath(name))}: ${fault}`)
    return fault === undefined
  })
  if (kept.length > 0) draft.settings.set(variable, formatJson(Object.fromEntries(kept)))
}

/** Other keys of an object that has a setting only for its `base_url`. */
function leaveOutFurther (
  name: DocumentName, key: string, object: unknown, description: Description, draft: Draft
): void {
  if (!isJsonObject(object)) return
  const { base_url: _url, ...others } = object
  leaveOut(name, others, description, draft, [key])
}

/** Reports keys for which there is no setting. */
function leaveOut (
  name: DocumentName, content: JsonObject, { describe }: Description, draft: Draft, path: readonly string[] = []
): void {
  const keys = Object.keys(content)
  const [variable] = keys.map(key => settingOfKey(name, path[0] ?? key))
  for (const key of keys.slice(0, maxRemarks)) {
    draft.remark('left-out', variable, `${describe(name, [...path, key])} has no setting`)
  }
  const more = keys.length - maxRemarks
  if (more > 0) draft.remark('left-out', variable, `${describe(name, path)}: ${more} more keys have no setting`)
}
