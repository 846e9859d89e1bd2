import { shorten } from '../matrix/short-text.ts'
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
  readonly headers: Headers
}

/** By lower-case name, as in Node's `request.headers`. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** What the responses to requests for one document have in common: little, because there may be 100,000 sites. */
interface Resource {
  readonly body: string
  /** Of the body, in bytes. */
  readonly size: number
  /** Strong, in its quotes. */
  readonly etag: string
  readonly cacheMaxAge: number
}

/** What the responses of a site are made of, built once: by the name of the document. */
export type SiteResponses = Readonly<Record<string, Resource>>

export function buildResponses (site: Site, documents: readonly Document[] = buildDocuments(site)): SiteResponses {
  const { cacheMaxAge } = site
  return Object.fromEntries(documents.map(({ name, body, size }) =>
    [name, { body, size, etag: buildEntityTag(body), cacheMaxAge }]))
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
  const found = findDocument(responses, path) ?? findDocument(responses, decodePath(path))
  if (method === 'OPTIONS') return found === undefined ? options : optionsWithAllow
  if (found === undefined) return notFound(path, method)
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed
  const response = 'status' in found ? found : respondWith(found, headers)
  return method === 'HEAD' ? withoutBody(response) : response
}

const pathPrefix = documentPath('')

/** A document of the site, or the response for one of Matrix that it doesn't configure. */
function findDocument (responses: SiteResponses, path: string): Resource | Response | undefined {
  if (!path.startsWith(pathPrefix)) return undefined
  const name = path.slice(pathPrefix.length)
  return Object.hasOwn(responses, name) ? responses[name] : missing.get(name)
}

/** All headers of a document: to copy them and replace some takes far less time than to copy some and add others. */
const documentHeaders = withContent({ ...publicHeaders, 'cache-control': '', etag: '' }, 0)

function respondWith (resource: Resource, { 'if-match': ifMatch, 'if-none-match': ifNoneMatch }: Headers): Response {
  const { body, size, etag } = resource
  if (ifMatch !== undefined && !matches(ifMatch, etag)) return preconditionFailed
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag, /^W\//)) {
    return { status: 304, headers: { ...publicHeaders, 'cache-control': cacheControl(resource), etag }, body: '' }
  }
  const caching = cacheControl(resource)
  const headers = { ...documentHeaders, 'cache-control': caching, etag, 'content-length': String(size) }
  return { status: 200, headers, body }
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

/** The responses for documents of Matrix that a site doesn't configure, by name. */
const missing: ReadonlyMap<string, Response> = new Map(documentNames.map(name =>
  [name, buildError(404, 'M_NOT_FOUND', `${documentPath(name)} is not configured`)]))

/** In characters, of what a request sent. */
const maxLength = 200

function notFound (path: string, method: string): Response {
  const hint = 'Documents are at /.well-known/matrix/…, and a proxy in front has to pass that path on unchanged'
  const response = buildError(404, 'M_UNRECOGNIZED', `No such path: ${shortenPath(path)}. ${hint}`)
  return method === 'HEAD' ? withoutBody(response) : response
}

/** The response for a host that selects no site. */
export function unknownHost (host: string, { method }: Pick<Request, 'method'>): Response {
  if (method === 'OPTIONS') return options
  const error = `No documents are configured for the host ${JSON.stringify(shorten(host, maxLength))}`
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
  return { status, headers: withContent(headers, new TextEncoder().encode(body).length), body }
}

function withContent (headers: Readonly<Record<string, string>>, size: number): Response['headers'] {
  return { ...headers, 'content-type': 'application/json', 'content-length': String(size) }
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
  return shorten(path, maxLength)
}
