import t from 'tap'
import { parseBaseUrl, parseHttpUrl, parseLivekitServiceUrl, parseSupportPage } from '../../src/matrix/url.ts'
import { invalid } from '../support/invalid.ts'

/** Of a shell or a template; not of JavaScript. */
const variable = ['$', '{DOMAIN}'].join('')

t.test('removes slashes from the end of a base URL, writes its scheme in lower case, and keeps the rest', async t => {
  const odd = "/.b/..c/~d!$&'()*+,;=:@"
  const urls: [input: string, href: string, path: string, scheme: string][] = [
    ['https://matrix.example.com', 'https://matrix.example.com', '', 'https'],
    ['https://matrix.example.com/', 'https://matrix.example.com', '', 'https'],
    ['https://matrix.example.com//', 'https://matrix.example.com', '', 'https'],
    ['https://Matrix.Example.com:8448/a/b%20c/', 'https://Matrix.Example.com:8448/a/b%20c', '/a/b%20c', 'https'],
    [`https://a.example${odd}`, `https://a.example${odd}`, odd, 'https'],
    ['HTTPS://matrix.example.com/', 'https://matrix.example.com', '', 'https'],
    ['HttP://localhost:8008', 'http://localhost:8008', '', 'http'],
    ['https://[2001:db8::1]:8448/', 'https://[2001:db8::1]:8448', '', 'https'],
    ['https://192.0.2.1', 'https://192.0.2.1', '', 'https']
  ]
  for (const [input, href, path, scheme] of urls) t.match(parseBaseUrl(input), { href, path, scheme }, input)
})

t.test('a page may have a query and a fragment', async t => {
  const href = 'https://example.com/help/?topic=matrix#login'
  t.match(parseHttpUrl(href), { href, path: '/help/' })
  t.equal(parseSupportPage(href), href)
})

t.test('a support page may be an email address', async t => {
  t.equal(parseSupportPage('mailto:admin@example.com'), 'mailto:admin@example.com')
  t.equal(parseSupportPage('MAILTO:admin@example.com?subject=Matrix'), 'mailto:admin@example.com?subject=Matrix')
  const refusals: [input: string, code: string, explanation: string][] = [
    ['admin@example.com', 'ERR_SCHEME', 'has no "mailto:"; use mailto:admin@example.com'],
    ['mailto:', 'ERR_EMAIL', 'has no address; write one such as admin@example.com'],
    ['mailto:admin', 'ERR_EMAIL',
      'has the address "admin", which isn\'t an email address; write one such as admin@example.com'],
    ['tel:+1', 'ERR_SCHEME', 'starts with "tel:"; use an https URL']
  ]
  for (const [input, ...expected] of refusals) t.strictSame(invalid(() => parseSupportPage(input)), expected, input)
})

