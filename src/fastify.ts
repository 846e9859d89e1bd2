import type { FastifyInstance } from 'fastify'
import { loadSiteConfig } from './config/site-config.ts'
import type { Environment } from './config/environment.ts'
import { quote } from './matrix/printable.ts'
import { wellKnown } from './server/plugin.ts'
import { buildDirectory, buildHostDirectory } from './site/directory.ts'
import type { SiteDirectory } from './site/directory.ts'
import { hostsOf } from './site/hosts.ts'
import { buildResponses } from './site/responses.ts'
import type { SiteResponses } from './site/responses.ts'
import type { Site } from './site/site.ts'

export type { Site } from './site/site.ts'

/** What to serve: a site, the settings that it is built from, or several sites, of which the host selects one. */
export type MatrixWellKnownOptions =
  | { readonly site: Site, readonly environment?: never, readonly sites?: never }
  | { readonly environment: Environment, readonly site?: never, readonly sites?: never }
  | { readonly sites: readonly Site[], readonly site?: never, readonly environment?: never }

/** An app of any version of Fastify 5, since their types differ, and with any kind of server and logger. */
export interface FastifyApp {
  readonly prefix: string
  readonly version: string
}

/**
 * A Fastify 5 plugin that serves the well-known documents of a site at `/.well-known/matrix/*`, with CORS. All hooks of
 * the app run for its responses; nothing else of the app changes. Doubtful settings are logged as warnings.
 *
 * @throws {ConfigError} if a setting in the environment is wrong, {PrefixError} if it is registered with a prefix,
 * {TypeError} if it has no option, if two sites have the same host, or with another version of Fastify.
 */
export async function matrixWellKnown (app: FastifyApp, options: MatrixWellKnownOptions): Promise<void> {
  if (!isFastify5(app)) throw new TypeError(`Fastify is ${app.version}: matrixWellKnown needs version 5; update it`)
  const directory = openDirectory(options, line => app.log.warn(line))
  await wellKnown(app, { directory: () => directory })
}

function isFastify5 (app: FastifyApp): app is FastifyInstance {
  return app.version.startsWith('5.')
}

function openDirectory (
  { site, sites, environment }: MatrixWellKnownOptions, warn: (line: string) => void
): SiteDirectory {
  if (sites !== undefined) return joinSites(sites)
  return site === undefined ? loadDirectory(environment, warn) : buildDirectory(site)
}

function joinSites (sites: readonly Site[]): SiteDirectory {
  const byHost = new Map<string, { readonly serverName: string, readonly responses: SiteResponses }>()
  const faults: string[] = []
  for (const site of sites) {
    const { serverName } = site
    const entry = { serverName, responses: buildResponses(site) }
    for (const host of hostsOf(site)) {
      const other = byHost.get(host)
      if (other !== undefined) faults.push(`${quote(host)} is a host of ${other.serverName} and ${serverName}`)
      byHost.set(host, entry)
    }
  }
  if (faults.length > 0) throw new TypeError(`matrixWellKnown: ${faults.join(', ')}; keep each in only one site`)
  return buildHostDirectory(byHost)
}

function loadDirectory (environment: Environment | undefined, warn: (line: string) => void): SiteDirectory {
  if (environment === undefined) {
    const fault = 'matrixWellKnown has no option "site", "sites" or "environment"'
    throw new TypeError(`${fault}; use one, for example { environment }`)
  }
  const { site, documents, warnings } = loadSiteConfig(environment)
  for (const { message } of warnings) warn(message)
  return buildDirectory(site, documents)
}
