/** What `io.element.call_behaviour` and `io.element.embedded_pages` hold: Element Web reads strings and booleans. */
const object = { type: 'object' } as const

const tileServer = {
  type: 'object',
  required: ['map_style_url'],
  properties: { map_style_url: { type: 'string', format: 'http-url' } }
} as const

/** The key that LIVEKIT_SERVICE_URL fills. */
export const rtcFociKey = 'org.matrix.msc4143.rtc_foci'

/**
 * The optional keys of `/client` that clients read today, each with the shape that its readers need. One key of
 * another shape makes some of them refuse the whole document (spec §3.4, §3.5).
 */
export const optionalClientKeys = {
  [rtcFociKey]: {
    type: 'array',
    items: {
      type: 'object',
      required: ['type'],
      properties: {
        type: { type: 'string' },
        livekit_service_url: { type: 'string', format: 'http-url' }
      },
      if: { properties: { type: { const: 'livekit' } } },
      then: { required: ['livekit_service_url'] }
    }
  },
  'io.element.e2ee': {
    type: 'object',
    properties: { default: { type: 'boolean' }, force_disable: { type: 'boolean' } }
  },
  'io.element.jitsi': {
    type: 'object',
    properties: { preferredDomain: { type: 'string', format: 'matrix-server-name' } }
  },
  'm.tile_server': tileServer,
  'org.matrix.msc3488.tile_server': tileServer,
  'io.element.call_behaviour': object,
  'io.element.embedded_pages': object,
  'cc.etke.ketesa': object
} as const

/** Keys that clients no longer read, each with what took its place (spec §3.5). */
export const obsoleteClientKeys: ReadonlyMap<string, string> = new Map([
  ['org.matrix.msc2965.authentication', 'clients ask the homeserver for /_matrix/client/v1/auth_metadata instead'],
  ['org.matrix.msc3575.proxy', 'homeservers answer simplified sliding sync themselves']
])

/**
 * Whether a key has the form that the specification demands of keys it does not define: a Java package name.
 *
 * @see https://spec.matrix.org/latest/client-server-api/#getwell-knownmatrixclient
 */
export function isPackageStyle (key: string): boolean {
  return /^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+$/i.test(key)
}