t.test('rejects a base URL that no reader could use, and says what to write instead', async t => {
  const refusals: [input: string, code: string, explanation: string][] = [
    ['', 'ERR_EMPTY', 'empty; write a URL that starts with https://'],
    ['matrix.example.com', 'ERR_SCHEME', 'has no "https://"; use https://matrix.example.com'],
    ['matrix.example.com:8448', 'ERR_SCHEME', 'has no "https://"; use https://matrix.example.com:8448'],
    ['//matrix.example.com', 'ERR_SCHEME', 'has no "https://"; use https://matrix.example.com'],
    ['https:/matrix.example.com', 'ERR_SCHEME', 'has no "https://"; use https://matrix.example.com'],
    ['https:matrix.example.com', 'ERR_SCHEME', 'has no "https://"; use https://matrix.example.com'],
    ['[', 'ERR_SCHEME', 'not a URL; write one that starts with https://'],
    ['/livekit/jwt', 'ERR_SCHEME', 'not a URL; write one that starts with https://'],
    ['/s.json', 'ERR_SCHEME', 'not a URL; write one that starts with https://'],
    ['synapse', 'ERR_SCHEME', 'not a URL; write one that starts with https://'],
    ['synapse:8008', 'ERR_SCHEME', 'not a URL; write one that starts with https://'],
    ['ftp://matrix.example.com/x', 'ERR_SCHEME', 'starts with "ftp://"; use https://matrix.example.com/x'],
    ['mailto:admin@example.com', 'ERR_SCHEME', 'starts with "mailto:"; use an https URL'],
    ['wss://sfu.example.com', 'ERR_SCHEME', 'starts with "wss://"; use https://sfu.example.com'],
    ['https://user:secret@matrix.example.com', 'ERR_USER_INFO',
      'contains a user name or password, but the document is public; use https://matrix.example.com'],
    ['https://matrix.example.com/?a=b', 'ERR_QUERY_OR_FRAGMENT', 'ends in "?a=b"; use https://matrix.example.com/'],
    ['https://matrix.example.com#a?b', 'ERR_QUERY_OR_FRAGMENT', 'ends in "#a?b"; use https://matrix.example.com'],
    ['https://matrix.example.com?', 'ERR_QUERY_OR_FRAGMENT', 'ends in "?"; use https://matrix.example.com'],
    ['https://https://matrix.example.com/', 'ERR_SCHEME', 'has an extra "https://"; use https://matrix.example.com/'],
    ['http://HTTPS://matrix.example.com', 'ERR_SCHEME', 'has an extra "http://"; use https://matrix.example.com'],
    ['https://matrix.example.com/a b', 'ERR_WHITESPACE', 'contains white space; remove it'],
    [' https://matrix.example.com\n', 'ERR_WHITESPACE', 'contains white space; use https://matrix.example.com'],
    ['https:\\\\matrix.example.com', 'ERR_BACKSLASH', 'contains a backslash; use https://matrix.example.com'],
    [`https://${variable}`, 'ERR_CHARACTER', `contains the placeholder "${variable}"; write the value in its place`],
    ['https://matrix.example.com/\u0007', 'ERR_CHARACTER', 'contains control characters; remove them'],
    ['https://münchen.example:8448/a', 'ERR_NON_ASCII',
      'has the host "münchen.example:8448", which contains the non-ASCII character "ü"; use ' +
        'https://xn--mnchen-3ya.example:8448/a'],
    ['https://matrix.example.com/ü', 'ERR_NON_ASCII',
      "contains characters that aren't ASCII; use https://matrix.example.com/%C3%BC"],
    ['https://matrix.example.com/\ud800', 'ERR_CHARACTER', 'contains half of a surrogate pair; remove it'],
    ['https://', 'ERR_EMPTY',
      'has no host; set the variable that was probably empty when this value was put together'],
    ['https:///', 'ERR_EMPTY',
      'has no host; set the variable that was probably empty when this value was put together'],
    ['https://.example.com', 'ERR_DOTS',
      'has the host ".example.com", which starts with a dot; set the variable that was probably empty when this ' +
        'value was put together'],
    ['https://matrix./x', 'ERR_DOTS',
      'has the host "matrix.", which ends in a dot; set the variable that was probably empty when this value was ' +
        'put together'],
    ['https://:8448', 'ERR_EMPTY',
      'has no host; set the variable that was probably empty when this value was put together'],
    ['https://a..b/', 'ERR_DOTS', 'has the host "a..b", which has an extra dot; use https://a.b/'],
    ['https://my_host', 'ERR_CHARACTER',
      'has the host "my_host", which contains "_"; use only letters, digits, "-" and "." in a host name'],
    ['https://256.1.1.1', 'ERR_IPV4',
      'has the host "256.1.1.1", which isn\'t an IPv4 address; use numbers from 0 to 255'],
    ['https://010.0.0.1', 'ERR_AMBIGUOUS_HOST',
      'has the host "010.0.0.1", which has leading zeros that some readers read as octal; write the ' +
        'address without them'],
    ['https://127.1', 'ERR_AMBIGUOUS_HOST',
      'has the host "127.1", which ends in a number, so URL parsers read it as the IPv4 address 127.0.0.1; use a ' +
        'domain name, or an address of four parts'],
    ['https://0x7f.1', 'ERR_AMBIGUOUS_HOST',
      'has the host "0x7f.1", which ends in a number, so URL parsers read it as the IPv4 address 127.0.0.1; use ' +
        'a domain name, or an address of four parts'],
    ['https://matrix.example.123/', 'ERR_AMBIGUOUS_HOST',
      'has the host "matrix.example.123", which ends in a number, so URL parsers read it as an IPv4 address, and ' +
        'refuse it; use a domain name, or an address of four parts'],
    ['https://xn--a/', 'ERR_AMBIGUOUS_HOST',
      'has the host "xn--a", which isn\'t a host name that URL parsers accept; correct the part that starts with ' +
        '"xn--"'],
    ['https://1.2.3.999999', 'ERR_IPV4',
      'has the host "1.2.3.999999", which isn\'t an IPv4 address; use numbers from 0 to 255'],
    ['https://1.2.3.4.5', 'ERR_AMBIGUOUS_HOST',
      'has the host "1.2.3.4.5", which ends in a number, so URL parsers read it as an IPv4 address, and refuse ' +
        'it; use a domain name, or an address of four parts'],
    ['https://example.com:99999', 'ERR_PORT',
      'has the host "example.com:99999", which has the invalid port ":99999"; use a number from 1 to 65535 after ' +
        '":", or remove it'],
    ['https://example.com/%', 'ERR_PATH',
      'has "%" without two hexadecimal digits in its path; write "%25" for a percent sign'],
    ['https://example.com/%zz', 'ERR_PATH',
      'has "%" without two hexadecimal digits in its path; write "%25" for a percent sign'],
    ['https://example.com/a%2', 'ERR_PATH',
      'has "%" without two hexadecimal digits in its path; write "%25" for a percent sign'],
    ['https://example.com/a|b', 'ERR_PATH', 'has "|" in its path; percent-encode it as %7C'],
    ['https://example.com/a^b', 'ERR_PATH', 'has "^" in its path; percent-encode it as %5E'],
    ['https://example.com/a<b', 'ERR_PATH', 'has "<" in its path; percent-encode it as %3C'],
    ['https://example.com/a>b', 'ERR_PATH', 'has ">" in its path; percent-encode it as %3E'],
    ['https://example.com/a{b', 'ERR_PATH', 'has "{" in its path; percent-encode it as %7B'],
    ['https://example.com/a}b', 'ERR_PATH', 'has "}" in its path; percent-encode it as %7D'],
    ['https://example.com/a[b', 'ERR_PATH', 'has "[" in its path; percent-encode it as %5B'],
    ['https://example.com/a]b', 'ERR_PATH', 'has "]" in its path; percent-encode it as %5D'],
    ['https://example.com/a"b', 'ERR_PATH', 'has "\\"" in its path; percent-encode it as %22'],
    ['https://example.com/a`b', 'ERR_PATH', 'has "`" in its path; percent-encode it as %60'],
    ['https://example.com/a/../b', 'ERR_PATH', 'has "." or ".." in its path; write the path without it'],
    ['https://example.com/%2E%2e', 'ERR_PATH', 'has "." or ".." in its path; write the path without it'],
    ['https://example.com/.', 'ERR_PATH', 'has "." or ".." in its path; write the path without it'],
    ['{"m.homeserver":{"base_url":"https://matrix.example.com"}}', 'ERR_JSON',
      'contains JSON, where only the value is needed; use https://matrix.example.com']
  ]
  for (const [input, ...expected] of refusals) {
    t.strictSame(invalid(() => parseBaseUrl(input)), expected, JSON.stringify(input))
  }
})

t.test('distinguishes the authorization service of LiveKit from its media server', async t => {
  t.equal(parseLivekitServiceUrl('https://rtc.example.com/livekit/jwt/').href, 'https://rtc.example.com/livekit/jwt')
  const refusals: [input: string, code: string, explanation: string][] = [
    ['wss://sfu.example.com', 'ERR_SCHEME',
      'not the authorization service but the media server; use the URL of lk-jwt-service, such as ' +
        'https://rtc.example.com/livekit/jwt'],
    ['WS://sfu.example.com/', 'ERR_SCHEME',
      'not the authorization service but the media server; use the URL of lk-jwt-service, such as ' +
        'https://rtc.example.com/livekit/jwt'],
    ['[{"type":"livekit","livekit_service_url":"https://rtc.example.com/jwt"}]', 'ERR_JSON',
      'contains JSON, where only the value is needed; use https://rtc.example.com/jwt'],
    ['https://rtc.example.com/?x', 'ERR_QUERY_OR_FRAGMENT', 'ends in "?x"; use https://rtc.example.com/']
  ]
  for (const [input, ...expected] of refusals) {
    t.strictSame(invalid(() => parseLivekitServiceUrl(input)), expected, input)
  }
})
