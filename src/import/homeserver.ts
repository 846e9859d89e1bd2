import type { SettingName } from '../config/settings.ts'
import { findInvalidValue } from '../matrix/invalid-value.ts'
import type { JsonObject } from '../matrix/json-object.ts'
import { describePath } from '../matrix/schema-error.ts'
import { parseBaseUrl } from '../matrix/url.ts'
import type { DocumentName } from '../site/documents.ts'
import type { Describe } from './description.ts'
import type { Remark } from './draft.ts'

/** The options of a homeserver that say what its documents should be. */
export interface HomeserverOptions {
  readonly serverName: string | undefined
  /** In words, where it often is if these options don't have it. */
  readonly serverNameElsewhere?: string
  /** The content that each document would have; undefined if it has none. */
  readonly documents: Readonly<Partial<Record<DocumentName, JsonObject | undefined>>>
  /** The option that each key of a document comes from. */
  readonly options: Readonly<Record<string, string>>
  readonly remarks: readonly Remark[]
}

/** Says where a value is in a configuration: by the name of the option, and the path in it. */
export function describeOption (source: string, options: HomeserverOptions['options']): Describe {
  return (_document, [key, ...path]) => {
    if (key === undefined) return source
    const option = options[key] ?? describePath([key])
    const inner = path.filter(segment => segment !== 'base_url' && segment !== 'ed25519')
    return `${source}: ${inner.length === 0 ? option : `${option}, ${describePath(inner)}`}`
  }
}

/** `/server` if no option fills it: other servers probably find the homeserver where clients do. */
export function guessServer (option: string, baseUrl: string | undefined, remarks: Remark[]): JsonObject | undefined {
  const probable = findProbableServer(baseUrl)
  if (probable === undefined) return undefined
  const text = `it is the host of ${option}. If other servers can't reach the homeserver there, change it.`
  remarks.push({ kind: 'guess', variable: 'M_SERVER', text })
  return { 'm.server': probable.server }
}

/** Where other servers find the homeserver if it is where clients find it. */
export function findProbableServer (
  baseUrl: string | undefined
): { readonly host: string, readonly server: string } | undefined {
  const invalid = findInvalidValue(parseBaseUrl, baseUrl ?? '')
  const url = invalid === undefined ? baseUrl : invalid.suggestion
  if (url === undefined) return undefined
  const { scheme, host: { host, port } } = parseBaseUrl(url)
  return { host, server: `${host}:${scheme === 'https' ? port ?? 443 : 443}` }
}

/** Says that there is no `/client` because an option is not set. */
export function describeUnsetClient (option: string, homeserver: string): Remark {
  const text = `${option} isn't set, so ${homeserver} doesn't serve /.well-known/matrix/client. ` +
    'If clients need it, set M_HOMESERVER_BASE_URL.'
  return { kind: 'note', variable: 'M_HOMESERVER_BASE_URL', text }
}

/** Options of `/client` that are set, by the setting that they would fill. */
export type ClientOptions = readonly (readonly [variable: SettingName, option: string, value: unknown])[]

/** Says that they are not used, because the option with the URL for clients is not set. */
export function describeUnused (option: string, unused: ClientOptions): Remark[] {
  return unused.filter(([, , value]) => Object.keys(Object(value)).length > 0).map(([variable, name]) => (
    { kind: 'left-out', variable, text: `${name} isn't used without ${option}. Set that, and import again.` }
  ))
}
