import t from 'tap'
import { wrapLines } from '../../../../src/check/report/html/wrapped-lines.ts'

t.test('breaks between words, and longer words anywhere', t => {
  const cases: Array<[text: string, lines: string[]]> = [
    ['', ['']],
    ['short', ['short']],
    ['one two three four', ['one two', 'three four']],
    ['one twothr four', ['one twothr', 'four']],
    ['one two  three', ['one two', 'three']],
    ['abcdefghijklmnopq', ['abcdefghij', 'klmnopq']],
    ['one abcdefghijklm', ['one', 'abcdefghij', 'klm']],
    ['漢字漢字漢字漢字', ['漢字漢字漢', '字漢字']],
    ['a\u202eb', ['a\\u{202e}b']],
    ['x'.repeat(31), ['xxxxxxxxxx', 'xxxxxxxxxx', 'xxxxxxxxx…']],
    ['x'.repeat(1_000_000), ['xxxxxxxxxx', 'xxxxxxxxxx', 'xxxxxxxxx…']],
    [`${'one two four '.repeat(2)} six seven`, ['one two', 'four one', 'two four…']],
    ['漢'.repeat(16), ['漢'.repeat(5), '漢'.repeat(5), '漢漢漢漢…']],
    [`a${' '.repeat(100)}b`, ['a…']],
    [`${'x'.repeat(26)}\u202e`, ['xxxxxxxxxx', 'xxxxxxxxxx', 'xxxxxx…']]
  ]
  for (const [text, lines] of cases) t.strictSame(wrapLines(text, 10, 3), lines, text.slice(0, 100))
  t.end()
})
