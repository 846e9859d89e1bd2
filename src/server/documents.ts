import { createHash } from 'node:crypto'
import { documentNames, documentPath } from '../site/documents.ts'
import type { Document } from '../site/documents.ts'
import { buildAnswer, buildError, publicHeaders } from './answers.ts'
import type { Answer } from './answers.ts'

/** All that is ever said at the path of a document. */
export interface Resource {
  readonly path: string
  /** Strong, in its quotes; undefined where the document is not configured. */
  readonly etag: string | undefined
  readonly found: Answer
  readonly notModified: Answer
}

/** A resource for each document that there is in Matrix: a 404 for those that are not configured. */
export function buildResources (documents: readonly Document[], cacheMaxAge: number): Resource[] {
  return documentNames.map(name => {
    const path = documentPath(name)
    const document = documents.find(candidate => candidate.name === name)
    if (document !== undefined) return buildResource(path, document, cacheMaxAge)
    const missing = buildError(404, 'M_NOT_FOUND', `${path} is not configured`)
    return { path, etag: undefined, found: missing, notModified: missing }
  })
}

function buildResource (path: string, { body }: Document, cacheMaxAge: number): Resource {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const headers = { ...publicHeaders, 'Cache-Control': `public, max-age=${cacheMaxAge}`, ETag: etag }
  return {
    path,
    etag,
    found: buildAnswer(200, headers, body),
    notModified: { status: 304, headers: Object.entries(headers).flat(), body: '' }
  }
}

/**
 * Picks the answer to a GET or HEAD by its If-None-Match: "*" or a list of entity tags, compared weakly.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.2
 */
export function selectAnswer ({ etag, found, notModified }: Resource, ifNoneMatch: string | undefined): Answer {
  if (ifNoneMatch === undefined || etag === undefined) return found
  const tags = ifNoneMatch.split(',').map(tag => tag.trim().replace(/^W\//, ''))
  // A comma inside another's tag is no harm: what is between two commas equals ours only where it is ours.
  return tags.includes(etag) || ifNoneMatch.trim() === '*' ? notModified : found
}
