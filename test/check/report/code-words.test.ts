import t from 'tap'
import { splitCode } from '../../../src/check/report/code-words.ts'

t.test('tells words from what is to be copied exactly', t => {
  const cases: Array<[sentence: string, marked: string]> = [
    ['', ''],
    ['Other servers can\'t connect.', 'Other servers can\'t connect.'],
    ['Use matrix.example.com:443.', 'Use <matrix.example.com:443>.'],
    [
      'Serve {"m.server":"a.example:443"} at https://example.com/x; or not.',
      'Serve <{"m.server":"a.example:443"}> at <https://example.com/x>; or not.'
    ],
    [
      'Add "Access-Control-Allow-Origin: *" (in nginx, with "always").',
      'Add <"Access-Control-Allow-Origin: *"> (in nginx, with <"always">).'
    ],
    ['Set M_SERVER=a.example:443 b.example, c.example', 'Set <M_SERVER=a.example:443 b.example>, <c.example>'],
    ['It took 1.5 seconds (and 2 more)…', 'It took <1.5> seconds (and 2 more)…'],
    ['Leave out --public-only, or use -4 - not ---.', 'Leave out <--public-only>, or use <-4> - not <--->.'],
    ['@room Привет  **x**', '<@room Привет>  <**x**>'],
    ['Server-Server API › Well-known → port 8448', 'Server-Server API › Well-known → port 8448']
  ]
  for (const [sentence, marked] of cases) {
    t.equal(splitCode(sentence).map(({ text, isCode }) => isCode ? `<${text}>` : text).join(''), marked)
    t.equal(splitCode(sentence).map(({ text }) => text).join(''), sentence)
  }
  t.end()
})
