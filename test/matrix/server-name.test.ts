import t from 'tap'
import { parseDelegatedServerName, parseServerName } from '../../src/matrix/server-name.ts'
import { invalid } from '../support/invalid.ts'

t.test('takes apart what the grammar in the appendices allows', async t => {
  const names = {
    'example.com': { kind: 'dns', host: 'example.com', port: undefined },
    'matrix.example.com:8448': { kind: 'dns', host: 'matrix.example.com', port: 8448 },
    localhost: { kind: 'dns', host: 'localhost', port: undefined },
    'Example.COM:1': { kind: 'dns', host: 'Example.COM', port: 1 },
    'xn--mnchen-3ya.example:65535': { kind: 'dns', host: 'xn--mnchen-3ya.example', port: 65535 },
    '1.2.3': { kind: 'dns', host: '1.2.3', port: undefined },
    '1.2.3.4': { kind: 'ipv4', host: '1.2.3.4', port: undefined },
    '255.255.255.255:00080': { kind: 'ipv4', host: '255.255.255.255', port: 80 },
    '[::1]': { kind: 'ipv6', host: '[::1]', port: undefined },
    '[2001:db8::1]:443': { kind: 'ipv6', host: '[2001:db8::1]', port: 443 },
    '[::ffff:1.2.3.4]:8448': { kind: 'ipv6', host: '[::ffff:1.2.3.4]', port: 8448 },
    [`${'a'.repeat(251)}.com`]: { kind: 'dns', host: `${'a'.repeat(251)}.com`, port: undefined }
  }
  for (const [input, expected] of Object.entries(names)) {
    t.strictSame(parseServerName(input), expected, input)
    t.strictSame(parseDelegatedServerName(input), expected, input)
  }
})

t.test('refuses everything else, and says what to write instead', async t => {
  const refusals: [input: string, ...expected: string[]][] = [
    ['', 'ERR_EMPTY', 'write a server name such as example.com'],
    [':443', 'ERR_EMPTY', 'the host before ":" is missing, write for example example.com'],
    ['https://example.com', 'ERR_SCHEME', 'leave out "https://"', 'example.com'],
    ['HTTP:/example.com/', 'ERR_SCHEME', 'leave out "HTTP:/"', 'example.com'],
    ['//example.com', 'ERR_SCHEME', 'leave out "//"', 'example.com'],
    ['https://user:secret@example.com:8448/path', 'ERR_SCHEME', 'leave out "https://"', 'example.com:8448'],
    ['https://a..b', 'ERR_SCHEME', 'leave out "https://"', 'a.b'],
    ['https://a_b', 'ERR_SCHEME', 'leave out "https://"'],
    ['example.com/_matrix', 'ERR_PATH', 'leave out "/_matrix"', 'example.com'],
    ['example.com:443?x=1', 'ERR_PATH', 'leave out "?x=1"', 'example.com:443'],
    ['example.com#x', 'ERR_PATH', 'leave out "#x"', 'example.com'],
    ['example.com :443', 'ERR_WHITESPACE', 'leave out the white space', 'example.com:443'],
    ['example\n.com', 'ERR_WHITESPACE', 'leave out the white space'],
    ['@alice:example.com', 'ERR_USER_ID', 'a user ID, leave out the user', 'example.com'],
    ['alice@example.com', 'ERR_CHARACTER', 'leave out all up to the "@"', 'example.com'],
    ['münchen.example', 'ERR_NON_ASCII', '"ü" is outside ASCII', 'xn--mnchen-3ya.example'],
    ['münchen.example:8448', 'ERR_NON_ASCII', '"ü" is outside ASCII', 'xn--mnchen-3ya.example:8448'],
    ['a\u{10ffff}', 'ERR_NON_ASCII', '"\u{10ffff}" is outside ASCII'],
    ['my_host.example', 'ERR_CHARACTER', '"_" is not allowed: a host name has letters, digits, "-" and "." only'],
    ['exam\u0000ple.com', 'ERR_CHARACTER', '"\\u0000" is not allowed: a host name has letters, digits, "-" and "." only'],
    ['a..b', 'ERR_DOTS', 'a dot too many', 'a.b'],
    ['.example.com', 'ERR_DOTS', 'a dot too many', 'example.com'],
    ['example.com.', 'ERR_DOTS', 'a dot too many', 'example.com'],
    ['example.com.:443', 'ERR_DOTS', 'a dot too many', 'example.com:443'],
    ['.', 'ERR_DOTS', 'a dot too many'],
    [`${'a'.repeat(256)}`, 'ERR_LENGTH', '256 characters, a host name at most 255'],
    ['256.1.1.1', 'ERR_IPV4', 'not an IPv4 address: its four parts go from 0 to 255'],
    ['1234.1.1.1', 'ERR_IPV4', 'not an IPv4 address: its four parts go from 0 to 255'],
    ['0001.1.1.1', 'ERR_IPV4', 'not an IPv4 address: its four parts go from 0 to 255'],
    ['2001:db8::1', 'ERR_IPV6', 'an IPv6 address needs brackets, and its port stands after them', '[2001:db8::1]'],
    ['[::1', 'ERR_IPV6', 'the bracket "[" is never closed: write "]" after the address'],
    ['[fe80::1%eth0]', 'ERR_IPV6', 'leave out the zone', '[fe80::1]'],
    ['[]', 'ERR_IPV6', 'what stands in the brackets is not an IPv6 address'],
    ['[1.2.3.4]', 'ERR_IPV6', 'what stands in the brackets is not an IPv6 address'],
    ['[::1]x', 'ERR_IPV6', 'only ":" and a port may follow the bracket "]"'],
    ['example.com:', 'ERR_PORT', '":" is not a port: write a number from 1 to 65535 after the ":", or leave it out'],
    ['example.com:0', 'ERR_PORT', '":0" is not a port: write a number from 1 to 65535 after the ":", or leave it out'],
    ['example.com:65536', 'ERR_PORT', '":65536" is not a port: write a number from 1 to 65535 after the ":", or leave it out'],
    ['example.com:000443', 'ERR_PORT', '":000443" is not a port: write a number from 1 to 65535 after the ":", or leave it out'],
    ['[::1]:x', 'ERR_PORT', '":x" is not a port: write a number from 1 to 65535 after the ":", or leave it out'],
    ['a:b:c', 'ERR_PORT', '":b:c" is not a port: write a number from 1 to 65535 after the ":", or leave it out']
  ]
  for (const [input, ...expected] of refusals) {
    t.strictSame(invalid(() => parseServerName(input)), expected, JSON.stringify(input))
  }
})

t.test('offers port 443 for a URL in m.server, where the scheme says so', async t => {
  t.strictSame(invalid(() => parseDelegatedServerName('https://m.example.com')), ['ERR_SCHEME', 'leave out "https://"', 'm.example.com:443'])
  t.strictSame(invalid(() => parseDelegatedServerName('https://m.example.com:8448/')), ['ERR_SCHEME', 'leave out "https://"', 'm.example.com:8448'])
})
