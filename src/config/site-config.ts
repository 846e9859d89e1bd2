import { encodePublicKey, parsePublicKey } from '../matrix/public-key.ts'
import { parseServerName } from '../matrix/server-name.ts'
import { parseBaseUrl, parseSupportPage } from '../matrix/url.ts'
import { buildDocuments } from '../site/documents.ts'
import type { Document } from '../site/documents.ts'
import type { Site } from '../site/site.ts'
import { findContradictions, findOversizedDocuments } from './contradictions.ts'
import type { Environment } from './environment.ts'
import { ConfigError } from './fault.ts'
import type { Fault, Warning } from './fault.ts'
import { findMisspelledNames } from './misspelled-names.ts'
import { readSettings } from './read-settings.ts'
import { siteSettingNames } from './settings.ts'
import type { SiteSettings } from './settings.ts'
import { findSiteWarnings } from './warnings.ts'

/** What one server name publishes. */
export interface SiteConfig {
  readonly site: Site
  /** Of the site, built once. */
  readonly documents: readonly Document[]
  readonly warnings: readonly Warning[]
}

/**
 * Loads what one server name publishes, whatever the settings of the process are.
 *
 * @throws {ConfigError} with every fault.
 */
export function loadSite (environment: Environment): Site {
  return loadSiteConfig(environment).site
}

/** The same with its documents and warnings. */
export function loadSiteConfig (environment: Environment): SiteConfig {
  const names = findMisspelledNames(environment)
  const { site, documents, siteFaults, siteWarnings } = readSite(environment)
  if (siteFaults.length > 0) throw new ConfigError(siteFaults, names)
  return { site, documents, warnings: [...names, ...siteWarnings] }
}

export interface SiteParts extends Pick<SiteConfig, 'site' | 'documents'> {
  readonly siteFaults: readonly Fault[]
  readonly siteWarnings: readonly Warning[]
}

/** The site of an environment, with its faults; with defaults in place of settings that have some. */
export function readSite (environment: Environment): SiteParts {
  const { texts, values, faults } = readSettings<SiteSettings>(siteSettingNames, environment)
  const site = buildSite(values)
  const documents = buildDocuments(site)
  const siteFaults = [...faults, ...findContradictions(texts, values), ...findOversizedDocuments(documents, texts)]
  return { site, documents, siteFaults, siteWarnings: siteFaults.length > 0 ? [] : findSiteWarnings(values, documents) }
}

function buildSite (valid: SiteSettings): Site {
  return {
    serverName: valid.SERVER_NAME,
    hostAliases: valid.HOST_ALIASES,
    delegatedServer: valid.SERVE_SERVER_WELLKNOWN ? valid.M_SERVER ?? delegateToItself(valid.SERVER_NAME) : undefined,
    homeserverBaseUrl: valid.M_HOMESERVER_BASE_URL && withoutSlash(valid.M_HOMESERVER_BASE_URL),
    identityServerBaseUrl: valid.M_IDENTITY_SERVER_BASE_URL && withoutSlash(valid.M_IDENTITY_SERVER_BASE_URL),
    livekitServiceUrls: valid.LIVEKIT_SERVICE_URL.map(withoutSlash),
    extraClientContent: valid.EXTRA_WELL_KNOWN_CLIENT_CONTENT,
    supportPage: valid.SUPPORT_PAGE && parseSupportPage(valid.SUPPORT_PAGE),
    supportContacts: valid.SUPPORT_CONTACTS ?? [],
    extraSupportContent: valid.EXTRA_WELL_KNOWN_SUPPORT_CONTENT,
    policyServerKey: valid.POLICY_SERVER_ED25519 && encodePublicKey(parsePublicKey(valid.POLICY_SERVER_ED25519)),
    extraDocuments: valid.EXTRA_WELL_KNOWN_DOCUMENTS,
    cacheMaxAge: valid.CACHE_MAX_AGE
  }
}

/** As Synapse's `serve_server_wellknown` does: its own host and port, 443 if it has none. */
function delegateToItself (serverName: string): string {
  const { host, port } = parseServerName(serverName)
  return `${host}:${port ?? 443}`
}

function withoutSlash (url: string): string {
  return parseBaseUrl(url).href
}
