import t from 'tap'
import { parseBaseUrl, parseHttpUrl } from '../../src/matrix/url.ts'
import { invalid } from '../support/invalid.ts'

t.test('takes the slash off the end of a base URL and leaves the rest as it is', async t => {
  const urls: [input: string, href: string, path: string, scheme: string][] = [
    ['https://matrix.example.com', 'https://matrix.example.com', '', 'https'],
    ['https://matrix.example.com/', 'https://matrix.example.com', '', 'https'],
    ['https://matrix.example.com//', 'https://matrix.example.com', '', 'https'],
    ['https://Matrix.Example.com:8448/a/b%20c/', 'https://Matrix.Example.com:8448/a/b%20c', '/a/b%20c', 'https'],
    ['HTTP://localhost:8008', 'HTTP://localhost:8008', '', 'http'],
    ['https://[2001:db8::1]:8448/', 'https://[2001:db8::1]:8448', '', 'https'],
    ['https://192.0.2.1', 'https://192.0.2.1', '', 'https']
  ]
  for (const [input, href, path, scheme] of urls) t.match(parseBaseUrl(input), { href, path, scheme }, input)
})

t.test('lets a page have a query and a fragment', async t => {
  const href = 'https://example.com/help/?topic=matrix#login'
  t.match(parseHttpUrl(href), { href, path: '/help/' })
})

t.test('refuses what no reader could use, and says what to write instead', async t => {
  const refusals: [input: string, ...expected: string[]][] = [
    ['', 'ERR_EMPTY', 'write a URL such as https://matrix.example.com'],
    ['matrix.example.com', 'ERR_SCHEME', '"https://" is missing', 'https://matrix.example.com'],
    ['matrix.example.com:8448', 'ERR_SCHEME', '"https://" is missing', 'https://matrix.example.com:8448'],
    ['//matrix.example.com', 'ERR_SCHEME', '"https://" is missing', 'https://matrix.example.com'],
    ['https:/matrix.example.com', 'ERR_SCHEME', '"https://" is missing', 'https://matrix.example.com'],
    ['https:matrix.example.com', 'ERR_SCHEME', '"https://" is missing', 'https://matrix.example.com'],
    ['[', 'ERR_SCHEME', '"https://" is missing'],
    ['ftp://matrix.example.com/x', 'ERR_SCHEME', '"ftp://" is not for this', 'https://matrix.example.com/x'],
    ['https://user:secret@matrix.example.com', 'ERR_USER_INFO', 'leave out the user name and password, for everybody could read them', 'https://matrix.example.com'],
    ['https://matrix.example.com/?a=b', 'ERR_QUERY_OR_FRAGMENT', 'leave out "?a=b"', 'https://matrix.example.com/'],
    ['https://matrix.example.com#a?b', 'ERR_QUERY_OR_FRAGMENT', 'leave out "#a?b"', 'https://matrix.example.com'],
    ['https://matrix.example.com?', 'ERR_QUERY_OR_FRAGMENT', 'leave out "?"', 'https://matrix.example.com'],
    ['https://https://matrix.example.com/', 'ERR_SCHEME', 'one "https://" too many', 'https://matrix.example.com/'],
    ['http://HTTPS://matrix.example.com', 'ERR_SCHEME', 'one "http://" too many', 'HTTPS://matrix.example.com'],
    ['https://matrix.example.com/a b', 'ERR_WHITESPACE', 'leave out the white space'],
    ['https:\\\\matrix.example.com', 'ERR_BACKSLASH', 'a URL has no backslashes', 'https://matrix.example.com'],
    ['https://matrix.example.com/\u0007', 'ERR_CHARACTER', 'leave out the control characters'],
    ['https://münchen.example:8448/a', 'ERR_NON_ASCII', 'its host "münchen.example:8448": "ü" is outside ASCII', 'https://xn--mnchen-3ya.example:8448/a'],
    ['https://matrix.example.com/ü', 'ERR_NON_ASCII', 'what is outside ASCII has to be percent-encoded', 'https://matrix.example.com/%C3%BC'],
    ['https://', 'ERR_EMPTY', 'its host "": write a server name such as example.com'],
    ['https://a..b/', 'ERR_DOTS', 'its host "a..b": a dot too many', 'https://a.b/'],
    ['https://my_host', 'ERR_CHARACTER', 'its host "my_host": "_" is not allowed: a host name has letters, digits, "-" and "." only'],
    ['https://256.1.1.1', 'ERR_IPV4', 'its host "256.1.1.1": not an IPv4 address: its four parts go from 0 to 255'],
    ['https://example.com:99999', 'ERR_PORT', 'its host "example.com:99999": ":99999" is not a port: write a number from 1 to 65535 after the ":", or leave it out'],
    ['https://1.2.3.999999', 'ERR_IPV4', 'its host "1.2.3.999999": not an IPv4 address: its four parts go from 0 to 255'],
    ['https://1.2.3.4.5', 'ERR_URL', 'its host is none that can be looked up']
  ]
  for (const [input, ...expected] of refusals) {
    t.strictSame(invalid(() => parseBaseUrl(input)), expected, JSON.stringify(input))
  }
})
