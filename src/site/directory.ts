import { buildResponses } from './responses.ts'
import type { SiteResponses } from './responses.ts'
import type { Site } from './site.ts'

/** The sites that a process serves. It is immutable: a reload replaces it. */
export interface SiteDirectory {
  /** The responses of the site that a request's Host selects; undefined if there is none. */
  find (host: string | undefined): SiteResponses | undefined
}

/** A directory in which one site answers every host. */
export function buildDirectory (site: Site): SiteDirectory {
  const responses = buildResponses(site)
  return { find: () => responses }
}
