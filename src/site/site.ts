import type { JsonObject } from '../matrix/json-object.ts'

/** What one server name publishes. URLs have no trailing slash. */
export interface Site {
  /** The part after the colon in user IDs. */
  readonly serverName: string
  /** Other hosts at which its documents are served, where one server serves several sites. */
  readonly hostAliases: readonly string[]
  /** `m.server`, `host[:port]`; undefined if `/server` is not served. */
  readonly delegatedServer: string | undefined
  readonly homeserverBaseUrl: string | undefined
  readonly identityServerBaseUrl: string | undefined
  readonly livekitServiceUrls: readonly string[]
  /** Further keys of `/client`. */
  readonly extraClientContent: JsonObject
  readonly supportPage: string | undefined
  readonly supportContacts: readonly JsonObject[]
  /** Further keys of `/support`. */
  readonly extraSupportContent: JsonObject
  /** Unpadded base64, 43 characters. */
  readonly policyServerKey: string | undefined
  /** Documents that Matrix doesn't define, by the last part of their path. */
  readonly extraDocuments: Readonly<Record<string, JsonObject>>
  /** How long readers may cache the documents, in seconds. */
  readonly cacheMaxAge: number
}
