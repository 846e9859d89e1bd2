import { findContradictions, findOversizedDocuments } from './contradictions.ts'
import { findMisspelledNames, readTexts } from './environment.ts'
import type { Environment, Texts } from './environment.ts'
import { ConfigError, explainSchemaErrors } from './fault.ts'
import type { Fault } from './fault.ts'
import { formats } from './setting-formats.ts'
import { parseJson } from './json-text.ts'
import { settingNames, settings } from './settings.ts'
import type { SettingName, Settings } from './settings.ts'
import { parseTrustProxy } from './trust-proxy.ts'
import { findWarnings } from './warnings.ts'
import { buildDocuments } from '../site/documents.ts'
import type { Site } from '../site/site.ts'
import { parseServerName } from '../matrix/server-name.ts'
import { parseBaseUrl } from '../matrix/url.ts'
import { validate } from '../matrix/validate.ts'
import type { Validation } from '../matrix/validate.ts'

/** Where the server listens. */
export interface ListenAddress {
  /** An address, a host name, or `unix:` and a path. */
  readonly host: string
  readonly port: number
}

/** How the server runs. */
export interface Server extends ListenAddress {
  readonly logLevel: string
  readonly logRequests: boolean
  /** As Fastify's `trustProxy`. */
  readonly trustProxy: boolean | string[]
}

export interface Config {
  readonly server: Server
  readonly site: Site
  /** What is legal but probably not meant, a line each. */
  readonly warnings: readonly string[]
}

/**
 * Reads and judges all settings of an environment.
 *
 * @throws {ConfigError} with every fault in it.
 */
export function loadConfig (environment: Environment): Config {
  const misspelled = findMisspelledNames(environment)
  const { texts, values, faults } = readSettings(environment, settingNames)
  const site = buildSite(values)
  const documents = buildDocuments(site)
  faults.push(...findContradictions(texts, values), ...findOversizedDocuments(documents, texts))
  if (faults.length > 0) throw new ConfigError(faults, misspelled)
  return { server: buildServer(values), site, warnings: [...misspelled, ...findWarnings(values, documents)] }
}

/**
 * Reads only where the server listens, whatever the other settings say.
 *
 * @throws {ConfigError} when HOST or PORT is wrong.
 */
export function loadListenAddress (environment: Environment): ListenAddress {
  const { values: { HOST, PORT }, faults } = readSettings(environment, ['HOST', 'PORT'])
  if (faults.length > 0) throw new ConfigError(faults, findMisspelledNames(environment))
  return { host: HOST, port: PORT }
}

/** The settings as their schemas have them, defaults in the place of those that are wrong, and what is wrong with those. */
function readSettings (environment: Environment, names: readonly SettingName[]): { texts: Texts, values: Settings, faults: Fault[] } {
  const { texts, faults } = readTexts(environment, names)
  const values: Partial<Record<SettingName, unknown>> = {}
  for (const [name, text] of texts) values[name] = readValue(name, text)
  // Something has to stand there for the others to be judged; nothing is served with a fault.
  const placeholder = { SERVER_NAME: 'localhost' }
  if (faults.some(({ variable }) => variable.startsWith('SERVER_NAME'))) Object.assign(values, placeholder)
  const first = judge(values, names)
  if (first.values !== undefined) return { texts, values: first.values, faults }
  faults.push(...explainSchemaErrors(first.errors))
  for (const { variable } of faults) delete values[variable as SettingName]
  return { texts, values: judge({ ...placeholder, ...values }, names).values as Settings, faults }
}

/**
 * A text as its schema wants it: a list of strings has commas between them, all else that is no string is JSON.
 * What can't be read so stays a text, for the schema to refuse.
 */
function readValue (name: SettingName, text: string): unknown {
  const { type, items }: { type: string, items?: { type: string } } = settings[name]
  if (items?.type === 'string') return text.split(',').map(entry => entry.trim())
  if (type === 'string') return text
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

function judge (values: Readonly<Record<string, unknown>>, names: readonly SettingName[]): Validation<Settings> {
  const properties = Object.fromEntries(names.map(name => [name, settings[name]]))
  return validate({ required: names.filter(name => name === 'SERVER_NAME'), properties }, values, formats)
}

function buildServer (valid: Settings): Server {
  return {
    host: valid.HOST,
    port: valid.PORT,
    logLevel: valid.LOG_LEVEL,
    logRequests: valid.LOG_REQUESTS,
    trustProxy: parseTrustProxy(valid.TRUST_PROXY)
  }
}

function buildSite (valid: Settings): Site {
  return {
    serverName: valid.SERVER_NAME,
    delegatedServer: valid.SERVE_SERVER_WELLKNOWN ? valid.M_SERVER ?? delegateToItself(valid.SERVER_NAME) : undefined,
    homeserverBaseUrl: withoutSlash(valid.M_HOMESERVER_BASE_URL),
    identityServerBaseUrl: withoutSlash(valid.M_IDENTITY_SERVER_BASE_URL),
    livekitServiceUrls: valid.LIVEKIT_SERVICE_URL.map(url => parseBaseUrl(url).href),
    extraClientContent: valid.EXTRA_WELL_KNOWN_CLIENT_CONTENT,
    extraSupportContent: {},
    extraDocuments: {},
    supportPage: valid.SUPPORT_PAGE,
    supportContacts: valid.SUPPORT_CONTACTS ?? [],
    policyServerKey: valid.POLICY_SERVER_ED25519,
    cacheMaxAge: valid.CACHE_MAX_AGE
  }
}

/** Synapse's rule for `serve_server_wellknown`: its own host and port, 443 where it has none. */
function delegateToItself (serverName: string): string {
  const { host, port } = parseServerName(serverName)
  return `${host}:${port ?? 443}`
}

function withoutSlash (url: string | undefined): string | undefined {
  return url === undefined ? undefined : parseBaseUrl(url).href
}
