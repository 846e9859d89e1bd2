import t from 'tap'
import { wrapLines } from '../../../../src/check/report/html/wrapped-lines.ts'

t.test('breaks between words, and longer words anywhere', t => {
  const cases: Array<[text: string, lines: string[]]> = [
    ['', ['']],
    ['short', ['short']],
    ['one two three four', ['one two', 'three four']],
    ['abcdefghijklmnopq', ['abcdefghij', 'klmnopq']],
    ['one abcdefghijklm', ['one', 'abcdefghij', 'klm']],
    ['漢字漢字漢字漢字', ['漢字漢字漢', '字漢字']],
    ['a\u202eb', ['a\\u{202e}b']],
    ['x'.repeat(31), ['xxxxxxxxxx', 'xxxxxxxxxx', 'xxxxxxxxx…']],
    ['x'.repeat(1_000_000), ['xxxxxxxxxx', 'xxxxxxxxxx', 'xxxxxxxxx…']]
  ]
  for (const [text, lines] of cases) t.strictSame(wrapLines(text, 10, 3), lines)
  t.end()
})
