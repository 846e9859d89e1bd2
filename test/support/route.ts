import type { RequestListener } from 'node:http'
import { matrixError } from './answers.ts'

/**
 * Handlers by what they answer: `GET /path` (HEAD, too), `/path` (any method), `OPTIONS *` (any path), `*` (all else).
 * The first of these that fits in this order is taken. The query does not count. Undefined as if it were not there.
 */
export type Routes = Readonly<Record<string, RequestListener | undefined>>

/** A handler made of handlers. What fits none is 404 M_UNRECOGNIZED with CORS. */
export function route (routes: Routes): RequestListener {
  const unrecognized = matrixError(404, 'M_UNRECOGNIZED', 'Unrecognized request')
  return (request, response) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const path = request.url?.replace(/\?.*/, '') ?? ''
    const handler = routes[`${method} ${path}`] ?? routes[path] ?? routes[`${method} *`] ?? routes['*'] ?? unrecognized
    handler(request, response)
  }
}
