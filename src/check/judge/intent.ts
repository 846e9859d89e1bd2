import { isDeepStrictEqual } from 'node:util'
import { property } from '../../matrix/json-object.ts'
import type { JsonObject } from '../../matrix/json-object.ts'
import { quote } from '../../matrix/printable.ts'
import { buildDocuments } from '../../site/documents.ts'
import type { Document, DocumentName } from '../../site/documents.ts'
import { cacheControl, publicHeaders } from '../../site/headers.ts'
import type { Site } from '../../site/site.ts'
import { readCacheControl } from '../network/cache-control.ts'
import type { Fetch } from '../network/fetch.ts'
import type { Response } from '../network/peer.ts'
import { valuesOf } from '../network/response-headers.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { describeResponse } from './response-evidence.ts'
import { findDeadEnd } from './redirects.ts'
import { references } from './references.ts'

export const intentFindings = {
  'intent.missing': {
    severity: 'failure',
    title: 'A document is configured, but not published',
    why: 'The settings have no effect on what others see.',
    specification: references.wellKnownUris,
    what: ({ responder, deadEnd }: MissingParts) => 'It is configured, but ' +
      (deadEnd === undefined ? '' : `redirected to ${deadEnd}, where `) +
      `${describeResponder(responder)} returns status 404.`,
    fix: ({ responder: { kind }, deadEnd }: MissingParts) => {
      if (deadEnd !== undefined) {
        return 'Exclude /.well-known/matrix/ from redirects to www or https, and configure the proxy to pass it on ' +
          'to the sidecar.'
      }
      return kind === 'sidecar'
        ? restart
        : 'Configure the proxy to pass /.well-known/matrix/ on to the sidecar, with the path unchanged.'
    },
    example: { responder: { kind: 'other', server: 'nginx' }, deadEnd: undefined }
  },
  'intent.differs': {
    severity: 'failure',
    title: 'The published document differs from the settings',
    why: 'The settings have no effect on what others see: it is a stale copy, a file, or from another server.',
    specification: references.wellKnownUris,
    what: ({ responder, key, is, should, more }: DifferenceParts) => {
      const found = is === undefined ? 'is missing' : `is ${quote(is)}`
      const expected = should === undefined ? "shouldn't be there" : `should be ${quote(should)}`
      return `${quote(key)} ${found}, but ${expected}${more === 0 ? '' : ` (and ${more} more)`}. ` +
        `The response is from ${describeResponder(responder)}.`
    },
    fix: ({ responder }: { responder: Responder }) => fixes[responder.kind],
    example: {
      responder: { kind: 'cache', server: 'cloudflare' },
      key: 'm.server',
      is: 'old.example.com:443',
      should: 'matrix.example.com:443',
      more: 0
    }
  },
  'intent.unexpected': {
    severity: 'warning',
    title: "A document that isn't configured is published",
    why: 'Another service responds for this server name.',
    specification: references.wellKnownUris,
    what: ({ responder, content }: { responder: Responder, content: JsonObject }) =>
      `It isn't configured, but ${describeResponder(responder)} serves ${quote(content)}.`,
    fix: 'Remove it there, or configure the document here.',
    example: { responder: { kind: 'file', server: 'nginx' }, content: { support_page: 'https://example.com/help' } }
  },
  'intent.headers': {
    severity: 'warning',
    title: 'A proxy changes the headers of a document',
    why: 'It changes how long others cache a document, or what browsers may read.',
    specification: references.wellKnownCaching,
    what: ({ is, should }: { is: string, should: string }) => is === ''
      ? `Cache-Control is missing, but should be ${quote(should)}.`
      : `Cache-Control is ${quote(is)}, but should be ${quote(should)}.`,
    fix: 'Configure the proxy to keep the headers of the sidecar.',
    example: { is: 'public, max-age=600', should: 'public, max-age=3600' }
  }
} as const satisfies FindingKinds

/** Where a response comes from, as far as it shows. */
export interface Responder {
  readonly kind: 'cache' | 'file' | 'sidecar' | 'other'
  /** The Server header. */
  readonly server: string | undefined
}

/** Who returns the 404, and where that is if redirects lead there. */
export interface MissingParts {
  readonly responder: Responder
  readonly deadEnd: string | undefined
}

