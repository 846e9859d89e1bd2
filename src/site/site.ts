import type { JsonObject } from '../matrix/json-object.ts'

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
