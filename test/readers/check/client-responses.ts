import type { Published } from './published.ts'
import { asBrotli, asDeflate, asGzip, asLatin1, asUtf16, byteOrderMark, ofSize } from './encodings.ts'

const homeserver = '"m.homeserver":{"base_url":"https://matrix.example.com"}'
const valid = `{${homeserver}}`
const tiles = '{"map_style_url":"https://tiles.example.com/style.json"}'
const livekit = '{"type":"livekit","livekit_service_url":"https://rtc.example.com"}'
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
const nothing = undefined

/** Values of `base_url`, in JSON. */
const baseUrls = [
  '"https://matrix.example.com/"', '"HTTPS://MATRIX.example.com"', '""', '" "',
  '5', 'true', 'null', '["https://matrix.example.com"]', '{}', '"matrix.example.com"', '"//matrix.example.com"',
  '"https:/matrix.example.com"', '"https:matrix.example.com"', '" https://matrix.example.com "',
  '"https://matrix.example.com/?x=1"', '"https://matrix.example.com/#x"', '"https://matrix.example.com/path/a"',
  '"https://matrix.example.com/path/"', '"https://user@matrix.example.com"', '"https://matrix.example.com:443"',
  '"https://matrix.example.com:8448"', '"https://matrix.example.com:"', '"https://matrix.example.com:99999"',
  '"https://matrix .example.com"', '"https://münchen.example.com"', '"https://a_b.example.com"', '"https://"',
  '"https://matrix.example.com\\\\"',
  '"http://matrix.example.com"', '"ftp://matrix.example.com"', '"mailto:admin@example.com"', '"https://[2001:db8::1"',
  '"https://matrix.example.com:4444"', '"https://nowhere.invalid"', '"https://matrix.example.com/nothing"',
  '"http://matrix.example.com:4444"', '"https://matrix.example.com/a/../"', '"https://matrix.example.com/%zz"'
]

/** Keys besides `m.homeserver`. */
const keys = [
  '"m.identity_server":null', '"m.identity_server":false', '"m.identity_server":{}', '"m.identity_server":"x"',
  '"m.identity_server":{"base_url":null}', '"m.identity_server":{"base_url":""}',
  '"m.identity_server":{"base_url":"matrix.example.com"}',
  '"m.identity_server":{"base_url":"https://matrix.example.com"}',
  '"m.identity_server":{"base_url":"https://matrix.example.com/nothing"}', '"m.identity_server":[]',
  '"org.matrix.msc4143.rtc_foci":null', '"org.matrix.msc4143.rtc_foci":[]',
  `"org.matrix.msc4143.rtc_foci":[${livekit}]`,
  '"org.matrix.msc4143.rtc_foci":[{"livekit_service_url":"https://rtc.example.com"}]',
  '"org.matrix.msc4143.rtc_foci":[{"type":"livekit"}]', '"org.matrix.msc4143.rtc_foci":[{"type":"other"}]',
  '"org.matrix.msc4143.rtc_foci":[{"type":"livekit","livekit_service_url":"rtc"}]',
  '"org.matrix.msc4143.rtc_foci":[{"type":5}]', '"org.matrix.msc4143.rtc_foci":[null]',
  `"m.rtc_foci":[${livekit}],"org.matrix.msc4143.rtc_foci":[${livekit}]`, '"m.rtc_foci":{}', '"m.rtc_foci":"x"',
  '"m.tile_server":null', `"m.tile_server":${tiles}`, '"m.tile_server":{}', '"m.tile_server":{"map_style_url":5}',
  '"org.matrix.msc3488.tile_server":{"map_style_url":""}', '"org.matrix.msc3488.tile_server":[]',
  `"m.tile_server":${tiles},"org.matrix.msc3488.tile_server":${tiles}`, '"com.example.x":1,"com.example.x":2',
  '"com.example.x":{"a":1,"a":2}', '"com.example.\\ud800":1', '"com.example.x":"\\ud800"', '"com.example.x":1e999',
  '"com.example.x":NaN', '"foo":1,"Not A Key":2', '"":1', '"__proto__":null', '"com.example.x":-0',
  '"com.example.x":01', '"com.example.x":"\t"', `"com.example.x":${nested(100)}`, `"com.example.x":${nested(130)}`,
  `"com.example.x":${nested(500)}`, homeserver, '"m.homeserver":{"base_url":"https://other.invalid"}',
  '"m.homeserver":null', '"m.server":"matrix.example.com:443"'
]

