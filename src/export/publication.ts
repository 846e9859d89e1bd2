import { parseServerName } from '../matrix/server-name.ts'
import { documentNames, documentPath } from '../site/documents.ts'
import type { Document } from '../site/documents.ts'
import { buildError, methodNotAllowed, respond } from '../site/responses.ts'
import type { Response } from '../site/responses.ts'
import type { Site } from '../site/site.ts'

/** A path below `/.well-known/matrix/`, and the response to a GET. */
export interface PublishedPath {
  /** The last part of the path. */
  readonly name: string
  readonly path: string
  readonly response: Response
}

/** Every response of a site that doesn't depend on the request, whatever serves it. */
export interface Publication {
  readonly serverName: string
  /** The host of the server name, where others look for the documents, without a port; then its aliases. */
  readonly hosts: readonly [string, ...string[]]
  readonly documents: readonly PublishedPath[]
  /** The documents of Matrix that the site doesn't configure. */
  readonly missing: readonly PublishedPath[]
  /** To other methods than GET, HEAD and OPTIONS. */
  readonly methodNotAllowed: Response
  /** To OPTIONS for a document. */
  readonly options: Response
  /** To other paths below `/.well-known/matrix/`. */
  readonly otherPath: Response
  /** To all other paths and missing documents, for a host that has one page for both. */
  readonly notFound: Response
}

/** The responses of a site, as the server sends them, except that an unknown path isn't repeated in its response. */
export function buildPublication (site: Site, documents: readonly Document[]): Publication {
  const request = (method: string, name: string): Response =>
    respond(site, { method, path: documentPath(name), headers: {} })
  const publish = (name: string): PublishedPath => ({ name, path: documentPath(name), response: request('GET', name) })
  const names = documents.map(({ name }) => name)
  return {
    serverName: site.serverName,
    hosts: [parseServerName(site.serverName).host, ...site.hostAliases],
    documents: names.map(publish),
    missing: documentNames.filter(name => !names.includes(name)).map(publish),
    methodNotAllowed,
    options: request('OPTIONS', 'server'),
    otherPath: buildError(404, 'M_UNRECOGNIZED', `No such document below ${documentPath('')}`),
    notFound: buildError(404, 'M_NOT_FOUND', 'This document is not configured')
  }
}

/** As people write it, with its value. */
export type Header = readonly [name: string, value: string]

/** The headers that all responses of a site have: CORS, and one that keeps browsers from guessing the type. */
export function sharedHeaders ({ options }: Pick<Publication, 'options'>): Header[] {
  return headersOf(options).filter(([name]) => name !== 'Allow')
}

/** The value of a header that a response has. */
export function headerOf ({ headers }: Response, name: string): string {
  return String(headers[name])
}

/**
 * The headers of a response as people write them, except for those that every server adds itself.
 *
 * Netlify requires the usual case: it sends `content-type` in addition to its own.
 */
export function headersOf ({ headers }: Response): Header[] {
  return Object.entries(headers)
    .filter(([name]) => name !== 'content-length' && name !== 'etag')
    .map(([name, value]) => [name.replaceAll(/(^|-)[a-z]/g, letter => letter.toUpperCase()), value])
}
