import { refusable } from './configuration.ts'
import type { Row } from './configuration.ts'

const longName = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(35)}.example.com`

const serverNames: readonly Row[] = Object.entries({
  'with a port': 'port.example.com:8449',
  'in upper case': 'UPPER.Example.COM',
  'with one label': 'intranet',
  'of 230 characters': longName,
  'in Punycode': 'xn--mnchen-3ya.example.com',
  'that is an IPv4 address': '192.0.2.7',
  'that is an IPv4 address with a port': '192.0.2.8:8449',
  'that is an IPv6 address': '[2001:db8::7]',
  'that is an IPv6 address with a port': '[2001:db8::8]:8449'
}).map(([title, serverName]) => ({
  title: `a server name ${title}`,
  serverName,
  settings: { M_HOMESERVER_BASE_URL: 'https://matrix.example.com' },
  meaning: { baseUrl: 'https://matrix.example.com' }
}))

/** Values of `M_SERVER` by title. */
function delegations (values: Readonly<Record<string, string>>): readonly Row[] {
  return Object.entries(values).map(([title, server]) =>
    ({ title: `m.server: ${title}`, settings: { M_SERVER: server }, meaning: { server } }))
}

const matrix = 'matrix.example.com:443'
const target = { priority: 10, weight: 5, target: 'target.example.com' }

export const delegationRows: readonly Row[] = [
  { title: 'a server name and nothing else' },
  ...serverNames,
  ...delegations({
    'port 443': matrix,
    'another port': 'matrix.example.com:8449',
    'the highest port': 'matrix.example.com:65535',
    'no port': 'matrix.example.com',
    'upper case': 'Matrix.Example.COM:443',
    'an IPv4 address': '192.0.2.1',
    'an IPv4 address with a port': '192.0.2.1:443',
    'an IPv6 address': '[2001:db8::1]',
    'an IPv6 address with a port': '[2001:db8::1]:8449'
  }),
  {
    title: 'm.server with an SRV record',
    settings: { M_SERVER: 'srv.example.com' },
    meaning: { server: 'srv.example.com' },
    records: { '_matrix-fed._tcp.srv.example.com': { SRV: [{ ...target, port: 8450 }] } }
  },
  {
    title: 'm.server with a deprecated SRV record',
    settings: { M_SERVER: 'old.example.com' },
    meaning: { server: 'old.example.com' },
    records: { '_matrix._tcp.old.example.com': { SRV: [{ ...target, port: 8451 }] } }
  },
  { title: 'm.server in white space', settings: { M_SERVER: `  ${matrix}\n` }, meaning: { server: matrix } },
  { title: 'no m.server', settings: { SERVE_SERVER_WELLKNOWN: 'false' }, meaning: { server: 'not served' } },
  { title: 'not cached', settings: { M_SERVER: matrix, CACHE_MAX_AGE: '0' }, meaning: { server: matrix } },
  { title: 'cached for a day', settings: { M_SERVER: matrix, CACHE_MAX_AGE: '86400' }, meaning: { server: matrix } },
  ...refusable(delegations({
    'an IPv4 address with leading zeros': '010.0.0.1:443',
    'an IPv4 address with a number that is too large': '256.0.2.1:443',
    'two numbers': '127.1:443',
    'three numbers': '1.2.3:443',
    'a name that ends in a number': 'matrix.example.123:443',
    'invalid Punycode': 'xn--a:443',
    'hyphens as in Punycode': 'ab--cd.example.com:443',
    'a hyphen before a dot': 'matrix-.example.com:443',
    'an emoji in Punycode': 'xn--ls8h.example.com:443',
    'a port with leading zeros': 'matrix.example.com:00443'
  }))
]
