import { isDeepStrictEqual } from 'node:util'
import { buildDocuments, documentPath } from '../../site/documents.ts'
import { property } from '../../matrix/json-object.ts'
import type { Document, DocumentName } from '../../site/documents.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import type { Site } from '../../site/site.ts'
import { quote } from '../../matrix/printable.ts'
import { readCacheControl } from '../network/cache-control.ts'
import { describeResponse } from './documents.ts'
import type { Finding } from './finding.ts'
import { buildFinding } from './legacy.ts'
import type { Details } from './legacy.ts'
import type { Response } from '../network/peer.ts'
import { valuesOf } from '../network/response-headers.ts'
import type { Fetch } from '../gather/well-known.ts'

/** Whether a document is configured. */
export function intends (site: Site, name: DocumentName): boolean {
  return buildDocuments(site).some(document => document.name === name)
}

/** Whether the world gets what the settings say, at one address. */
export function judgeIntent (site: Site, name: DocumentName, fetch: Fetch): Finding[] {
  const response = fetch.hops.at(-1)?.response
  if (response === undefined) return []
  const intended = buildDocuments(site).find(document => document.name === name)
  // Whether others get anywhere with what they see is judged elsewhere.
  const about = { area: 'documents', subject: documentPath(name) } as const
  const seen = { address: fetch.address, ...describeResponse(response) }
  if (intended === undefined) {
    if (response.status !== 200 || fetch.reading?.content === undefined) return []
    return [buildFinding('intent.unexpected', {
      ...about,
      what: `It is not configured, but ${whoAnswers(response)} serves ${quote(fetch.reading.content)}.`,
      change: 'Take the other one away, or configure the document.',
      evidence: { seen }
    })]
  }
  if (response.status === 404) {
    return [buildFinding('intent.missing', {
      ...about,
      what: `It is configured, but ${whoAnswers(response)} answers with status 404.`,
      change: 'Have the proxy pass this path on to the sidecar, unchanged; where the sidecar does answer, restart it with these settings.',
      evidence: { intended: intended.content, seen }
    })]
  }
  const content = fetch.reading?.content
  if (content === undefined) return []
  return isDeepStrictEqual(content, JSON.parse(intended.body)) ? judgeHeaders(site, response, about) : [differ(intended, content, fetch.address, response, about)]
}

function differ (intended: Document, content: JsonObject, address: string, response: Response, about: Pick<Details, 'area' | 'subject'>): Finding {
  const keys = [...new Set([...Object.keys(intended.content), ...Object.keys(content)])].filter(key => !isDeepStrictEqual(property(content, key), property(intended.content, key)))
  const [key = ''] = keys
  const more = keys.length > 1 ? ` (and ${keys.length - 1} more)` : ''
  const is = Object.hasOwn(content, key) ? `is ${quote(content[key])}` : 'is missing'
  const should = Object.hasOwn(intended.content, key) ? `should be ${quote(intended.content[key])}` : 'should not be there'
  return buildFinding('intent.differs', {
    ...about,
    what: `${quote(key)} ${is}, and ${should}${more}; ${whoAnswers(response)} answers.`,
    change: adviseOn(response),
    evidence: { keys, intended: intended.content, seen: { address, content, ...describeResponse(response) } }
  })
}

/** What tells whether a cache, a file or the sidecar answered: it sends an ETag and nosniff, and no Last-Modified. */
function whoAnswers (response: Response): string {
  const [server] = valuesOf(response, 'server')
  const by = server === undefined ? '' : ` of ${quote(server)}`
  if (isCached(response)) return `a cache${by}`
  if (valuesOf(response, 'last-modified').length > 0) return `a file${by}`
  if (valuesOf(response, 'x-content-type-options').includes('nosniff') && valuesOf(response, 'access-control-allow-origin').length > 0) return 'a sidecar, this one or another,'
  return server === undefined ? 'another server' : `another server, ${quote(server)},`
}

function isCached (response: Response): boolean {
  const age = Number(valuesOf(response, 'age')[0] ?? 0)
  return age > 0 || /hit/i.test([...valuesOf(response, 'x-cache'), ...valuesOf(response, 'cf-cache-status')].join())
}

function adviseOn (response: Response): string {
  if (isCached(response)) return 'Empty the cache of the proxy or CDN for this path; lower CACHE_MAX_AGE before the next change.'
  if (valuesOf(response, 'last-modified').length > 0) return 'Remove the file on the web server, and have the proxy pass this path on to the sidecar.'
  return 'Restart the sidecar with these settings, or correct them; see that the proxy passes this path on to it.'
}

function judgeHeaders (site: Site, response: Response, about: Pick<Details, 'area' | 'subject'>): Finding[] {
  const intended = `public, max-age=${site.cacheMaxAge}`
  const seen = valuesOf(response, 'cache-control').join(', ')
  const directives = readCacheControl(response)
  if (directives.get('max-age') === String(site.cacheMaxAge) && !['no-store', 'no-cache', 'private'].some(name => directives.has(name))) return []
  return [buildFinding('intent.headers', {
    ...about,
    what: seen === '' ? `Cache-Control is missing, and should be ${quote(intended)}.` : `Cache-Control is ${quote(seen)}, and should be ${quote(intended)}.`,
    change: 'Have the proxy leave the headers of the sidecar alone.',
    evidence: { intended, seen }
  })]
}
