import envSchema from 'env-schema'
import { findMisspelledNames, readTexts } from './config/environment.ts'
import type { Environment } from './config/environment.ts'
import { ConfigError, explainSchemaErrors } from './config/fault.ts'
import type { Fault, SchemaError } from './config/fault.ts'
import { formats } from './config/formats.ts'
import { parseJson } from './config/json.ts'
import { settingNames, settings } from './config/settings.ts'
import type { SettingName, Settings } from './config/settings.ts'
import { parseTrustProxy } from './config/trust-proxy.ts'
import { findWarnings } from './config/warnings.ts'
import { rtcFociKey } from './matrix/client-keys.ts'
import { buildDocuments, documentPath, greatestDocumentSize } from './matrix/documents.ts'
import type { Document, Site } from './matrix/documents.ts'
import { findInvalidity, quote } from './matrix/invalid-value.ts'
import { parseServerName } from './matrix/server-name.ts'
import { parseBaseUrl } from './matrix/url.ts'

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
  const { values, faults } = readSettings(environment, settingNames)
  faults.push(...findContradictions(values))
  if (faults.length > 0) throw new ConfigError(faults, misspelled)

  const valid = values as Settings
  const site = buildSite(valid)
  const sizes = new Map(buildDocuments(site).map(document => [document, Buffer.byteLength(JSON.stringify(document.content))]))
  const oversized = findOversizedDocuments(sizes, values)
  if (oversized.length > 0) throw new ConfigError(oversized, misspelled)
  return { server: buildServer(valid), site, warnings: [...misspelled, ...findWarnings(valid, sizes)] }
}

/**
 * Reads only where the server listens, whatever the other settings say.
 *
 * @throws {ConfigError} when HOST or PORT is wrong.
 */
export function loadListenAddress (environment: Environment): ListenAddress {
  const { values, faults } = readSettings(environment, ['HOST', 'PORT'])
  if (faults.length > 0) throw new ConfigError(faults, findMisspelledNames(environment))
  const { HOST, PORT } = values as Settings
  return { host: HOST, port: PORT }
}

type Values = Partial<Record<SettingName, unknown>>

/** The values of these settings as their schemas have them, and what is wrong with them. */
function readSettings (environment: Environment, names: readonly SettingName[]): { values: Values, faults: Fault[] } {
  const { texts, faults } = readTexts(environment, names)
  const values: Values = {}
  for (const [name, text] of texts) values[name] = readValue(name, text)
  const unreadable = new Set(faults.map(fault => fault.variable))
  try {
    return { values: validate(values, names.filter(name => !unreadable.has(`${name}_FILE`))), faults }
  } catch (error) {
    return { values, faults: [...faults, ...explainSchemaErrors((error as { errors: SchemaError[] }).errors)] }
  }
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
    const value = parseJson(text)
    return typeof value === 'string' ? text : value
  } catch {
    return text
  }
}

function validate (values: Values, names: readonly SettingName[]): Values {
  return envSchema<Values>({
    schema: {
      type: 'object',
      required: names.filter(name => name === 'SERVER_NAME'),
      properties: Object.fromEntries(names.map(name => [name, settings[name]]))
    },
    data: values,
    env: false,
    ajv: {
      customOptions (ajv) {
        // Or "true" in quotes inside a document would pass for true, be served as it is, and readers would refuse it.
        ajv.opts.coerceTypes = false
        ajv.opts.verbose = true
        for (const [format, parse] of Object.entries(formats)) ajv.addFormat(format, (text: string) => findInvalidity(parse, text) === undefined)
        return ajv
      }
    }
  })
}

/** Faults that lie between settings; those of a single one have been found by then. */
function findContradictions (values: Values): Fault[] {
  const faults: Fault[] = []
  const report = (variable: SettingName, value: unknown, advice: string, place = ''): void => {
    faults.push({ variable, message: `${variable}${place} is ${quote(value)}: ${advice}` })
  }
  if (values.M_HOMESERVER_BASE_URL === undefined) {
    for (const name of ['M_IDENTITY_SERVER_BASE_URL', 'LIVEKIT_SERVICE_URL', 'EXTRA_WELL_KNOWN_CLIENT_CONTENT'] as const) {
      const value = values[name]
      if (isGiven(value)) report(name, Array.isArray(value) ? value.join() : value, 'it would be served nowhere, since /client needs M_HOMESERVER_BASE_URL: set that too, or leave this out')
    }
  }
  const extra = values.EXTRA_WELL_KNOWN_CLIENT_CONTENT
  if (typeof extra === 'object' && extra !== null) {
    for (const [key, content] of Object.entries(extra)) {
      const filledBy = settingOfKey(key, values)
      if (filledBy !== undefined) report('EXTRA_WELL_KNOWN_CLIENT_CONTENT', content, `leave it out and set ${filledBy} instead`, `, "${key}",`)
    }
  }
  return faults
}

/** Whether something was given at all; the defaults of lists and objects are empty. */
function isGiven (value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : value !== undefined
}

function settingOfKey (key: string, values: Values): SettingName | undefined {
  if (key === 'm.homeserver') return 'M_HOMESERVER_BASE_URL'
  if (key === 'm.identity_server') return 'M_IDENTITY_SERVER_BASE_URL'
  return key === rtcFociKey && isGiven(values.LIVEKIT_SERVICE_URL) ? 'LIVEKIT_SERVICE_URL' : undefined
}

function findOversizedDocuments (sizes: ReadonlyMap<Document, number>, values: Values): Fault[] {
  return [...sizes].filter(([, size]) => size > greatestDocumentSize).map(([{ name }, size]) => {
    const longest = settingNames
      .map(variable => ({ variable, length: JSON.stringify(values[variable] ?? '').length }))
      .reduce((left, right) => right.length > left.length ? right : left)
    return {
      variable: longest.variable,
      message: `${longest.variable} is ${quote(values[longest.variable])}: with it ${documentPath(name)} is ${size} bytes long and Synapse reads at most ${greatestDocumentSize}, shorten it`
    }
  })
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
