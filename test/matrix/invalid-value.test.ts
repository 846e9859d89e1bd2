import t from 'tap'
import { InvalidValueError, parsePart } from '../../src/matrix/invalid-value.ts'
import { quote } from '../../src/matrix/printable.ts'

t.test('an error names the value, the fault and the fix', async t => {
  const error = new InvalidValueError('ERR_DOTS', 'a..b', 'has an extra dot', 'remove it', 'a.b')
  t.equal(error.message, '"a..b": has an extra dot; use a.b')
  t.equal(error.code, 'ERR_DOTS')
})

t.test('a fault in a part is reported as one of the whole', async t => {
  const refuse = (part: string): never => {
    throw new InvalidValueError('ERR_DOTS', part, 'has an extra dot', 'remove it', 'a.b')
  }
  t.throws(() => parsePart(refuse, 'a..b', 'host', 'https://a..b/'), {
    message: '"https://a..b/": has the host "a..b", which has an extra dot; use https://a.b/'
  })
  const fail = (): never => { throw new TypeError('a bug') }
  t.throws(() => parsePart(fail, 'a..b', 'host', 'https://a..b/'), { name: 'TypeError', message: 'a bug' })
})

t.test('a quoted value can be printed anywhere', async t => {
  const quotes: [value: unknown, quoted: string][] = [
    ['plain', '"plain"'],
    ['two\nlines\u001b[31m', '"two\\nlines\\u001b[31m"'],
    ['\u007f\u0085\u2028\u202e', '"\\u{7f}\\u{85}\\u{2028}\\u{202e}"'],
    ['x'.repeat(90), `"${'x'.repeat(79)}…"`],
    ['ed25519', '"ed25519"'],
    ['ed25519:a_test', '"ed25519:a_test"'],
    ['ed25519 a_test c2VjcmV0', '"…"'],
    [`ed25519:${'s'.repeat(43)}`, '"…"'],
    ['https://alice:secret@example.com/', '"https://***@example.com/"'],
    ['https://alice:my "secret"@example.com/', '"https://***@example.com/"'],
    [`https://alice:${'secret'.repeat(1_000)}@example.com/`, '"https://***@…"'],
    [`alice:${'secret '.repeat(1_000)}@example.com`, '"***@…"'],
    ['see https://alice:secret@example.com/', '"see https://***@example.com/"'],
    ['{"url":"https://alice:my secret@example.com/",}', '"{\\"url\\":\\"https://***@example.com/\\",}"'],
    ['mailto:alice@example.com', '"mailto:alice@example.com"'],
    [true, 'true'],
    [42, '42'],
    [{ a: ['b"', 1] }, '{"a":["b\\"",1]}'],
    [{ url: 'https://alice:secret@example.com/' }, '{"url":"https://***@example.com/"}'],
    [{ url: 'https://alice:my "secret"@example.com/' }, '{"url":"https://***@example.com/"}'],
    [{ url: `https://alice:${'secret '.repeat(1_000)}@example.com/` }, '{"url":"https://***@…']
  ]
  for (const [value, quoted] of quotes) t.equal(quote(value), quoted)
})
