import { optionalClientKeys } from '../matrix/client-keys.ts'
import { contactsSchema, documentSchemas } from '../matrix/document-schemas.ts'
import type { JsonObject } from '../matrix/json-object.ts'

const baseUrl = { type: 'string', format: 'base-url' } as const

/**
 * The settings of a site: the name of each environment variable with the JSON Schema of its value, its default, an
 * example, and its meaning. A value that is not a string is written as JSON; a list of strings, with commas.
 */
export const siteSettings = {
  SERVER_NAME: {
    type: 'string',
    format: 'matrix-server-name',
    description: 'the part after the colon in user IDs',
    examples: ['example.com']
  },
  HOST_ALIASES: {
    type: 'array',
    items: { type: 'string', format: 'host-name' },
    default: [],
    description: 'with `SITES_DIR`: other hosts at which the documents of this site are served, comma-separated',
    examples: ['matrix.example.com']
  },
  M_SERVER: {
    ...documentSchemas.server.properties['m.server'],
    description: '`m.server`: where other servers find yours, `host[:port]`',
    examples: ['matrix.example.com:443']
  },
  SERVE_SERVER_WELLKNOWN: {
    type: 'boolean',
    default: true,
    description: '`false`: the response for `/server` is 404',
    examples: [true]
  },
  M_HOMESERVER_BASE_URL: {
    ...baseUrl,
    description: '`m.homeserver.base_url`: where clients find the homeserver; unset, `/client` is 404',
    examples: ['https://matrix.example.com']
  },
  M_IDENTITY_SERVER_BASE_URL: {
    ...baseUrl,
    description: '`m.identity_server.base_url`',
    examples: ['https://identity.example.com']
  },
  LIVEKIT_SERVICE_URL: {
    type: 'array',
    items: { type: 'string', format: 'livekit-service-url' },
    default: [],
    description: 'one or more, comma-separated: `org.matrix.msc4143.rtc_foci` of type `livekit`, for calls',
    examples: ['https://rtc.example.com/livekit/jwt']
  },
  EXTRA_WELL_KNOWN_CLIENT_CONTENT: {
    type: 'object',
    properties: optionalClientKeys,
    default: {},
    description: 'a JSON object with further keys of `/client`',
    examples: [{ 'io.element.e2ee': { default: true } }]
  },
  SUPPORT_PAGE: {
    ...documentSchemas.support.properties.support_page,
    description: '`support_page`: the URL of a page with help for users, or `mailto:` and an address',
    examples: ['https://example.com/matrix-help']
  },
  SUPPORT_CONTACTS: {
    ...contactsSchema,
    description: '`contacts`: a JSON array of people to contact',
    examples: [[{ role: 'm.role.admin', matrix_id: '@admin:example.com', email_address: 'admin@example.com' }]]
  },
  EXTRA_WELL_KNOWN_SUPPORT_CONTENT: {
    type: 'object',
    default: {},
    description: 'a JSON object with further keys of `/support`',
    examples: [{ 'com.example.office_hours': '9-17 UTC' }]
  },
  POLICY_SERVER_ED25519: {
    type: 'string',
    format: 'matrix-public-key',
    description: '`public_keys.ed25519` of `/policy_server`: 43 characters of base64',
    examples: ['6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s']
  },
  EXTRA_WELL_KNOWN_DOCUMENTS: {
    type: 'object',
    additionalProperties: { type: 'object' },
    default: {},
    description: 'a JSON object of further documents: each name with the JSON object at `/.well-known/matrix/<name>`',
    examples: [{ mautrix: { 'fi.mau.bridges': ['https://bridges.example.com'] } }]
  },
  CACHE_MAX_AGE: {
    type: 'integer',
    minimum: 0,
    maximum: 31_536_000,
    default: 3600,
    description: 'how long readers may cache a document, in seconds: `Cache-Control: public, max-age=…`',
    examples: [3600]
  }
} as const satisfies Readonly<Record<keyof SiteSettings, object>>

