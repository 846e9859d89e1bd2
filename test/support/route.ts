import type { RequestListener } from 'node:http'
import { matrixError } from './responses.ts'

/**
 * Handlers by request: `GET /path` (also HEAD), `/path` (any method), `OPTIONS *` (any path), `*` (all others). They
 * are tried in this order. The query is ignored, and so are handlers that are undefined.
 */
export type Routes = Readonly<Record<string, RequestListener | undefined>>

/** Combines handlers. Other requests get 404 M_UNRECOGNIZED with CORS. */
export function route (routes: Routes): RequestListener {
  const unrecognized = matrixError(404, 'M_UNRECOGNIZED', 'Unrecognized request')
  return (request, response) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const path = request.url?.replace(/\?.*/, '') ?? ''
    const handler = routes[`${method} ${path}`] ?? routes[path] ?? routes[`${method} *`] ?? routes['*'] ?? unrecognized
    handler(request, response)
  }
}
