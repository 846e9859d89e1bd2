import t from 'tap'
import { findSyntaxFault } from '../../../src/check/judge/json-syntax.ts'
import type { SyntaxFault } from '../../../src/check/judge/json-syntax.ts'

const cases: ReadonlyArray<readonly [text: string, line: number, column: number, cause: SyntaxFault['cause']]> = [
  ['// served by nginx\n{"m.server":"a:443"}', 1, 1, 'comment'],
  ['{\n  "m.server": "https://a" # not a comment in JSON\n}', 2, 27, 'comment'],
  ['{\n  "m.server": "a:443",\n}', 2, 22, 'trailing comma'],
  ['{"a":[1, 2,\n]}', 1, 11, 'trailing comma'],
  ["{'m.server': 'a:443'}", 1, 2, 'single quotes'],
  ['{“m.server”: “https://a”}', 1, 2, 'curly quotes'],
  ['{\n  "m.server": "a:443"\n', 3, 1, 'end'],
  ['{"m.server": "a:443', 1, 20, 'end']
]

t.test("finds what people write that isn't JSON", async t => {
  for (const [text, line, column, cause] of cases) {
    t.strictSame(findSyntaxFault(text), { line, column, cause }, text)
  }
})

t.test('otherwise says where the parser stops, if it knows', async t => {
  t.equal(findSyntaxFault('{"a":1 "b":2}').column, 8)
  t.equal(findSyntaxFault('{"a": "x // y", "b": "it\'s", "c": "a,]"').cause, 'end', 'strings are left alone')
  t.equal(findSyntaxFault('[x]').cause, undefined, 'some messages have no position')
  t.strictSame(findSyntaxFault('{}'), { line: undefined, column: undefined, cause: undefined }, 'JSON has no fault')
})

t.test('is quick with hostile text', async t => {
  t.equal(findSyntaxFault(`${'"'.repeat(131_070)}'`).cause, 'single quotes')
  t.equal(findSyntaxFault(`"${'\\'.repeat(131_070)}`).cause, 'end')
  t.equal(findSyntaxFault(`"${'\\"'.repeat(65_000)}`).cause, 'end')
  t.equal(findSyntaxFault(`,${' '.repeat(131_070)}`).cause, undefined)
  t.equal(findSyntaxFault(', '.repeat(65_000)).cause, undefined)
})
