import t from 'tap'
import { repairJson } from '../../src/import/json-repair.ts'

t.test('what people write although JSON has none is replaced', async t => {
  const cases: [text: string, value: unknown][] = [
    ['{"a":1,}', { a: 1 }],
    ['{"a":[1,2 , ],\n}', { a: [1, 2] }],
    ["{'a': 'b'}", { a: 'b' }],
    [String.raw`{'it\'s': 'a "b" \u00fc \\'}`, { "it's": 'a "b" ü \\' }],
    ['{“a”: „b”, ”c”: “d"e”}', { a: 'b', c: 'd"e' }],
    ['// one\n{ # two\n"a": 1, // three\n/* four\n{ */ }', { a: 1 }],
    ["{'a': 1, // it's\n}", { a: 1 }],
    ['{"a": 1} /* no end', { a: 1 }]
  ]
  for (const [text, value] of cases) t.strictSame(JSON.parse(repairJson(text)), value, text)
})

t.test('JSON stays as it is, whatever is in its strings', async t => {
  const value = { 'https://a.example/#b': "it's /* no comment */ // none", '“c”': ['a,]', ',}', '\\', '"', '#', "'"] }
  for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) t.equal(repairJson(text), text)
})

t.test('what has no obvious meaning is still not JSON', async t => {
  for (const text of ['{a:1}', '{"a":1', '{"a" 1}', '{"a": "b}', "{'a': 'b}", '', '404', '{,}}', '{"a":1,,}', '/*{}']) {
    t.throws(() => { if (typeof JSON.parse(repairJson(text)) === 'number') throw new SyntaxError(text) }, text)
  }
})

t.test('a hostile text takes no longer than another', async t => {
  for (const part of ['"\\"', "'\\'", '“', '/*', '//', '#', ',', ', ', '"', "'"]) {
    t.ok(repairJson(part.repeat(300_000)).length >= 0, part)
  }
})
