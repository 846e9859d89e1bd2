import fc from 'fast-check'
import type { Arbitrary, WeightedArbitrary } from 'fast-check'
import { limits } from '../../src/server/limits.ts'

export type Kind = 'garbage' | 'mutated' | 'truncated' | 'oversized' | 'smuggling'

/** A request that no client should send. Each character is one byte. */
export interface Malformed {
  readonly kind: Kind
  readonly text: string
  /** Where it is cut into pieces that are sent one after the other, as fractions of its length. */
  readonly cuts: readonly number[]
}

/** The path of a request inside another request. The zeros are replaced by a number, so each path is unique. */
export const smuggledPath = '/smuggled-00000000'

const smuggled = `GET ${smuggledPath} HTTP/1.1\r\nHost: a\r\n\r\n`

const anyByte = fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code))
const anyText = (maxLength: number): Arbitrary<string> => fc.string({ unit: anyByte, maxLength })

const method = fc.constantFrom(
  'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'M-SEARCH'
)
const target = fc.constantFrom(
  '/.well-known/matrix/server', '/.well-known/matrix/client', '/health', '/', '*', '/%zz', 'http://a/', 'a:443', '/?q'
)
const version = fc.constantFrom('1.1', '1.1', '1.1', '1.0')
const headerLines = fc.shuffledSubarray([
  'Connection: close',
  'Connection: keep-alive',
  'Connection: upgrade',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'If-None-Match: *',
  'Content-Length: 5',
  'Content-Length: 0',
  'Transfer-Encoding: chunked',
  'Range: bytes=0-',
  'Cookie: a=b',
  'X-Forwarded-For: 192.0.2.1',
  'Content-Type: application/json',
  'Host: b'
], { maxLength: 4 })
const body = fc.constantFrom('', 'hello', '5\r\nhello\r\n0\r\n\r\n', '0\r\n\r\n', smuggled)

function buildRequest (
  method: string, target: string, version: string, lines: readonly string[], body: string
): string {
  return [`${method} ${target} HTTP/${version}`, 'Host: a', ...lines, '', body].join('\r\n')
}

/** Mostly well formed. */
const plausible = fc.tuple(method, target, version, headerLines, body).map(parts => buildRequest(...parts))

const garbage = fc.oneof(
  anyText(600),
  fc.tuple(method, anyText(200)).map(([method, rest]) => `${method} ${rest}\r\n\r\n`),
  fc.tuple(method, target, anyText(200))
    .map(([method, target, rest]) => `${method} ${target} HTTP/1.1\r\n${rest}\r\n\r\n`),
  fc.constantFrom(
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00',
    '\r\n\r\n\r\n',
    '\0\0\0\0',
    'GET /\r\n\r\n',
    'GET / HTTP/0.9\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'get / http/1.1\r\n\r\n',
    'GET  /  HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\n\n',
    'GET / HTTP/1.1\r\r',
    'SSH-2.0-OpenSSH_9.2\r\n'
  )
)

type Change = (text: string, at: number, other: string) => string
const changes: readonly Change[] = [
  (text, at, other) => text.slice(0, at) + other + text.slice(at),
  (text, at, other) => text.slice(0, at) + text.slice(at + other.length),
  (text, at) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (at % 8))) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + text.slice(Math.floor(at / 2)),
  (text, at) => text.slice(0, at) + text.slice(at).replace('\r\n', '\n'),
  (text, at) => text.slice(0, at) + text.slice(at).replace('\r\n', '\r'),
  (text, at) => text.slice(0, at) + text.slice(at).replace(': ', ' : '),
  (text, at) => text.slice(0, at) + text.slice(at).replace('\r\n', '\r\n '),
  (text, at) => text.slice(0, at) + text.slice(at).replace(/\d+/, digits => `${digits}${at}`)
]
const position = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const change = fc.tuple(fc.constantFrom(...changes), position, anyText(8)).map(([apply, at, other]) =>
  (text: string): string => apply(text, Math.floor(at * text.length), other))
const mutated = fc.tuple(plausible, fc.array(change, { minLength: 1, maxLength: 5 }))
  .map(([text, changes]) => changes.reduce((text, change) => change(text), text))

const truncated = fc.tuple(plausible, position).map(([text, at]) => text.slice(0, Math.floor(at * text.length)))

