import t from 'tap'
import { normalizeHost, parseHostName } from '../../src/matrix/host.ts'
import type { InvalidValueError } from '../../src/matrix/invalid-value.ts'
import { findInvalidValue } from '../../src/matrix/invalid-value.ts'

t.test('hosts are compared without port, trailing dot, case and notation', async t => {
  const cases: [text: string, host: string | undefined][] = [
    ['example.com', 'example.com'],
    ['EXAMPLE.com', 'example.com'],
    ['example.com:8448', 'example.com'],
    ['example.com:', 'example.com'],
    ['example.com.', 'example.com'],
    ['Example.COM.:443', 'example.com'],
    ['my_host-1', 'my_host-1'],
    ['192.0.2.1:80', '192.0.2.1'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example.:443', 'xn--bcher-kva.example'],
    ['b%C3%BCcher.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['[2001:DB8:0:0::1]', '[2001:db8::1]'],
    ['[2001:db8::1]:8448', '[2001:db8::1]'],
    ['[2001:db8::1', undefined],
    ['2001:db8::x', undefined],
    ['__proto__', '__proto__'],
    ['', undefined],
    ['*', '*'],
    ['.', undefined],
    ['user@example.com', undefined],
    ['example.com/path', undefined],
    ['example.com?a', undefined],
    ['exam ple.com', undefined],
    [`${'a'.repeat(255)}.:65535`, 'a'.repeat(255)],
    ['a'.repeat(8_000), undefined]
  ]
  for (const [text, host] of cases) t.equal(normalizeHost(text), host, text.slice(0, 40))
})

t.test('a host is accepted without a port only', async t => {
  for (const host of ['matrix.example.com', '192.0.2.1', '[2001:db8::1]']) t.equal(parseHostName(host), host)
  const cases: [input: string, explanation: RegExp][] = [
    ['a.example:443', /^has the port ":443", but every port of a host gets the same documents; use a\.example$/],
    ['*', /^contains "\*", but there are no wildcards; write each host in full$/],
    ['*.example.com', /^contains "\*"/],
    ['bücher.example', /^contains the non-ASCII character "ü"; use xn--bcher-kva\.example$/],
    ['https://matrix.example.com', /^starts with "https:\/\/"; use matrix\.example\.com$/],
    ['not a host', /white space/]
  ]
  for (const [input, explanation] of cases) {
    t.match((findInvalidValue(parseHostName, input) as InvalidValueError).explanation, explanation, input)
  }
})
