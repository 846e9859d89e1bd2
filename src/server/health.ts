import { allow } from '../site/headers.ts'
import { buildError, buildResponse } from '../site/responses.ts'
import type { Response } from '../site/responses.ts'

/** For probes, not for browsers: its responses have no CORS headers. */
export const healthPath = '/health'

const healthy = buildResponse(200, { 'cache-control': 'no-store' }, '{"status":"ok"}')
const options: Response = { status: 204, headers: { allow }, body: '' }
const methodNotAllowed = buildError(405, 'M_UNRECOGNIZED', `Method not allowed: use ${allow}`, { allow })

/** Responds to a request for `/health`. */
export function respondHealth (method: string): Response {
  switch (method) {
    case 'GET': return healthy
    case 'HEAD': return { ...healthy, body: '' }
    case 'OPTIONS': return options
    default: return methodNotAllowed
  }
}
