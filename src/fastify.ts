import type { FastifyPluginAsync } from 'fastify'
import { loadSiteConfig } from './config/site-config.ts'
import type { Environment } from './config/environment.ts'
import { wellKnown } from './server/plugin.ts'
import { buildDirectory } from './site/directory.ts'
import type { SiteDirectory } from './site/directory.ts'
import type { Site } from './site/site.ts'

export type { Site } from './site/site.ts'

/** What to serve: a site, or the settings that it is built from. */
export type MatrixWellKnownOptions =
  | { readonly site: Site, readonly environment?: never }
  | { readonly environment: Environment, readonly site?: never }

/**
 * A Fastify 5 plugin that serves the well-known documents of a site at `/.well-known/matrix/*`, with CORS. All hooks of
 * the app run for its responses; nothing else of the app changes. Doubtful settings are logged as warnings.
 *
 * @throws {ConfigError} if a setting in the environment is wrong, {PrefixError} if it is registered with a prefix,
 * {TypeError} if it has neither option.
 */
export const matrixWellKnown: FastifyPluginAsync<MatrixWellKnownOptions> = async (app, { site, environment }) => {
  const directory = site === undefined ? loadDirectory(environment, line => app.log.warn(line)) : buildDirectory(site)
  await wellKnown(app, { directory: () => directory })
}

function loadDirectory (environment: Environment | undefined, warn: (line: string) => void): SiteDirectory {
  if (environment === undefined) {
    throw new TypeError('matrixWellKnown has no option "site" or "environment"; use one, for example { environment }')
  }
  const { site, documents, warnings } = loadSiteConfig(environment)
  for (const { message } of warnings) warn(message)
  return buildDirectory(site, documents)
}
