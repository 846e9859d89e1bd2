import { buildDocuments, documentNames, documentPath } from './documents.ts'
import type { Document } from './documents.ts'
import { buildEntityTag } from './entity-tag.ts'
import { allow, cacheControl, publicHeaders } from './headers.ts'
import type { Site } from './site.ts'

/** A response, whatever server sends it. */
export interface Response {
  readonly status: number
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The parts of a request that a response depends on. */
export interface Request {
  readonly method: string
  /** The path, with or without a query. */
  readonly path: string
  /** By lower-case name, as in Node's `request.headers`. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** Every response to a request for one document. */
interface Resource {
  /** Strong, in its quotes; undefined if the document is not configured. */
  readonly etag: string | undefined
  readonly get: Response
  readonly head: Response
  readonly notModified: Response
}

/** The responses of a site, built once: by path. */
export type SiteResponses = ReadonlyMap<string, Resource>

/** Builds the responses of a site: a 404 for each document of Matrix that it doesn't configure. */
export function buildResponses (site: Site, documents: readonly Document[] = buildDocuments(site)): SiteResponses {
  const names = new Set<string>([...documentNames, ...documents.map(({ name }) => name)])
  return new Map([...names].map(name => {
    const document = documents.find(candidate => candidate.name === name)
    const path = documentPath(name)
    return [path, document === undefined ? buildMissing(path) : buildResource(document, cacheControl(site))]
  }))
}

function buildMissing (path: string): Resource {
  const get = buildError(404, 'M_NOT_FOUND', `${path} is not configured`)
  return { etag: undefined, get, head: withoutBody(get), notModified: withoutBody(get) }
}

function buildResource ({ body }: Document, caching: string): Resource {
  const etag = buildEntityTag(body)
  const headers = { ...publicHeaders, 'cache-control': caching, etag }
  const get = buildResponse(200, headers, body)
  return { etag, get, head: withoutBody(get), notModified: { status: 304, headers, body: '' } }
}

/** The responses of sites, as long as these are used: each site is built once, however many requests there are. */
const built = new WeakMap<Site, SiteResponses>()

/**
 * Responds to a request for the documents of a site, from any server or edge runtime.
 *
 * Paths other than those of its documents get a 404 with CORS. To HEAD, the body is empty.
 */
export function respond (site: Site, request: Request): Response {
  const responses = built.get(site) ?? buildResponses(site)
  built.set(site, responses)
  return selectResponse(responses, request)
}

/** The same with responses that have been built before. */
export function selectResponse (responses: SiteResponses, { method, path, headers }: Request): Response {
  const resource = responses.get(path) ?? responses.get(decodePath(path))
  if (method === 'OPTIONS') return resource === undefined ? options : optionsWithAllow
  if (resource === undefined) return notFound(path, method)
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed
  if (resource.etag !== undefined) {
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
    if (ifMatch !== undefined && !matches(ifMatch, resource.etag)) return preconditionFailed
    if (ifNoneMatch !== undefined && matches(ifNoneMatch, resource.etag, /^W\//)) return resource.notModified
  }
  return method === 'HEAD' ? resource.head : resource.get
}

/**
 * Whether `*` or a list of entity tags covers ours. A comma in another tag can't make it equal to ours.
 *
 * @param weak what a weak comparison ignores.
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-8.8.3.2
 */
function matches (list: string | readonly string[], etag: string, weak?: RegExp): boolean {
  const tags = String(list).split(',').map(tag => tag.trim().replace(weak ?? '', ''))
  return tags.includes('*') || tags.includes(etag)
}

/** @see https://www.rfc-editor.org/rfc/rfc9110.html#section-9.3.7 */
const options: Response = { status: 204, headers: publicHeaders, body: '' }
const optionsWithAllow: Response = { ...options, headers: { ...publicHeaders, allow } }

export const methodNotAllowed =
  buildError(405, 'M_UNRECOGNIZED', `Method not allowed: use ${allow}`, { ...publicHeaders, allow })

/** @see https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.1 */
const preconditionFailed =
  buildError(412, 'M_UNKNOWN', 'If-Match names another version of this document')

function notFound (path: string, method: string): Response {
  const hint = 'Documents are at /.well-known/matrix/…, and a proxy in front has to pass that path on unchanged'
  const response = buildError(404, 'M_UNRECOGNIZED', `No such path: ${shortenPath(path)}. ${hint}`)
  return method === 'HEAD' ? withoutBody(response) : response
}

/** The response for a host that selects no site. */
export function unknownHost (host: string, { method }: Pick<Request, 'method'>): Response {
  if (method === 'OPTIONS') return options
  const error = `No documents are configured for the host ${JSON.stringify(host)}`
  const response = buildError(404, 'M_NOT_FOUND', error)
  return method === 'HEAD' ? withoutBody(response) : response
}

/** A standard error response. It must not be cached, because the next one may be different. */
export function buildError (
  status: number,
  errcode: 'M_NOT_FOUND' | 'M_UNKNOWN' | 'M_UNRECOGNIZED',
  error: string,
  headers: Readonly<Record<string, string>> = publicHeaders
): Response {
  return buildResponse(status, { ...headers, 'cache-control': 'no-store' }, JSON.stringify({ errcode, error }))
}

/** A response with a JSON body. */
export function buildResponse (status: number, headers: Readonly<Record<string, string>>, body: string): Response {
  const length = String(new TextEncoder().encode(body).length)
  return { status, headers: { ...headers, 'content-type': 'application/json', 'content-length': length }, body }
}

function withoutBody (response: Response): Response {
  return { ...response, body: '' }
}

/** The path of a request target as a router reads it: without query, percent-decoded. */
export function decodePath (target: string): string {
  const [path = ''] = target.split(/[?#]/, 1)
  try {
    // Unlike decodeURIComponent, it keeps %2F, which doesn't separate parts of a path.
    return decodeURI(path)
  } catch {
    return path
  }
}

/** The path of a request target, cut if it is long. */
export function shortenPath (target: string): string {
  const [path = ''] = target.split('?', 1)
  return path.length > 200 ? `${path.slice(0, 200)}…` : path
}
