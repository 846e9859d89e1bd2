import type { Site } from './site.ts'

/** @see https://spec.matrix.org/latest/client-server-api/#web-browser-clients */
export const cors = {
  origin: '*',
  methods: 'GET, POST, PUT, DELETE, OPTIONS',
  allowedHeaders: 'X-Requested-With, Content-Type, Authorization'
} as const

/**
 * On every public response, whatever its status: without them a browser can't even see a 404. Names are in lower case,
 * as Fastify and `fetch` keep them.
 */
export const publicHeaders = {
  'access-control-allow-origin': cors.origin,
  'access-control-allow-methods': cors.methods,
  'access-control-allow-headers': cors.allowedHeaders,
  'x-content-type-options': 'nosniff'
} as const

/** The methods that a document, and `/health`, can be requested with. */
export const allow = 'GET, HEAD, OPTIONS'

/** How long readers may cache a document. */
export function cacheControl ({ cacheMaxAge }: Pick<Site, 'cacheMaxAge'>): string {
  return `public, max-age=${cacheMaxAge}`
}