/** Values of `m.homeserver`. */
const homeservers = [
  '"https://matrix.example.com"', '{}', 'null', '[]', '5', 'true', '["https://matrix.example.com"]',
  '{"base_url":"https://matrix.example.com","base_url":"https://other.invalid"}',
  '{"base_url":"https://other.invalid","base_url":"https://matrix.example.com"}',
  '{"base_url":"https://matrix.example.com","x":1,"x":2}', '{"Base_URL":"https://matrix.example.com"}'
]

/** CORS headers, and others that browsers look at. */
const headers = [
  { 'Access-Control-Allow-Origin': nothing }, { 'Access-Control-Allow-Origin': ['*', '*'] },
  { 'Access-Control-Allow-Origin': 'null' }, { 'Access-Control-Allow-Origin': 'https://other.example' },
  { 'Access-Control-Allow-Origin': '*, *' }, { 'Access-Control-Allow-Origin': '' },
  { 'Access-Control-Allow-Methods': nothing, 'Access-Control-Allow-Headers': nothing },
  { 'Cross-Origin-Resource-Policy': 'same-origin' },
  { 'X-Content-Type-Options': 'nosniff', 'Content-Type': 'text/html' },
  { 'Content-Type': 'text/html' }, { 'Content-Type': 'application/octet-stream' }, { 'Content-Type': 'nonsense' },
  { 'Content-Type': nothing }, { 'Content-Type': 'application/json; charset=iso-8859-1' },
  { 'Content-Disposition': 'attachment; filename=client' }, { 'Content-Encoding': 'identity' },
  { 'Content-Security-Policy': "default-src 'none'" }
]

/** Responses of the homeserver to `/versions`. */
const versions: ReadonlyArray<Omit<Published, 'target'>> = [
  ...['v1.1', 'v1.9', 'v1.10', 'v1.13', 'v1.14', 'v1.19', 'v2.0', 'r0.6.1', 'V1.1', ''].map(version => ({
    title: `only ${JSON.stringify(version)}`, body: JSON.stringify({ versions: [version] })
  })),
  { title: 'no version', body: '{"versions":[]}' },
  { title: 'no versions', body: '{}' },
  { title: 'versions as a string', body: '{"versions":"v1.1"}' },
  { title: 'versions as an object', body: '{"versions":{"v1.1":true}}' },
  { title: 'a number among versions', body: '{"versions":["v1.1",1]}' },
  { title: 'null among versions', body: '{"versions":[null,"v1.1"]}' },
  { title: 'null', body: 'null' },
  { title: 'an array', body: '["v1.1"]' },
  { title: 'HTML', body: '<!DOCTYPE html><html></html>' },
  { title: 'a byte order mark', body: `${byteOrderMark}{"versions":["v1.1"]}` },
  ...[201, 204, 404, 502].map(status => ({ title: `status ${status}`, status, body: '{"versions":["v1.1"]}' })),
  { title: 'no CORS', headers: { 'Access-Control-Allow-Origin': nothing }, body: '{"versions":["v1.1"]}' },
  { title: 'doubled CORS', headers: { 'Access-Control-Allow-Origin': ['*', '*'] }, body: '{"versions":["v1.1"]}' },
  { title: '6.5 s', delay: 6_500, body: '{"versions":["v1.1"]}' }
]

/** Where redirects lead from `/client`. */
const redirects: ReadonlyArray<Omit<Published, 'body'>> = [
  ...[301, 302, 303, 307, 308].map(status => ({
    title: `redirect ${status}`, status, headers: { Location: '/hop/0' }
  })),
  { title: '5 redirects', headers: { Location: '/hop/4' } },
  { title: 'redirect to another host', headers: { Location: 'https://www.example.com/hop/0' } },
  { title: 'redirect to another host with a query', headers: { Location: 'https://www.example.com/hop/0?a=1' } },
  { title: 'redirect to http', headers: { Location: 'http://www.example.com/hop/0' } },
  {
    title: 'redirect without CORS',
    headers: { Location: 'https://www.example.com/hop/0', 'Access-Control-Allow-Origin': nothing }
  },
  {
    title: 'redirect to one without CORS',
    headers: { Location: '/hop/0' },
    target: { headers: { 'Access-Control-Allow-Origin': nothing }, body: valid }
  },
  { title: 'redirect to a 404', headers: { Location: '/hop/0' }, target: { status: 404, body: '<html></html>' } },
  {
    title: 'redirect to a 404 without CORS',
    headers: { Location: 'https://www.example.com/hop/0', 'Access-Control-Allow-Origin': nothing },
    target: { status: 404, headers: { 'Access-Control-Allow-Origin': nothing }, body: '<html></html>' }
  },
  { title: 'redirect to HTML', headers: { Location: '/hop/0' }, target: { body: '<html></html>' } },
  { title: 'redirect to itself', headers: { Location: '/.well-known/matrix/client' } },
  { title: 'redirect to nowhere', headers: { Location: 'https://nowhere.invalid/' } },
  { title: 'redirect without Location' },
  { title: 'redirect to what is not a URL', headers: { Location: 'https://a b/' } },
  { title: 'redirect with a fragment', headers: { Location: '/hop/0#x' } },
  { title: 'status 300', status: 300, headers: { Location: '/hop/0' } }
]

