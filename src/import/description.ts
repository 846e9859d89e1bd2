import type { JsonObject } from '../matrix/json-object.ts'
import type { Remark } from './draft.ts'

/** What a source says about a site, as the documents that it publishes or would publish. */
export interface Description {
  /** What it was read from, for the first line of the settings. */
  readonly source: string
  /** As written; undefined if it says nothing about it. */
  readonly serverName: string | undefined
  /** In words, where such a source often has it instead. */
  readonly serverNameElsewhere?: string | undefined
  /** By the last part of their paths. */
  readonly documents: ReadonlyMap<string, JsonObject>
  /** Whether these are documents that readers get today. */
  readonly isPublished: boolean
  /** Where a value is in the source, in words: a path in a document, or the option that it comes from. */
  readonly describe: Describe
  /** Why there is no `/server`, and what that means. */
  readonly withoutServer: string
  /** How long the documents may be cached, in seconds, if the source says so. */
  readonly cacheMaxAge?: number | undefined
  readonly remarks: readonly Remark[]
}

export type Describe = (document: string, path: readonly string[]) => string