const get = 'GET / HTTP/1.1\r\nHost: a\r\n'
const post = 'POST / HTTP/1.1\r\nHost: a\r\n'
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`
const manyHeaders = (count: number): string => Array.from({ length: count }, (_, i) => `X-${i}: y\r\n`).join('')
const beyond = (limit: number): Arbitrary<number> => fc.integer({ min: limit + 1, max: 3 * limit })
const digits = fc.integer({ min: 17, max: 300 })
const oversized = fc.oneof(
  beyond(limits.maxTargetLength).map(length => `GET /${'a'.repeat(length)} HTTP/1.1\r\nHost: a\r\n\r\n`),
  beyond(limits.maxHeaderSize).map(length => `${get}Cookie: ${'a'.repeat(length)}\r\n\r\n`),
  beyond(limits.maxHeaderSize).map(length => `${get}${'a'.repeat(length)}: b\r\n\r\n`),
  beyond(limits.maxHeaders).map(count => `${get}${manyHeaders(count)}\r\n`),
  beyond(limits.maxHeaderSize).map(length => `${chunked}5;${'a'.repeat(length)}\r\nhello\r\n0\r\n\r\n`),
  beyond(limits.maxHeaderSize).map(length => `${chunked}0\r\nX: ${'a'.repeat(length)}\r\n\r\n`),
  beyond(limits.maxHeaderSize).map(length => `${post}Content-Length: ${length}\r\n\r\n${'a'.repeat(length)}`),
  digits.map(length => `${post}Content-Length: ${'9'.repeat(length)}\r\n\r\n${smuggled}`),
  digits.map(length => `${chunked}${'f'.repeat(length)}\r\n${smuggled}`),
  beyond(100).map(length => `${'G'.repeat(length)} / HTTP/1.1\r\nHost: a\r\n\r\n`),
  beyond(100).map(count => '\r\n'.repeat(count) + '\0')
)

const within = (line: string): string => line.replaceAll('N', String(smuggled.length))
const lengthLines = [
  // Correct, or taken for correct by some readers.
  'Content-Length: N',
  'Content-Length:\tN',
  `Content-Length:${' '.repeat(50)}N`,
  'Content-Length:\r\n N',
  'X: y\nContent-Length: N',
  'Content-Length: N, N',
  'Content-Length: N\r\nContent-Length: N',
  'Content-Length: +N',
  'Content-Length: -N',
  'Content-Length: 0xN',
  'Content-Length: N 1',
  'Content-Length: N.0',
  'Content-Length: Ne0',
  'Content-Length: \x0bN',
  'Content-Length: "N"',
  'Content-Length: N\0',
  'Content-Length : N',
  ' Content-Length: N',
  'X: y\rContent-Length: N',
  'Content-Length: N\r\nContent-Length: 0',
  'Content-Length: 0\r\nContent-Length: N',
  'Content-Length: 0, N',
  'Content-Length: -0',
  `Content-Length: ${'9'.repeat(30)}`,
  'Content-Length: 18446744073709551616',
  'Content-Length: 4294967296'
].map(within)
const encodingLines = [
  'Transfer-Encoding: chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: CHUNKED',
  'Transfer-Encoding:\r\n chunked',
  'X: y\nTransfer-Encoding: chunked',
  'Transfer-Encoding: ,chunked',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunkedx',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: "chunked"',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Transfer-Encoding: chunked\0',
  'Transfer-Encoding: \x0bchunked',
  ' Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked;q=1',
  'X: y\rTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r'
]
const chunk = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`
const chunkedBodies = [
  chunk,
  chunk.replace('\r\n', ' \r\n'),
  chunk.replace('\r\n', ';x=y\r\n'),
  `0${chunk}`,
  // These have no end, although some readers see one.
  `+${chunk}`,
  `0x${chunk}`,
  ` ${chunk}`,
  chunk.replace('\r\n', '\n'),
  chunk.replace('\r\n', ';\n\r\n'),
  `0\n\n${smuggled}`,
  `0\r\nX: y\n\n${smuggled}`,
  `-1\r\n${smuggled}`,
  `1\r\nZZ\r\n0\r\n\r\n${smuggled}`,
  `1\r\nZ0\r\n\r\n${smuggled}`,
  `0;\x0b\r\n\r\n${smuggled}`,
  `0\r\r\n\r\n${smuggled}`,
  `\r\n0\r\n\r\n${smuggled}`,
  `${'f'.repeat(17)}\r\n${smuggled}`,
  `${'f'.repeat(16)}\r\n${smuggled}`
]

/** Both framings at the same time, which is never valid. */
const bothFramings = fc.tuple(
  fc.constantFrom('0', '4', String(chunk.length)),
  fc.constantFrom(...encodingLines),
  fc.constantFrom(...chunkedBodies),
  fc.boolean()
).map(([length, line, body, lengthFirst]) => {
  const lines = [`Content-Length: ${length}`, line]
  return { lines: lengthFirst ? lines : lines.reverse(), body }
})

/**
 * Requests that two readers may see end in different places. Each contains a second request, which is either part of
 * the body or of something that must be rejected, so it must never get a response.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3
 */
const smuggling = fc.tuple(
  fc.constantFrom('POST', 'GET', 'PUT', 'OPTIONS', 'HEAD'),
  fc.constantFrom('/.well-known/matrix/server', '/', '*', '/%zz'),
  version,
  fc.oneof(
    fc.constantFrom(...lengthLines).map(line => ({ lines: [line], body: smuggled })),
    fc.tuple(fc.constantFrom(...encodingLines), fc.constantFrom(...chunkedBodies))
      .map(([line, body]) => ({ lines: [line], body })),
    bothFramings
  )
).map(([method, target, version, { lines, body }]) => buildRequest(method, target, version, lines, body))

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 2 })
const weighted = (weight: number, kind: Kind, text: Arbitrary<string>): WeightedArbitrary<Malformed> =>
  ({ weight, arbitrary: fc.record({ kind: fc.constant(kind), text, cuts }) })

export const malformed: Arbitrary<Malformed> = fc.oneof(
  weighted(2, 'garbage', garbage),
  weighted(4, 'mutated', mutated),
  weighted(1, 'truncated', truncated),
  weighted(1, 'oversized', oversized),
  weighted(4, 'smuggling', smuggling)
)
