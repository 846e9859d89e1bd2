import t from 'tap'
import { findAmbiguity, parseDelegatedServerName, parseHost, parseServerName } from '../../src/matrix/server-name.ts'
import { invalid } from '../support/invalid.ts'

/** Of a shell or a template; not of JavaScript. */
const variable = ['$', '{DOMAIN}'].join('')

t.test('parses every name that the grammar in the appendices allows', async t => {
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
  }
})

t.test('rejects everything else, and says what to write instead', async t => {
  const refusals: [input: string, code: string, explanation: string][] = [
    ['', 'ERR_EMPTY', 'empty; write a server name such as example.com'],
    [':443', 'ERR_EMPTY',
      'has no host before ":"; set the variable that was probably empty when this value was put together'],
    ['https://example.com', 'ERR_SCHEME', 'starts with "https://"; use example.com'],
    ['HTTP:/example.com/', 'ERR_SCHEME', 'starts with "HTTP:/"; use example.com'],
    ['//example.com', 'ERR_SCHEME', 'starts with "//"; use example.com'],
    ['https://user:secret@example.com:8448/path', 'ERR_SCHEME', 'starts with "https://"; use example.com:8448'],
    ['https://a..b', 'ERR_SCHEME', 'starts with "https://"; use a.b'],
    ['https://a_b', 'ERR_SCHEME', 'starts with "https://"; write only the host'],
    ['https://.example.com', 'ERR_SCHEME', 'starts with "https://"; write only the host'],
    ['example.com/_matrix', 'ERR_PATH', 'ends in "/_matrix"; use example.com'],
    ['example.com:443?x=1', 'ERR_PATH', 'ends in "?x=1"; use example.com:443'],
    ['example.com#x', 'ERR_PATH', 'ends in "#x"; use example.com'],
    ['/livekit/jwt', 'ERR_PATH', 'not a server name; write one such as example.com'],
    ['example.com :443', 'ERR_WHITESPACE', 'contains white space; use example.com:443'],
    ['example\n.com', 'ERR_WHITESPACE', 'contains white space; remove it'],
    ['@alice:example.com', 'ERR_USER_ID', 'not a server name but a user ID; use example.com'],
    ['alice@example.com', 'ERR_CHARACTER', 'contains "@"; use example.com'],
    ['münchen.example', 'ERR_NON_ASCII', 'contains the non-ASCII character "ü"; use xn--mnchen-3ya.example'],
    ['münchen.example:8448', 'ERR_NON_ASCII',
      'contains the non-ASCII character "ü"; use xn--mnchen-3ya.example:8448'],
    ['a\u{10ffff}', 'ERR_NON_ASCII',
      'contains the non-ASCII character "\u{10ffff}"; write the name in Punycode (xn--…)'],
    [`${variable}:443`, 'ERR_CHARACTER', `contains the placeholder "${variable}"; write the value in its place`],
    ['{{ domain }}', 'ERR_CHARACTER', 'contains the placeholder "{{ domain }}"; write the value in its place'],
    ['matrix.<domain>', 'ERR_CHARACTER', 'contains the placeholder "<domain>"; write the value in its place'],
    ['my_host.example', 'ERR_CHARACTER', 'contains "_"; use only letters, digits, "-" and "." in a host name'],
    ['exam\u0000ple.com', 'ERR_CHARACTER',
      'contains "\\u0000"; use only letters, digits, "-" and "." in a host name'],
    ['a..b', 'ERR_DOTS', 'has an extra dot; use a.b'],
    ['.example.com', 'ERR_DOTS',
      'starts with a dot; set the variable that was probably empty when this value was put together'],
    ['.example.com:443', 'ERR_DOTS',
      'starts with a dot; set the variable that was probably empty when this value was put together'],
    ['matrix.', 'ERR_DOTS',
      'ends in a dot; set the variable that was probably empty when this value was put together'],
    ['example.com.', 'ERR_DOTS', 'has an extra dot; use example.com'],
    ['example.com.:443', 'ERR_DOTS', 'has an extra dot; use example.com:443'],
    ['.', 'ERR_DOTS', 'starts with a dot; set the variable that was probably empty when this value was put together'],
    ['256.1.1.1', 'ERR_IPV4', 'not an IPv4 address; use numbers from 0 to 255'],
    ['1234.1.1.1', 'ERR_IPV4', 'not an IPv4 address; use numbers from 0 to 255'],
    ['0001.1.1.1', 'ERR_IPV4', 'not an IPv4 address; use numbers from 0 to 255'],
    ['2001:db8::1', 'ERR_IPV6', 'has an IPv6 address without brackets; use [2001:db8::1]'],
    ['[::1', 'ERR_IPV6', 'has "[" without "]"; add "]" after the address'],
    ['[fe80::1%eth0]', 'ERR_IPV6', 'has an IPv6 address with a zone; use [fe80::1]'],
    ['[]', 'ERR_JSON', 'contains JSON, where only the value is needed; write only the value'],
    ['[:]', 'ERR_IPV6', "has brackets around something that isn't an IPv6 address; write one such as [2001:db8::1]"],
    ['[1.2.3.4]', 'ERR_IPV6',
      "has brackets around something that isn't an IPv6 address; write one such as [2001:db8::1]"],
    ['[::1]x', 'ERR_IPV6', 'has something other than a port after "]"; remove it'],
    ['example.com:', 'ERR_PORT', 'has the invalid port ":"; use a number from 1 to 65535 after ":", or remove it'],
    ['example.com:0', 'ERR_PORT', 'has the invalid port ":0"; use a number from 1 to 65535 after ":", or remove it'],
    ['example.com:65536', 'ERR_PORT',
      'has the invalid port ":65536"; use a number from 1 to 65535 after ":", or remove it'],
    ['example.com:000443', 'ERR_PORT',
      'has the invalid port ":000443"; use a number from 1 to 65535 after ":", or remove it'],
    ['[::1]:x', 'ERR_PORT', 'has the invalid port ":x"; use a number from 1 to 65535 after ":", or remove it'],
    ['a:b:c', 'ERR_PORT', 'has the invalid port ":b:c"; use a number from 1 to 65535 after ":", or remove it'],
    ['{"m.server": "matrix.example.com:443"}', 'ERR_JSON',
      'contains JSON, where only the value is needed; use matrix.example.com:443'],
    ['"m.server": "matrix.example.com:443"', 'ERR_JSON',
      'contains JSON, where only the value is needed; use matrix.example.com:443'],
    ['["a.example","b.example"]', 'ERR_JSON', 'contains JSON, where only the value is needed; write only the value'],
    ['{m.server: x}', 'ERR_JSON', 'contains JSON, where only the value is needed; write only the value']
  ]
  for (const [input, ...expected] of refusals) {
    t.strictSame(invalid(() => parseServerName(input)), expected, JSON.stringify(input))
  }
})