/** Responses to `/client`. */
export const clientResponses: readonly Published[] = [
  { title: 'a valid document', body: valid },
  ...baseUrls.map(url => ({ title: `base_url: ${url}`, body: `{"m.homeserver":{"base_url":${url}}}` })),
  // Its slashes are in what matrix-rust-sdk asks for, not in what ruma reads.
  { title: 'two slashes', body: '{"m.homeserver":{"base_url":"https://matrix.example.com//"}}', isBeyondRuma: true },
  ...homeservers.map(value => ({ title: `m.homeserver: ${value}`, body: `{"m.homeserver":${value}}` })),
  ...keys.map(key => ({ title: key.slice(0, 100), body: `{${homeserver},${key}}` })),
  ...headers.map(fields => ({ title: JSON.stringify(Object.entries(fields)), headers: fields, body: valid })),
  ...[201, 202, 203, 206, 226, 304, 400, 401, 403, 404, 410, 418, 429, 500, 502, 503].map(status => ({
    title: `status ${status}`, status, body: valid
  })),
  { title: 'status 204', status: 204, body: '' },
  { title: 'a 404 with HTML', status: 404, headers: { 'Content-Type': 'text/html' }, body: '<html></html>' },
  { title: 'a 404 without CORS', status: 404, headers: { 'Access-Control-Allow-Origin': nothing }, body: '{}' },
  { title: 'a 500 without CORS', status: 500, headers: { 'Access-Control-Allow-Origin': nothing }, body: '{}' },
  { title: 'an empty body', body: '' },
  { title: 'white space only', body: ' \n' },
  { title: 'plain text', body: 'hello' },
  { title: 'HTML', headers: { 'Content-Type': 'text/html' }, body: '<!DOCTYPE html><html></html>' },
  ...['[]', '{}', 'null', '1', 'true', '"m.homeserver"', `[${valid}]`].map(body => ({ title: body, body })),
  { title: 'a comment', body: `// x\n${valid}` },
  { title: 'white space around it', body: `\n\t ${valid}\r\n\n` },
  { title: 'a no-break space after it', body: `${valid}\u00a0` },
  { title: 'text after it', body: `${valid}x` },
  { title: 'a null byte after it', body: `${valid}\0` },
  { title: 'cut off', body: valid.slice(0, -1) },
  { title: 'a trailing comma', body: `{${homeserver},}` },
  { title: 'single quotes', body: valid.replaceAll('"', "'") },
  { title: 'a byte order mark', body: byteOrderMark + valid },
  { title: 'UTF-16', body: valid, encode: asUtf16 },
  { title: 'Latin-1', body: `{${homeserver},"com.example.x":"é"}`, encode: asLatin1 },
  { title: 'UTF-8', body: `{${homeserver},"com.example.x":"é"}` },
  { title: '51,200 bytes', body: valid, encode: ofSize(51_200) },
  { title: 'gzip', headers: { 'Content-Encoding': 'gzip' }, body: valid, encode: asGzip, isBeyondRuma: true },
  { title: 'deflate', headers: { 'Content-Encoding': 'deflate' }, body: valid, encode: asDeflate, isBeyondRuma: true },
  { title: 'br', headers: { 'Content-Encoding': 'br' }, body: valid, encode: asBrotli, isBeyondRuma: true },
  { title: 'called gzip', headers: { 'Content-Encoding': 'gzip' }, body: valid, isBeyondRuma: true },
  { title: 'a 404 called gzip', status: 404, headers: { 'Content-Encoding': 'gzip' }, body: '{}', isBeyondRuma: true },
  { title: 'called br', headers: { 'Content-Encoding': 'br' }, body: valid, isBeyondRuma: true },
  { title: 'compressed, but does not say so', body: valid, encode: asGzip },
  { title: 'after 6.5 s', delay: 6_500, body: valid },
  ...redirects.map(redirect => ({
    status: 302, body: '', target: { body: valid }, isBeyondRuma: true as const, ...redirect
  })),
  ...versions.map(({ title, ...response }) => ({
    title: `/versions: ${title}`, body: valid, versions: response, isBeyondRuma: true as const
  }))
]
