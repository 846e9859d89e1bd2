import type { FastifyInstance } from 'fastify'
import { respondFrom } from '../site/directory.ts'
import type { SiteDirectory } from '../site/directory.ts'
import { addPath } from './path.ts'
import { hostOf } from './request-host.ts'
import { stripOrigin } from './request-target.ts'

/** The plugin is registered in a place where it can't work. */
export class PrefixError extends Error {
  override readonly name = 'PrefixError'
  readonly code = 'ERR_PREFIX'
}

export interface WellKnownOptions {
  /** Called for each request, so that the sites can change while the server runs. */
  readonly directory: () => SiteDirectory
  /** Called with the target of each request and the status of its response. */
  readonly count?: ((target: string, status: number) => void) | undefined
}

/**
 * A Fastify plugin that serves the documents of sites at `/.well-known/matrix/*`, and nothing else.
 *
 * @throws {PrefixError} if it is registered with a prefix.
 */
export async function wellKnown (app: FastifyInstance, { directory, count }: WellKnownOptions): Promise<void> {
  if (app.prefix !== '') {
    const reason = 'Matrix clients and servers look for /.well-known/matrix/… at the root of a host'
    throw new PrefixError(`The prefix ${JSON.stringify(app.prefix)} isn't allowed: ${reason}`)
  }
  addPath(app, '/.well-known/matrix/*', request => {
    const { method, url, headers } = request
    const path = stripOrigin(url)
    const response = respondFrom(directory(), hostOf(request), { method, path, headers })
    count?.(path, response.status)
    return response
  })
}