t.test('rejects an m.server that some readers reject or misunderstand, and suggests port 443 for a URL', async t => {
  const refusals: [input: string, code: string, explanation: string][] = [
    ['https://m.example.com', 'ERR_SCHEME', 'starts with "https://"; use m.example.com:443'],
    ['https://m.example.com:8448/', 'ERR_SCHEME', 'starts with "https://"; use m.example.com:8448'],
    ['010.0.0.1:443', 'ERR_AMBIGUOUS_HOST',
      'has leading zeros that some readers read as octal; write the address without them'],
    ['1.2.3.04', 'ERR_AMBIGUOUS_HOST',
      'has leading zeros that some readers read as octal; write the address without them'],
    ['1.2.3:443', 'ERR_AMBIGUOUS_HOST',
      'ends in a number, so URL parsers read it as the IPv4 address 1.2.0.3; use a domain name, or an address of ' +
        'four parts'],
    ['127.1', 'ERR_AMBIGUOUS_HOST',
      'ends in a number, so URL parsers read it as the IPv4 address 127.0.0.1; use a domain name, or an address ' +
        'of four parts'],
    ['matrix.example.123', 'ERR_AMBIGUOUS_HOST',
      'ends in a number, so URL parsers read it as an IPv4 address, and refuse it; use a domain name, or an ' +
        'address of four parts'],
    ['1.2.3.4.5', 'ERR_AMBIGUOUS_HOST',
      'ends in a number, so URL parsers read it as an IPv4 address, and refuse it; use a domain name, or an ' +
        'address of four parts'],
    ['0x7f.1', 'ERR_AMBIGUOUS_HOST',
      'ends in a number, so URL parsers read it as the IPv4 address 127.0.0.1; use a domain name, or an address ' +
        'of four parts'],
    ['0x7f000001', 'ERR_AMBIGUOUS_HOST',
      'ends in a number, so URL parsers read it as the IPv4 address 127.0.0.1; use a domain name, or an address ' +
        'of four parts'],
    ['2130706433', 'ERR_AMBIGUOUS_HOST',
      'ends in a number, so URL parsers read it as the IPv4 address 127.0.0.1; use a domain name, or an address ' +
        'of four parts'],
    ['a.0x', 'ERR_AMBIGUOUS_HOST',
      'ends in a number, so URL parsers read it as an IPv4 address, and refuse it; use a domain name, or an ' +
        'address of four parts'],
    ['xn--a', 'ERR_AMBIGUOUS_HOST',
      'not a host name that URL parsers accept; correct the part that starts with "xn--"'],
    ['xn--a.example:443', 'ERR_AMBIGUOUS_HOST',
      'not a host name that URL parsers accept; correct the part that starts with "xn--"'],
    ['ab--cd.example.com:443', 'ERR_IDNA',
      'contains "ab--cd", which has "--" as third and fourth characters, so Synapse can\'t connect to it; use ' +
        'another ' +
        'host name'],
    ['a-.example.com', 'ERR_IDNA',
      'contains "a-", which ends in "-", so Synapse can\'t connect to it; use another host name'],
    ['xn--ls8h.la:443', 'ERR_IDNA',
      'contains "xn--ls8h", which encodes "💩", which isn\'t a letter or digit, so Synapse can\'t connect to it; ' +
        'use another host name'],
    ['{"m.server":"m.example.com"}', 'ERR_JSON', 'contains JSON, where only the value is needed; use m.example.com']
  ]
  for (const [input, ...expected] of refusals) {
    t.strictSame(invalid(() => parseDelegatedServerName(input)), expected, JSON.stringify(input))
    if (expected[0] === 'ERR_IDNA') t.equal(parseHost(input).kind, 'dns', 'clients accept it')
    if (expected[0] !== 'ERR_AMBIGUOUS_HOST') continue
    t.strictSame(invalid(() => parseHost(input)), expected, JSON.stringify(input))
  }
})

t.test('recognizes which names that the grammar allows are ambiguous', async t => {
  for (const name of ['010.0.0.1', '1.2.3', '127.1:443', 'matrix.example.123', 'xn--a']) {
    t.not(findAmbiguity(parseServerName(name)), undefined, name)
  }
  const unambiguous = [
    '10.0.0.1', '0.0.0.0', '[::1]',
    'Example.com', 'a1.b2', 'xn--mnchen-3ya.example', '1.example', '-a-.b', '0x7f.com'
  ]
  for (const name of unambiguous) t.equal(findAmbiguity(parseServerName(name)), undefined, name)
})
