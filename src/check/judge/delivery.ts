import { formatCount } from '../../matrix/format-count.ts'
import { tuwunelMaxSize, synapseMaxSize } from '../../site/document-size.ts'
import { documentKind } from '../../site/documents.ts'
import type { DocumentName } from '../../site/documents.ts'
import { cacheControl } from '../../site/headers.ts'
import { readCacheSeconds, readSynapseCacheSeconds, synapseCache } from '../network/cache-control.ts'
import type { Fetch } from '../network/fetch.ts'
import type { Response } from '../network/peer.ts'
import { valuesOf } from '../network/response-headers.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'
import { formatSpan } from './time-span.ts'

/** In milliseconds. Element Web waits for five seconds (docs/readers.md). */
export const maxComfortableTime = 3_000

const setMaxAge = `Send "Cache-Control: ${cacheControl({ cacheMaxAge: 3600 })}".`
const shorten = `Shorten it to at most ${formatCount(tuwunelMaxSize)} bytes.`

export const deliveryFindings = {
  'document.too-large': {
    severity: 'warning',
    title: `A document is larger than ${formatCount(synapseMaxSize)} bytes`,
    why: 'Synapse and others read no more, and act as if there were no document.',
    specification: references.wellKnownServer,
    what: ({ size, isTruncated }: { size: number, isTruncated: boolean }) => isTruncated
      ? `The response is longer than ${formatCount(size)} bytes.`
      : `The response is ${formatCount(size)} bytes long.`,
    fix: shorten,
    example: { size: 60_000, isTruncated: false }
  },
  'document.large': {
    severity: 'notice',
    title: `A document is larger than ${formatCount(tuwunelMaxSize)} bytes`,
    why: 'Some servers (tuwunel) read no more.',
    specification: references.wellKnownServer,
    what: ({ size }: { size: number }) => `The response is ${formatCount(size)} bytes long.`,
    fix: shorten,
    example: { size: 20_000 }
  },
  'document.slow': {
    severity: 'warning',
    title: 'A document takes more than 3 seconds',
    why: 'Element Web waits for 5 seconds, other clients and servers for 10 seconds or more.',
    specification: references.wellKnownUris,
    what: ({ milliseconds }: { milliseconds: number }) => `It took ${(milliseconds / 1000).toFixed(1)} seconds.`,
    fix: 'Find out what is slow: the proxy, or the service to which it sends this path.',
    example: { milliseconds: 4200 }
  },
  'document.content-type': {
    severity: 'warning',
    title: "A document isn't served as application/json",
    why: 'The specification requires it.',
    specification: references.wellKnownUris,
    what: ({ type }: { type: string | undefined }) => type === undefined
      ? 'There is no Content-Type header.'
      : `The Content-Type is ${type}.`,
    fix: 'Serve it as application/json.',
    example: { type: 'text/plain' }
  },
  'document.content-type-twice': {
    severity: 'warning',
    title: 'A document has more than one Content-Type',
    why: 'Readers differ in which one they use.',
    specification: references.wellKnownUris,
    what: ({ types }: { types: readonly string[] }) =>
      `There are ${types.length} Content-Type headers: ${types.join(' and ')}.`,
    fix: 'Set it in one place only: in nginx with default_type, not with add_header.',
    example: { types: ['text/plain', 'application/json'] }
  },
  'cache.long': {
    severity: 'warning',
    title: 'A document may be cached for more than 48 hours',
    why: 'Others keep a wrong document for that long. Synapse limits it to 48 hours.',
    specification: references.wellKnownCaching,
    what: ({ seconds }: { seconds: number }) => `It may be cached for ${formatSpan(seconds)}.`,
    fix: setMaxAge,
    example: { seconds: 31_536_000 }
  },
  'cache.short': {
    severity: 'notice',
    title: 'A document may be cached for less than 5 minutes',
    why: 'Synapse caches it for 5 minutes anyway, and others request it more often than necessary.',
    specification: references.wellKnownCaching,
    what: ({ seconds }: { seconds: number }) =>
      `It may be cached for ${formatSpan(seconds)}; Synapse caches it for 5 minutes.`,
    fix: setMaxAge,
    example: { seconds: 60 }
  },
  'cache.default': {
    severity: 'notice',
    title: "A document doesn't say how long it may be cached",
    why: 'Synapse caches it for a day, so others keep a wrong document for that long.',
    specification: references.wellKnownCaching,
    what: 'There is no max-age and no Expires: Synapse caches it for 24 hours, tuwunel for 18 to 36.',
    fix: setMaxAge
  }
} as const satisfies FindingKinds

const find = findingBuilder(deliveryFindings)

/** A body that was not read to its end. */
export function judgeTruncated ({ body }: Response, context: Context, evidence: Finding['evidence']): Finding {
  return find('document.too-large', { ...context, parts: { size: body.length, isTruncated: true }, evidence })
}

/** What is wrong with how a valid document is delivered: its type, caching, size and time. */
export function judgeDelivery (
  name: DocumentName,
  response: Response,
  { hops }: Fetch,
  context: Context,
  now: Date
): Finding[] {
  return [
    ...judgeContentType(response, context),
    ...judgeCaching(name, response, context, now),
    ...judgeSize(response.body.length, context),
    ...judgeTime(hops, context)
  ]
}

function judgeContentType (response: Response, context: Context): Finding[] {
  const types = valuesOf(response, 'content-type')
  const [type] = types
  const details = { ...context, evidence: { 'content-type': types } }
  if (types.length > 1) return [find('document.content-type-twice', { ...details, parts: { types } })]
  if (type !== undefined && /^application\/json\s*(;|$)/i.test(type)) return []
  return [find('document.content-type', { ...details, parts: { type } })]
}

function judgeCaching (name: DocumentName, response: Response, context: Context, now: Date): Finding[] {
  const seconds = readCacheSeconds(response, now)
  const evidence = {
    'cache-control': valuesOf(response, 'cache-control'),
    expires: valuesOf(response, 'expires'),
    seconds,
    synapse: readSynapseCacheSeconds(seconds)
  }
  const details = { ...context, evidence }
  if (seconds !== undefined && seconds > synapseCache.max) {
    return [find('cache.long', { ...details, parts: { seconds } })]
  }
  // Only servers cache a document on their own.
  if (documentKind(name).area !== 'federation') return []
  if (seconds === undefined) return [find('cache.default', details)]
  return seconds < synapseCache.min ? [find('cache.short', { ...details, parts: { seconds } })] : []
}

/** Servers read up to a limit, clients everything. */
function judgeSize (size: number, context: Context): Finding[] {
  const details = { ...context, evidence: { size } }
  if (size > synapseMaxSize) {
    return [find('document.too-large', { ...details, parts: { size, isTruncated: false } })]
  }
  if (size <= tuwunelMaxSize) return []
  return [find('document.large', { ...details, parts: { size } })]
}

function judgeTime (hops: Fetch['hops'], context: Context): Finding[] {
  const milliseconds = hops.reduce((sum, hop) => sum + hop.milliseconds, 0)
  if (milliseconds <= maxComfortableTime) return []
  return [find('document.slow', { ...context, parts: { milliseconds }, evidence: { milliseconds } })]
}
