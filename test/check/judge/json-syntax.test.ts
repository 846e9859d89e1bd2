import t from 'tap'
import { findSyntaxFault } from '../../../src/check/judge/json-syntax.ts'
import type { SyntaxFault } from '../../../src/check/judge/json-syntax.ts'

const cases: ReadonlyArray<readonly [
  text: string, line: number, column: number, cause: SyntaxFault['cause'], found: string
]> = [
  ['// served by nginx\n{"m.server":"a:443"}', 1, 1, 'comment', '//'],
  ['{\n  "m.server": "https://a" # not a comment in JSON\n}', 2, 27, 'comment', '#'],
  ['{\n  "m.server": "a:443",\n}', 2, 22, 'trailing comma', ',\n'],
  ['{"a":[1, 2,\n]}', 1, 11, 'trailing comma', ',\n'],
  ["{'m.server': 'a:443'}", 1, 2, 'single quotes', "'"],
  ['{“m.server”: “https://a”}', 1, 2, 'curly quotes', '“'],
  ['{\n  "m.server": "a:443"\n', 3, 1, 'end', ''],
  ['{"m.server": "a:443', 1, 20, 'end', ''],
  ['{"m.server":"a:443","x":NaN}', 1, 25, 'missing quotes', 'NaN'],
  ['{"m.server": matrix.example.com:443}', 1, 14, 'missing quotes', 'matrix.example.com:443'],
  ['{\n  m.server: "a:443"\n}', 2, 3, 'missing quotes', 'm.server:'],
  ['{"x":tru}', 1, 6, 'missing quotes', 'tru'],
  ['{"a":1\n"b":2}', 2, 1, 'missing comma', '"b"'],
  ['{\\"m.server\\":\\"a:443\\"}', 1, 2, 'backslash', '\\'],
  ['{"a" "b"}', 1, 6, undefined, '"b"'],
  ['{"a":1;"b":2}', 1, 7, undefined, ';'],
  ['{"a":"b\nc"}', 1, 8, undefined, '\n'],
  ['{"a":1}}', 1, 8, undefined, '}'],
  ['{"a":1e}', 1, 8, undefined, '}']
]

t.test("finds what people write that isn't JSON", async t => {
  for (const [text, line, column, cause, found] of cases) {
    t.strictSame(findSyntaxFault(text), { line, column, cause, found }, text)
  }
  t.equal(findSyntaxFault('{"a": "x // y", "b": "it\'s", "c": "a,]"')?.cause, 'end', 'strings are left alone')
  t.equal(findSyntaxFault('{}'), undefined, 'JSON has no fault')
})

t.test('is quick with hostile text', async t => {
  t.equal(findSyntaxFault(`${'"'.repeat(131_070)}'`)?.cause, 'single quotes')
  t.equal(findSyntaxFault(`"${'\\'.repeat(131_070)}`)?.cause, 'end')
  t.equal(findSyntaxFault(`"${'\\"'.repeat(65_000)}`)?.cause, 'end')
  t.equal(findSyntaxFault(`,${' '.repeat(131_070)}`)?.cause, undefined)
  t.equal(findSyntaxFault(', '.repeat(65_000))?.cause, undefined)
  t.equal(findSyntaxFault(`[${'1,'.repeat(65_000)}NaN]`)?.column, 130_002)
  t.equal(findSyntaxFault(`${' '.repeat(131_070)}NaN`)?.column, 131_071)
})
