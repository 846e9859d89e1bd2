import { quote } from './printable.ts'

const object = { type: 'object' } as const

const tileServer = {
  type: 'object',
  required: ['map_style_url'],
  properties: { map_style_url: { type: 'string', format: 'http-url' } }
} as const

const rtcFoci = {
  type: 'array',
  items: {
    type: 'object',
    required: ['type'],
    properties: {
      type: { type: 'string' },
      livekit_service_url: { type: 'string', format: 'livekit-service-url' }
    },
    if: { properties: { type: { const: 'livekit' } } },
    then: { required: ['livekit_service_url'] }
  }
} as const

/** The key that LIVEKIT_SERVICE_URL fills. */
export const rtcFociKey = 'org.matrix.msc4143.rtc_foci'

/**
 * The names of keys that have two of them, an unstable and a stable one: ruma refuses a document that has both.
 *
 * @see docs/readers.md
 */
export const namesOfOneKey = [
  [rtcFociKey, 'm.rtc_foci'],
  ['org.matrix.msc3488.tile_server', 'm.tile_server']
] as const

/** Says that a document has a key under both of its names. */
export function describeBothNames (stable: string, unstable: string): string {
  return `${quote(stable)} and ${quote(unstable)} are two names of the same key.`
}

/** The names of the key for calls. */
export const [rtcFociNames] = namesOfOneKey

/**
 * The optional keys of `/client` that clients read, each with the shape that its readers need. Some readers refuse the
 * whole document for one key of another shape.
 *
 * @see docs/readers.md
 */
export const optionalClientKeys = {
  [rtcFociKey]: rtcFoci,
  'm.rtc_foci': rtcFoci,
  'io.element.e2ee': {
    type: 'object',
    properties: { default: { type: 'boolean' }, force_disable: { type: 'boolean' } }
  },
  'io.element.jitsi': {
    type: 'object',
    properties: { preferredDomain: { type: 'string', format: 'host' } }
  },
  'm.tile_server': tileServer,
  'org.matrix.msc3488.tile_server': tileServer,
  'io.element.call_behaviour': object,
  'io.element.embedded_pages': object,
  'cc.etke.ketesa': object
} as const

/** Keys that clients no longer read, each with its replacement. */
export const obsoleteClientKeys: ReadonlyMap<string, string> = new Map([
  ['org.matrix.msc2965.authentication', 'clients request /_matrix/client/v1/auth_metadata from the homeserver instead'],
  ['org.matrix.msc3575.proxy', 'homeservers support simplified sliding sync themselves']
])

/**
 * Whether a key is named like a Java package, as the specification requires of keys that it doesn't define.
 *
 * @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixclient
 */
export function isPackageStyle (key: string): boolean {
  return /^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+$/i.test(key)
}
