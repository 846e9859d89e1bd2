import type { Published } from './published.ts'
import { asGzip, asLatin1, byteOrderMark, ofSize } from './encodings.ts'

const delegated = '{"m.server":"matrix.example.com:443"}'
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
const matrixFed = '_matrix-fed._tcp.example.com'
const matrix = '_matrix._tcp.example.com'
const at443 = { priority: 0, weight: 0, port: 443, target: 'matrix.example.com' }
/** Where each target has a certificate for another name. */
export const wrongPort = 8450
const wrong = { ...at443, port: wrongPort }
const refusing = { ...at443, port: 8451 }
const at8448 = { ...at443, port: 8448 }

/** Values of `m.server`. */
const names = [
  'matrix.example.com:443', 'matrix.example.com', 'MATRIX.example.com:443', 'example.com:8448', 'example.com:443',
  '192.0.2.1', '192.0.2.1:443', '192.0.2.01:443', '[2001:db8::1]', '[2001:db8::1]:443', '2001:db8::1',
  '[2001:db8::1', '[2001:db8::1]443', '[2001:db8::1%25lo]:443', 'matrix.example.com:00443', 'matrix.example.com:0',
  'matrix.example.com:65535', 'matrix.example.com:65979', 'matrix.example.com:+443', 'matrix.example.com:-443',
  'matrix.example.com:', 'matrix.example.com:x', 'matrix.example.com:443:443', 'matrix.example.com:443/',
  'matrix.example.com:443 ', ' matrix.example.com:443', 'matrix.example.com:443\n', 'matrix.example.com.:443',
  'matrix.example.com.', 'matrix..example.com:443', '.matrix.example.com:443', '-matrix.example.com:443',
  'a_b.example.com:443', 'münchen.example.com:443', 'matrix.example.com:４４３', 'https://matrix.example.com',
  'https://matrix.example.com:443/', '@admin:example.com', 'user@matrix.example.com:443', '*.example.com:443', '', ' ',
  ':443', 'matrix.example.com:443?x', 'matrix.example.com:443#x', 'matrix%2eexample.com:443'
]