/** The first key that differs, with its values if it has any, and how many more there are. */
export interface DifferenceParts {
  readonly responder: Responder
  readonly key: string
  readonly is: unknown
  readonly should: unknown
  readonly more: number
}

function describeResponder ({ kind, server }: Responder): string {
  switch (kind) {
    case 'cache':
    case 'file': return server === undefined ? `a ${kind}` : `a ${kind} of ${quote(server)}`
    case 'sidecar': return 'a sidecar (this one or another)'
    case 'other': return server === undefined ? 'another server' : `another server (${quote(server)})`
  }
}

const restart = 'Restart the sidecar with these settings, or fix them; check that the proxy passes this path on to it.'

const fixes: Readonly<Record<Responder['kind'], string>> = {
  cache: 'Purge the cache of the proxy or CDN for this path, and lower CACHE_MAX_AGE before the next change.',
  file: 'Delete the file on the web server, and configure the proxy to pass this path on to the sidecar.',
  sidecar: restart,
  other: restart
}

const find = findingBuilder(intentFindings)

/** What should be published according to the settings. */
export interface Intent {
  readonly site: Site
  /** By name. */
  readonly documents: ReadonlyMap<string, Document>
}

export function buildIntent (site: Site): Intent {
  return { site, documents: new Map(buildDocuments(site).map(document => [document.name, document])) }
}

/** Whether an address publishes what the settings say. What readers make of it is judged elsewhere. */
export function judgeIntent ({ site, documents }: Intent, name: DocumentName, fetch: Fetch): Finding[] {
  const response = fetch.hops.at(-1)?.response
  if (response === undefined) return []
  const intended = documents.get(name)
  const content = fetch.reading?.content
  const context: Context = { area: 'documents', about: { document: name } }
  const responder = identifyResponder(response)
  const seen = { address: fetch.address, ...describeResponse(response) }
  if (intended === undefined) {
    if (content === undefined) return []
    return [find('intent.unexpected', { ...context, parts: { responder, content }, evidence: { seen } })]
  }
  if (response.status === 404) {
    const evidence = { intended: intended.content, seen }
    return [find('intent.missing', { ...context, parts: { responder, deadEnd: findDeadEnd(fetch) }, evidence })]
  }
  if (content === undefined) return []
  // As readers see it, which may differ from `intended.content`: -0 is 0 in JSON.
  const should: JsonObject = JSON.parse(intended.body)
  if (isDeepStrictEqual(content, should)) return judgeHeaders(site, response, context)
  return [judgeDifference(should, content, responder, context, seen)]
}

function judgeDifference (
  intended: JsonObject,
  content: JsonObject,
  responder: Responder,
  context: Context,
  seen: Readonly<Record<string, unknown>>
): Finding {
  const keys = [...new Set([...Object.keys(intended), ...Object.keys(content)])]
    .filter(key => !isDeepStrictEqual(property(content, key), property(intended, key)))
  // They differ, so there is one.
  const key = String(keys[0])
  return find('intent.differs', {
    ...context,
    parts: { responder, key, is: property(content, key), should: property(intended, key), more: keys.length - 1 },
    evidence: { keys, intended, seen: { ...seen, content } }
  })
}

/** A cache and a file have headers of their own; the sidecar has all of `publicHeaders`. */
function identifyResponder (response: Response): Responder {
  const [server] = valuesOf(response, 'server')
  if (isCached(response)) return { kind: 'cache', server }
  const has = (header: string): boolean => valuesOf(response, header.toLowerCase()).length > 0
  if (has('Last-Modified')) return { kind: 'file', server }
  return { kind: Object.keys(publicHeaders).every(has) ? 'sidecar' : 'other', server }
}

function isCached (response: Response): boolean {
  const age = Number(valuesOf(response, 'age')[0] ?? 0)
  return age > 0 || /hit/i.test([...valuesOf(response, 'x-cache'), ...valuesOf(response, 'cf-cache-status')].join())
}

function judgeHeaders (site: Site, response: Response, context: Context): Finding[] {
  const should = cacheControl(site)
  const is = valuesOf(response, 'cache-control').join(', ')
  const directives = readCacheControl(response)
  const isRestricted = ['no-store', 'no-cache', 'private'].some(name => directives.has(name))
  if (directives.get('max-age') === String(site.cacheMaxAge) && !isRestricted) return []
  return [find('intent.headers', { ...context, parts: { is, should }, evidence: { intended: should, seen: is } })]
}
