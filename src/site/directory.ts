import { normalizeHost } from '../matrix/host.ts'
import type { Document } from './documents.ts'
import { buildResponses, selectResponse, unknownHost } from './responses.ts'
import type { Request, Response, SiteResponses } from './responses.ts'
import type { Site } from './site.ts'

/** The sites that a process serves. They change as a whole, between two requests. */
export interface SiteDirectory {
  /** The responses of the site that a request's Host selects (empty without a Host); undefined if no site matches. */
  find (host: string): SiteResponses | undefined
}

/**
 * A directory in which one site responds to every host.
 *
 * @param documents what `buildDocuments` returns for the site, if they have been built before.
 */
export function buildDirectory (site: Site, documents?: readonly Document[]): SiteDirectory {
  const responses = buildResponses(site, documents)
  return { find: () => responses }
}

/**
 * A directory of many sites.
 *
 * @param byHost each with its responses, by the hosts that `hostsOf` returns for it.
 * @param otherwise the responses for all other hosts.
 */
export function buildHostDirectory (
  byHost: ReadonlyMap<string, { readonly responses: SiteResponses }>, otherwise?: SiteResponses
): SiteDirectory {
  return {
    // Most clients send a host as it is in the map.
    find: host => (byHost.get(host) ?? byHost.get(normalizeHost(host) ?? ''))?.responses ?? otherwise
  }
}

/** Responds to a request for the documents of the site that its Host selects. */
export function respondFrom (directory: SiteDirectory, host: string, request: Request): Response {
  const responses = directory.find(host)
  return responses === undefined ? unknownHost(host, request) : selectResponse(responses, request)
}
