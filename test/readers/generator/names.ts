import fc from 'fast-check'

/** A value as typed, and what it means. */
export interface Value {
  readonly text: string
  readonly means: string
}

/** Seldom the second: a configuration has two dozen such places, and one odd value makes the server refuse it. */
export function mostly<T> (usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 24, arbitrary: usual }, { weight: 1, arbitrary: odd })
}

/** Not with two hyphens that only IDNA may put there (RFC 5891 §4.2.3.1). */
export const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,15}[a-z0-9])?$/).filter(text => !/^..--/.test(text))
const name = fc.array(label, { minLength: 1, maxLength: 3 }).map(labels => [...labels, 'example.net'].join('.'))
const upperCaseName = name.map(text => text.replace(/[a-m]/g, letter => letter.toUpperCase()))
const ipv4 = fc.tuple(fc.constantFrom('192.0.2', '198.51.100', '203.0.113'), fc.integer({ min: 1, max: 254 }))
  .map(parts => parts.join('.'))
const ipv6 = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 5 })
  .map(groups => `[2001:db8::${groups.map(group => group.toString(16)).join(':')}]`)

/** What looks like a host, but which some readers take for another one or refuse. */
const oddHost = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 5 }).map(parts => parts.join('.')),
  ipv4.map(address => address.replace(/\d+/g, part => `0${part}`)),
  fc.tuple(name, fc.integer({ min: 0, max: 999 })).map(parts => parts.join('.')),
  fc.integer({ min: 0, max: 0xffffffff }).map(number => `0x${number.toString(16)}`),
  fc.stringMatching(/^(xn|ab|0-)--[a-z0-9]{1,8}$/),
  fc.tuple(name, fc.constantFrom('.', '_', '-', '%', '%2e', '。', 'ß', 'é', '\u00ad', '\u200b', '²'))
    .map(([name, odd]) => name.replace('.', `${odd}.`)),
  fc.tuple(name, fc.constantFrom('.', '-', '_')).map(parts => parts.join('')),
  ipv6.map(address => address.toUpperCase()),
  ipv6.map(address => address.replace(']', '%eth0]')),
  fc.constantFrom('[::ffff:192.0.2.1]', '[::]', '[0:0:0:0:0:0:0:1]', '[2001:db8:0:0::01]'),
  fc.constantFrom('localhost', 'synapse', '-', '.', '')
)
export const host = mostly(fc.oneof(name, name, upperCaseName, ipv4, ipv6), oddHost)

/** On a port of a world, TLS is spoken or it is not. */
export const tlsPort = fc.constantFrom(443, 8448, 8449, 1024, 65535)
const plainPort = fc.constantFrom(80, 8008, 8080)

export function withPort (host: fc.Arbitrary<string>, port: fc.Arbitrary<number>): fc.Arbitrary<string> {
  return fc.tuple(host, fc.option(port.map(port => `:${port}`), { nil: '' })).map(parts => parts.join(''))
}

const space = fc.constantFrom('', '', '', ' ', '\t', '\n', '\r\n')
/** White space around a value has no meaning. */
export function padded (value: fc.Arbitrary<string>): fc.Arbitrary<Value> {
  return fc.tuple(space, value, space).map(([before, means, after]) => ({ text: before + means + after, means }))
}

const path = mostly(
  fc.constantFrom('', '', '/', '/matrix', '/a/b/', '/a%20b', '/%C3%A9', '/~a-b_c.d', "/!$&'()*+;=:@"),
  fc.array(fc.constantFrom('%zz', '%2F', ...'a/.%|^<{[]\\ é"`#?'), { maxLength: 5 }).map(parts => `/${parts.join('')}`)
)

function url (scheme: fc.Arbitrary<string>, port: fc.Arbitrary<number>): fc.Arbitrary<string> {
  return fc.tuple(scheme, fc.constant('://'), withPort(host, port), path).map(parts => parts.join(''))
}

export const secureUrl = url(mostly(fc.constant('https'), fc.constantFrom('HTTPS', 'Https', 'ftp', 'wss')), tlsPort)
export const baseUrl = mostly(secureUrl, url(fc.constantFrom('http', 'http', 'HTTP'), plainPort))
