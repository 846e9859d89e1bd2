/*
 * Element X and other clients based on matrix-rust-sdk.
 * Observed: matrix-sdk 0.18.0 with ruma-client-api 0.25.2 and the features that the SDK enables (MSC3488, MSC4143,
 * MSC4195), src/client/builder/homeserver_config.rs and src/discovery/discover_homeserver.rs.
 */
import { followClient } from './client-outcome.ts'
import { aboutDocument } from './outcome.ts'
import type { Reader } from './reader.ts'
import { isJsonObject } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { namesOfOneKey } from '../../matrix/client-keys.ts'
import type { Response } from '../network/peer.ts'
import { badStatus, invalidContent, notJson } from './causes.ts'
import { fails, missing } from './client-document.ts'
import type { ClientReading } from './client-document.ts'
import { decodeLossily, decodeStrictly, listKeys, parseJsonText } from '../network/body-text.ts'

/** The names of each field that it parses: two of them in one document are a duplicate field. */
export const parsedFields: ReadonlyArray<readonly string[]> = [
  ['m.homeserver'],
  ['m.identity_server'],
  ...namesOfOneKey
]

/** Reads `/client`: any status below 400, and everything that it parses has to fit. */
export function readAsElementX (response: Response): ClientReading {
  if (response.status >= 400) return fails(...response.status === 404 ? missing : badStatus)
  const text = decodeLossily(response.body)
  const isUtf8 = decodeStrictly(response.body) !== undefined
  const content = parseJsonText(text)
  if (!isJsonObject(content)) return isUtf8 ? fails(...notJson(text)) : fails('document.encoding')
  // It decodes all keys, but only the values that it reads.
  const decoded = [Object.keys(content), ...parsedFields.flat().map(name => content[name])]
  if (!isUtf8 && JSON.stringify(decoded).includes('\ufffd')) return fails('document.encoding')
  if (!Object.keys(content).every(key => key.isWellFormed())) return fails('document.surrogate')
  if (hasRepeatedField(text)) return fails('document.duplicate-key')
  if (!fits(content)) return fails(...invalidContent)
  const baseUrl = stringIn(content['m.homeserver'], 'base_url')
  const isHttp = baseUrl !== undefined && URL.canParse(baseUrl) && /^https?:$/.test(new URL(baseUrl).protocol)
  return isHttp
    ? { kind: 'homeserver', baseUrl }
    : { kind: 'fails', cause: aboutDocument('client', ...invalidContent), isRead: true }
}

/** The key that it parses in the object of a field. */
const parsedKeys: Readonly<Record<string, string>> = {
  'm.homeserver': 'base_url',
  'm.identity_server': 'base_url',
  'm.tile_server': 'map_style_url',
  'org.matrix.msc3488.tile_server': 'map_style_url'
}

function hasRepeatedField (text: string): boolean {
  const seen = new Set<string>()
  for (const { object, path: [field, ...deeper], key } of listKeys(text)) {
    const name = field === undefined
      ? parsedFields.find(names => names.includes(key))?.join(' ')
      : deeper.length === 0 && Object.hasOwn(parsedKeys, field) && parsedKeys[field] === key ? key : undefined
    if (name === undefined) continue
    const place = `${object} ${name}`
    if (seen.has(place)) return true
    seen.add(place)
  }
  return false
}

/** Whether the fields have the types that it expects. A URL may be any string, but for the homeserver's. */
function fits (content: JsonObject): boolean {
  const { 'm.homeserver': homeserver, 'm.identity_server': identityServer } = content
  const tileServer = content['m.tile_server'] ?? content['org.matrix.msc3488.tile_server']
  const foci = 'm.rtc_foci' in content ? content['m.rtc_foci'] : content['org.matrix.msc4143.rtc_foci']
  return hasString(homeserver, 'base_url') &&
    (isAbsent(identityServer) || hasString(identityServer, 'base_url')) &&
    (isAbsent(tileServer) || hasString(tileServer, 'map_style_url')) &&
    (foci === undefined || (Array.isArray(foci) && foci.every(isTransport)))
}

/** An optional field may be null. */
function isAbsent (value: unknown): boolean {
  return value === undefined || value === null
}

function isTransport (focus: unknown): boolean {
  return isJsonObject(focus) && typeof focus.type === 'string' &&
    (focus.type !== 'livekit' || hasString(focus, 'livekit_service_url'))
}

function hasString (value: unknown, key: string): boolean {
  return stringIn(value, key) !== undefined
}

/** The string in an object of one field, for which it takes an array as well. */
function stringIn (value: unknown, key: string): string | undefined {
  const found = isJsonObject(value) ? value[key] : Array.isArray(value) && value.length === 1 ? value[0] : undefined
  return typeof found === 'string' ? found : undefined
}

export const elementX: Reader = {
  name: 'Element X',
  kind: 'client',
  follow: facts => followClient(facts, {
    read: readAsElementX,
    isBrowser: false,
    maxRedirects: 10,
    keepsSlashes: false,
    maxTime: 30_000,
    triesServerName: true,
    acceptsVersions: versions => versions.every(version => typeof version === 'string'),
    usesOauth: true
  })
}
