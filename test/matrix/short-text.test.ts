import t from 'tap'
import { shorten } from '../../src/matrix/short-text.ts'

const accent = 'e\u0301'
const wave = '👋🏽'
const england = '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'
const family = '👨\u200d👩\u200d👧'

t.test('a text that fits stays as it is', t => {
  const texts = ['', 'x'.repeat(10), ' '.repeat(10), '👋'.repeat(5)]
  for (const text of texts) t.equal(shorten(text, 10), text)
  t.end()
})

t.test('a longer text is cut between words and characters, and ends in an ellipsis that counts', t => {
  const cases: ReadonlyArray<[text: string, maxLength: number, expected: string]> = [
    ['x'.repeat(11), 10, 'xxxxxxxxx…'],
    // Words.
    ['The proxy removes it.', 11, 'The proxy…'],
    ['The proxy removes it.', 10, 'The proxy…'],
    ['The proxy \n\t removes it.', 13, 'The proxy…'],
    [' '.repeat(20), 10, '…'],
    [' unspaced', 5, ' uns…'],
    [`1234567 ${'x'.repeat(10)}`, 10, '1234567…'],
    [`123456 ${'x'.repeat(10)}`, 10, '123456 xx…'],
    // Surrogate pairs, and what people see as one character.
    [`ab${'👋'.repeat(9)}`, 5, 'ab👋…'],
    [`ab${'👋'.repeat(9)}`, 6, 'ab👋…'],
    [`ab${'👋'.repeat(9)}`, 7, 'ab👋👋…'],
    [`ab${accent.repeat(9)}`, 4, 'ab…'],
    [`ab${accent.repeat(9)}`, 5, `ab${accent}…`],
    [`ab${wave}${wave}`, 6, 'ab…'],
    [`ab${wave}${wave}`, 7, `ab${wave}…`],
    ['ab🇩🇪🇫🇷', 6, 'ab…'],
    ['ab🇩🇪🇫🇷', 7, 'ab🇩🇪…'],
    [`ab${england}${england}`, 16, 'ab…'],
    [`ab${family}${family}`, 10, 'ab…'],
    [`ab${family}${family}`, 11, `ab${family}…`],
    ['ab\r\ncd', 4, 'ab…'],
    ['ab\ud83dcdefg', 4, 'ab\ud83d…'],
    // One character that is longer than all: at least no half of a pair.
    [`x${'\u0301'.repeat(100)}`, 60, `x${'\u0301'.repeat(58)}…`],
    [`x${'\u{e0061}'.repeat(100)}`, 60, `x${'\u{e0061}'.repeat(29)}…`],
    [`x${'\u{e0061}'.repeat(100)}`, 61, `x${'\u{e0061}'.repeat(29)}…`],
    // Escapes.
    ['ab\\u{200b}cdef', 9, 'ab…'],
    ['ab\\u{200b}cdef', 10, 'ab…'],
    ['ab\\u{200b}cdef', 11, 'ab\\u{200b}…'],
    ['ab\\u200bcdef', 8, 'ab…'],
    ['ab\\u200bcdef', 9, 'ab\\u200b…'],
    ['ab\\"cdef', 4, 'ab…'],
    ['ab\\"cdef', 5, 'ab\\"…'],
    ['ab\\\\cdef', 4, 'ab…'],
    ['ab\\\\u{200', 7, 'ab\\\\u{…']
  ]
  for (const [text, maxLength, expected] of cases) {
    t.equal(shorten(text, maxLength), expected, JSON.stringify([text, maxLength]))
    t.ok(expected.length <= maxLength, expected)
  }
  t.end()
})

t.test('the ellipsis can be another one', t => {
  t.equal(shorten('x'.repeat(11), 10, '...'), 'xxxxxxx...')
  t.equal(shorten('The proxy removes it.', 14, '...'), 'The proxy...')
  t.end()
})
