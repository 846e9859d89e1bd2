import { refusable } from './configuration.ts'
import type { Row } from './configuration.ts'

const baseUrl = 'https://matrix.example.com'
const homeserver = { M_HOMESERVER_BASE_URL: baseUrl }

/** Values of `M_HOMESERVER_BASE_URL` by title. */
function baseUrls (values: Readonly<Record<string, string>>): readonly Row[] {
  return Object.entries(values).map(([title, url]) =>
    ({ title: `a base URL: ${title}`, settings: { M_HOMESERVER_BASE_URL: url }, meaning: { baseUrl: url } }))
}

function identityServers (values: Readonly<Record<string, string>>): readonly Row[] {
  return Object.entries(values).map(([title, url]) => ({
    title: `an identity server: ${title}`,
    settings: { ...homeserver, M_IDENTITY_SERVER_BASE_URL: url },
    meaning: { baseUrl, identityServer: url }
  }))
}

type Keys = Readonly<Record<string, unknown>>

/** Values of `EXTRA_WELL_KNOWN_CLIENT_CONTENT` by title. */
function clientKeys (values: Readonly<Record<string, Keys>>): readonly Row[] {
  return Object.entries(values).map(([title, keys]) => ({
    title: `keys of /client: ${title}`,
    settings: { ...homeserver, EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify(keys) },
    meaning: { baseUrl, keys }
  }))
}

function livekit (...urls: readonly string[]): unknown[] {
  return urls.map(url => ({ type: 'livekit', livekit_service_url: url }))
}

/** The unstable names, which readers know better than `m.rtc_foci` and `m.tile_server`. */
const rtcFoci = 'org.matrix.msc4143.rtc_foci'
const tileServer = 'org.matrix.msc3488.tile_server'
const style = { map_style_url: 'https://tiles.example.com/style.json' }
const call = livekit('https://rtc.example.com')

function nest (levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels))
}

export const clientRows: readonly Row[] = [
  ...baseUrls({
    'only a host': baseUrl,
    'a slash at the end': `${baseUrl}/`,
    'a port': `${baseUrl}:8449`,
    'the default port': `${baseUrl}:443`,
    'a path': `${baseUrl}/matrix`,
    'a path with a slash at the end': `${baseUrl}/some/path/`,
    'percent-encoding': `${baseUrl}/m%20%C3%A9`,
    'HTTP without TLS': 'http://plain.example.com:8008',
    'upper case': 'https://Matrix.Example.COM',
    'an IPv4 address': 'https://192.0.2.1:8449',
    'an IPv6 address': 'https://[2001:db8::1]:8449'
  }),
  {
    title: 'a base URL: the host of the server name',
    serverName: 'apex.example.com',
    settings: { M_HOMESERVER_BASE_URL: 'https://apex.example.com' },
    meaning: { baseUrl: 'https://apex.example.com' }
  },
  ...identityServers({
    'only a host': 'https://id.example.com',
    'a port and a path': 'https://id.example.com:8449/a/'
  }),
  {
    title: 'a service for calls',
    settings: { ...homeserver, LIVEKIT_SERVICE_URL: 'https://rtc.example.com/livekit/jwt' },
    meaning: { baseUrl, keys: { [rtcFoci]: livekit('https://rtc.example.com/livekit/jwt') } }
  },
  {
    title: 'two services for calls',
    settings: { ...homeserver, LIVEKIT_SERVICE_URL: 'https://a.example.com, https://b.example.com:8449/' },
    meaning: { baseUrl, keys: { [rtcFoci]: livekit('https://a.example.com', 'https://b.example.com:8449/') } }
  },
  ...clientKeys({
    'a service for calls': { [rtcFoci]: call },
    'a service for calls under the stable name': { 'm.rtc_foci': call },
    'a service of an unknown type': { [rtcFoci]: [{ type: 'com.example.sfu', url: 'x' }] },
    'a service with an unknown field': {
      [rtcFoci]: [{ type: 'livekit', livekit_service_url: 'https://rtc.example.com', livekit_alias: 'a' }]
    },
    'a map': { [tileServer]: style },
    'a map under the stable name': { 'm.tile_server': style },
    'those of Element': {
      'io.element.e2ee': { default: false, force_disable: true },
      'io.element.jitsi': { preferredDomain: 'jitsi.example.com' },
      'io.element.call_behaviour': { widget_build_url: 'https://widget.example.com' }
    },
    'values of every type': {
      'com.example.null': null,
      'com.example.boolean': true,
      'com.example.number': -1.5e3,
      'com.example.string': 'ä"\\\u2028😀',
      'com.example.array': [[], {}, [1]]
    },
    'nested 90 levels deep': { 'com.example.a': nest(90) }
  }),
  ...refusable([
    ...baseUrls({
      'a scheme in upper case': 'HTTPS://matrix.example.com',
      'an IPv4 address with leading zeros': 'https://010.0.0.1',
      'an IPv4 address in hexadecimal': 'https://0x7f000001',
      'two numbers': 'https://127.1',
      'three numbers': 'https://1.2.3',
      'a name that ends in a number': 'https://matrix.example.123',
      'a percent sign that encodes nothing': `${baseUrl}/%zz`,
      'a percent sign at the end': `${baseUrl}/100%`,
      'brackets in the path': `${baseUrl}/[a]{b}|^<c>`,
      'a backslash': `${baseUrl}\\matrix`,
      'dots in the path': `${baseUrl}/a/../b`,
      'a user': 'https://me@matrix.example.com',
      'percent-encoding in the host': 'https://matrix%2eexample.com',
      'an underscore in the host': 'https://my_matrix.example.com',
      'a dot after the host': 'https://matrix.example.com.',
      'a full-width dot in the host': 'https://matrix。example.com',
      'invalid Punycode': 'https://xn--a',
      'hyphens as in Punycode': 'https://ab--cd.example.com'
    }),
    ...clientKeys({
      'a map under both names': { [tileServer]: style, 'm.tile_server': style },
      'a service for calls under both names': { [rtcFoci]: call, 'm.rtc_foci': call },
      'a map without a style': { 'm.tile_server': {} },
      'a service for calls without a type': { 'm.rtc_foci': [{ livekit_service_url: 'https://rtc.example.com' }] },
      'a service for calls without a URL': { [rtcFoci]: [{ type: 'livekit' }] },
      'half a surrogate pair in a name': { 'com.example.\ud800': 1 },
      'half a surrogate pair in a value': { 'com.example.a': '\udfff' },
      'nested 126 levels deep': { 'com.example.a': nest(126) },
      'nested 200 levels deep': { 'com.example.a': nest(200) }
    }),
    {
      title: 'a service for calls as a setting, and as a key under the stable name',
      settings: {
        ...homeserver,
        LIVEKIT_SERVICE_URL: 'https://rtc.example.com',
        EXTRA_WELL_KNOWN_CLIENT_CONTENT: JSON.stringify({ 'm.rtc_foci': call })
      },
      meaning: { baseUrl, keys: { [rtcFoci]: call, 'm.rtc_foci': call } }
    },
    {
      title: 'a key that appears twice',
      settings: { ...homeserver, EXTRA_WELL_KNOWN_CLIENT_CONTENT: '{"com.example.a":1,"com.example.a":1}' },
      meaning: { baseUrl, keys: { 'com.example.a': 1 } }
    }
  ])
]
