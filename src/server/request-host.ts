import type { FastifyRequest } from 'fastify'
import { readAuthority } from './request-target.ts'

/**
 * The host that a request is for, with its port: from a proxy that is trusted, or of a target in absolute form, which
 * replaces Host, or of Host. Without either, it is empty.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2.2
 */
export function hostOf ({ host, url, raw }: FastifyRequest): string {
  const isForwarded = host !== (raw.headers.host ?? '')
  return isForwarded ? host : readAuthority(url) ?? host
}