/** Responses to `/server`. */
export const serverResponses: readonly Published[] = [
  ...names.map(name => ({ title: `m.server: ${JSON.stringify(name)}`, body: JSON.stringify({ 'm.server': name }) })),
  ...[201, 202, 203, 206, 226, 304, 400, 401, 403, 404, 410, 429, 500, 502, 503].map(status => ({
    title: `status ${status}`, status, body: delegated
  })),
  { title: 'status 204', status: 204, body: '' },
  ...[12_287, 12_288, 12_289, 51_199, 51_200, 51_201].map(size => ({
    title: `${size} bytes`, body: delegated, encode: ofSize(size)
  })),
  { title: 'HTML', headers: { 'Content-Type': 'text/html' }, body: '<!DOCTYPE html><html></html>' },
  { title: 'JSON as HTML', headers: { 'Content-Type': 'text/html' }, body: delegated },
  { title: 'no Content-Type', headers: { 'Content-Type': undefined }, body: delegated },
  { title: 'no CORS', headers: { 'Access-Control-Allow-Origin': undefined }, body: delegated },
  { title: 'an empty body', body: '' },
  { title: 'null', body: 'null' },
  { title: 'an array', body: '["m.server"]' },
  { title: 'a string', body: '"m.server"' },
  { title: 'an empty object', body: '{}' },
  { title: 'a number', body: '{"m.server":443}' },
  { title: 'null as m.server', body: '{"m.server":null}' },
  { title: 'an object as m.server', body: '{"m.server":{"host":"matrix.example.com"}}' },
  { title: 'an array as m.server', body: '{"m.server":["matrix.example.com:443"]}' },
  { title: 'another key in another case', body: '{"M.Server":"matrix.example.com:443"}' },
  { title: 'nested in m', body: '{"m":{"server":"matrix.example.com:443"}}' },
  { title: 'a byte order mark', body: byteOrderMark + delegated },
  { title: 'Latin-1', body: '{"m.server":"matrix.example.com:443","x":"é"}', encode: asLatin1 },
  { title: 'UTF-8', body: '{"m.server":"matrix.example.com:443","x":"é"}' },
  { title: 'text after it', body: `${delegated}x` },
  { title: 'white space around it', body: `\n ${delegated}\r\n\t` },
  { title: 'a form feed after it', body: `${delegated}\f` },
  { title: 'a null byte after it', body: `${delegated}\0` },
  { title: 'single quotes', body: delegated.replaceAll('"', "'") },
  { title: 'a trailing comma', body: '{"m.server":"matrix.example.com:443",}' },
  { title: 'a comment', body: `/* x */ ${delegated}` },
  { title: 'a line break in a string', body: '{"m.server":"matrix.example.com:443","x":"\n"}' },
  { title: 'NaN', body: '{"m.server":"matrix.example.com:443","x":NaN}' },
  { title: 'Infinity', body: '{"m.server":"matrix.example.com:443","x":-Infinity}' },
  { title: 'a number too large', body: '{"m.server":"matrix.example.com:443","x":1e999}' },
  { title: 'a lone surrogate', body: '{"m.server":"matrix.example.com:443","x":"\\ud800"}' },
  { title: 'an escaped key', body: '{"m\\u002eserver":"matrix.example.com:443"}' },
  { title: 'twice, the last right', body: '{"m.server":"wrong.invalid:443","m.server":"matrix.example.com:443"}' },
  { title: 'twice, the first right', body: '{"m.server":"matrix.example.com:443","m.server":"wrong.invalid:443"}' },
  { title: '100 levels', body: `{"m.server":"matrix.example.com:443","x":${nested(100)}}` },
  { title: '500 levels', body: `{"m.server":"matrix.example.com:443","x":${nested(500)}}` },
  { title: 'compressed', headers: { 'Content-Encoding': 'gzip' }, body: delegated, encode: asGzip },
  { title: 'called compressed', headers: { 'Content-Encoding': 'gzip' }, body: delegated },
  { title: 'called identity', headers: { 'Content-Encoding': 'identity' }, body: delegated },
  ...[301, 302, 303, 307, 308].map(status => ({
    title: `redirect ${status}`, status, headers: { Location: '/hop/0' }, body: '', target: { body: delegated }
  })),
  ...[3, 4, 9].map(more => ({
    title: `${more + 1} redirects`,
    status: 302,
    headers: { Location: `/hop/${more}` },
    body: '',
    target: { body: delegated }
  })),
  {
    title: 'redirect to another host',
    status: 302,
    headers: { Location: 'https://www.example.com/hop/0' },
    body: '',
    target: { body: delegated }
  },
  {
    title: 'redirect to http',
    status: 302,
    headers: { Location: 'http://www.example.com/hop/0' },
    body: '',
    target: { body: delegated }
  },
  {
    title: 'redirect to a 404',
    status: 302,
    headers: { Location: '/hop/0' },
    body: '',
    target: { status: 404, body: delegated }
  },
  { title: 'redirect to itself', status: 302, headers: { Location: '/.well-known/matrix/server' }, body: '' },
  { title: 'redirect to nowhere', status: 302, headers: { Location: 'https://nowhere.invalid/' }, body: '' },
  { title: 'redirect without Location', status: 302, body: delegated },
  { title: 'SRV without a document', status: 404, body: '{}', records: { [matrixFed]: { SRV: [at443] } } },
  { title: 'deprecated SRV', status: 404, body: '{}', records: { [matrix]: { SRV: [at443] } } },
  { title: 'SRV besides a document', body: delegated, records: { [matrixFed]: { SRV: 'SERVFAIL' } } },
  { title: 'SRV fails without a document', status: 404, body: '{}', records: { [matrixFed]: { SRV: 'SERVFAIL' } } },
  { title: 'deprecated SRV fails', status: 404, body: '{}', records: { [matrix]: { SRV: 'REFUSED' } } },
  {
    title: 'SRV fails for a delegated name',
    body: '{"m.server":"matrix.example.com"}',
    records: { '_matrix-fed._tcp.matrix.example.com': { SRV: 'REFUSED' } }
  },
  {
    title: 'SRV of a delegated name',
    body: '{"m.server":"delegated.example.com"}',
    records: { '_matrix-fed._tcp.delegated.example.com': { SRV: [at443] } }
  },
  {
    title: 'deprecated SRV fails after the current one',
    status: 404,
    body: '{}',
    records: { [matrixFed]: { SRV: [at443] }, [matrix]: { SRV: 'SERVFAIL' } }
  },
  {
    title: 'SRV says that there is no such service',
    status: 404,
    body: '{}',
    records: { [matrixFed]: { SRV: [{ ...at443, target: '.' }] } }
  },
  ...Object.entries({
    'a wrong certificate first': [wrong, at443],
    'a wrong certificate last': [at443, wrong],
    'only wrong certificates': [wrong, wrong],
    'one that refuses first': [refusing, at443],
    'one that refuses last': [at443, refusing],
    'only ones that refuse': [refusing, refusing],
    'one that refuses before a wrong certificate': [refusing, wrong, at443],
    'port 443 first': [at443, at8448],
    'port 8448 first': [at8448, at443]
  }).map(([order, targets]) => ({
    title: `several SRV targets, ${order}`,
    status: 404,
    body: '{}',
    records: { [matrixFed]: { SRV: targets.map((target, priority) => ({ ...target, priority })) } }
  }))
]
