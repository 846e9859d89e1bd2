import type { Site } from './site.ts'

/** @see https://spec.matrix.org/latest/client-server-api/#web-browser-clients */
export const cors = {
  origin: '*',
  methods: 'GET, POST, PUT, DELETE, OPTIONS',
  allowedHeaders: 'X-Requested-With, Content-Type, Authorization'
} as const

/** On every public response, whatever its status: without them a browser can't even see a 404. */
export const publicHeaders = {
  'Access-Control-Allow-Origin': cors.origin,
  'Access-Control-Allow-Methods': cors.methods,
  'Access-Control-Allow-Headers': cors.allowedHeaders,
  'X-Content-Type-Options': 'nosniff'
} as const

/** The methods that a document, and `/health`, can be requested with. */
export const allow = 'GET, HEAD, OPTIONS'

/** How long readers may cache a document. */
export function cacheControl ({ cacheMaxAge }: Pick<Site, 'cacheMaxAge'>): string {
  return `public, max-age=${cacheMaxAge}`
}