/** The settings of the process. */
const serverSettings = {
  HOST: {
    type: 'string',
    format: 'listen-host',
    default: '::',
    description: 'the address to listen on (`::` is every address), or `unix:/path.sock`',
    examples: ['127.0.0.1']
  },
  PORT: {
    type: 'integer',
    minimum: 0,
    maximum: 65_535,
    default: 8080,
    description: 'the port to listen on',
    examples: [8080]
  },
  LOG_LEVEL: {
    type: 'string',
    enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    description: 'how much to log: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
    examples: ['info']
  },
  LOG_REQUESTS: {
    type: 'boolean',
    default: false,
    description: '`true` logs one line per request',
    examples: [false]
  },
  TRUST_PROXY: {
    type: 'string',
    format: 'trust-proxy',
    default: 'false',
    description: 'proxies whose `X-Forwarded-For` and `-Host` to use: `true`, `false`, or addresses and ranges',
    examples: ['127.0.0.1,10.0.0.0/8']
  },
  SITES_DIR: {
    type: 'string',
    description: 'a folder with one `.env` file for each of [many sites](many-sites.md)',
    examples: ['/etc/matrix-well-known/sites']
  },
  SITES_RELOAD_SECONDS: {
    type: 'integer',
    minimum: 0,
    maximum: 86_400,
    default: 30,
    description: 'how often to look for changes in `SITES_DIR`; `0`: only on SIGHUP',
    examples: [30]
  },
  METRICS_HOST: {
    type: 'string',
    format: 'listen-host',
    default: '127.0.0.1',
    description: 'the address for [metrics](monitoring.md#metrics-of-the-sidecar); in the container, every address',
    examples: ['127.0.0.1']
  },
  METRICS_PORT: {
    type: 'integer',
    minimum: 0,
    maximum: 65_535,
    description: 'the port for metrics; without it, there are none',
    examples: [9090]
  },
  MONITOR_SECONDS: {
    type: 'integer',
    minimum: 1,
    maximum: 86_400,
    default: 300,
    description: 'how often [`monitor`](monitoring.md) checks a name that works',
    examples: [300]
  },
  MONITOR_CONFIRMATIONS: {
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 3,
    description: 'how many failures in a row `monitor` counts as an outage',
    examples: [3]
  }
} as const satisfies Readonly<Record<keyof ServerSettings, object>>

/** Every setting. */
export const settings = { ...siteSettings, ...serverSettings } as const

export type SettingName = keyof typeof settings

export function isSettingName (name: string): name is SettingName {
  return Object.hasOwn(settings, name)
}

export const settingNames = Object.keys(settings).filter(isSettingName)
export const siteSettingNames = Object.keys(siteSettings).filter(isSettingName)
export const serverSettingNames = Object.keys(serverSettings).filter(isSettingName)

/** In levels of nesting: serde_json, which ruma uses, stops at 128, and no document of Matrix needs that many. */
const maxDocumentDepth = 100

/** How deep the JSON of a setting may be nested, so that no document is deeper than `maxDocumentDepth`. */
export function maxDepthOf (name: SettingName): number {
  if (name === 'SUPPORT_CONTACTS') return maxDocumentDepth - 1
  return name === 'EXTRA_WELL_KNOWN_DOCUMENTS' ? maxDocumentDepth + 1 : maxDocumentDepth
}

/** The settings of a site once their schemas have accepted them; one without a default may be missing. */
export interface SiteSettings {
  SERVER_NAME: string
  HOST_ALIASES: string[]
  M_SERVER?: string
  SERVE_SERVER_WELLKNOWN: boolean
  M_HOMESERVER_BASE_URL?: string
  M_IDENTITY_SERVER_BASE_URL?: string
  LIVEKIT_SERVICE_URL: string[]
  EXTRA_WELL_KNOWN_CLIENT_CONTENT: JsonObject
  SUPPORT_PAGE?: string
  SUPPORT_CONTACTS?: JsonObject[]
  EXTRA_WELL_KNOWN_SUPPORT_CONTENT: JsonObject
  POLICY_SERVER_ED25519?: string
  EXTRA_WELL_KNOWN_DOCUMENTS: Readonly<Record<string, JsonObject>>
  CACHE_MAX_AGE: number
}

/** The settings of the process once their schemas have accepted them. */
export interface ServerSettings {
  HOST: string
  PORT: number
  LOG_LEVEL: string
  LOG_REQUESTS: boolean
  TRUST_PROXY: string
  SITES_DIR?: string
  SITES_RELOAD_SECONDS: number
  METRICS_HOST: string
  METRICS_PORT?: number
  MONITOR_SECONDS: number
  MONITOR_CONFIRMATIONS: number
}
