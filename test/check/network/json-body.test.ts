import { test } from 'tap'
import { readJsonObject } from '../../../src/check/network/json-body.ts'
import type { JsonFault } from '../../../src/check/network/json-body.ts'

const nested = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`

const right: Readonly<Record<string, unknown>> = {
  '{}': {},
  ' {"a":"ö"}\r\n': { a: 'ö' },
  '{"a":"<html>","b":"]]]]"}': { a: '<html>', b: ']]]]' },
  '{"a":1,"a":2}': { a: 2 },
  '{"a":"\\ud800"}': { a: '\ud800' },
  [`{"a":"${'['.repeat(200)}\\"${'{'.repeat(200)}"}`]: { a: `${'['.repeat(200)}"${'{'.repeat(200)}` },
  [nested(1_000)]: JSON.parse(nested(1_000))
}

for (const [text, content] of Object.entries(right)) {
  test(`reads ${text.slice(0, 40)}`, t => {
    t.strictSame(readJsonObject(Buffer.from(text)), { content })
    t.end()
  })
}

const wrong: ReadonlyArray<readonly [body: string | Buffer, fault: JsonFault]> = [
  ['', 'empty'],
  [' \r\n', 'empty'],
  ['\ufeff{}', 'bom'],
  [Buffer.from('{"a":"ö"}', 'latin1'), 'encoding'],
  [Buffer.from('{}', 'utf16le'), 'json'],
  [Buffer.from([0x1f, 0x8b, 0x08, 0x00]), 'encoding'],
  [Buffer.from([0x7b, 0xed, 0xa0, 0x80, 0x7d]), 'encoding'],
  ['<!DOCTYPE html><title>Hello</title>', 'html'],
  ['\n<HTML>', 'html'],
  ['<!-- cached --><p>', 'html'],
  ['<p>no</p>', 'json'],
  ['{} {}', 'trailing'],
  ['{}\n<!-- cached -->', 'trailing'],
  ['{"a":1}}', 'trailing'],
  ['{"a":1,}', 'json'],
  ["{'a':1}", 'json'],
  ['{"a":NaN}', 'json'],
  ['{"a":', 'json'],
  ['{"a":"\u001b"}', 'json'],
  ['[]', 'object'],
  ['null', 'object'],
  ['"m.server"', 'object'],
  ['1', 'object'],
  [nested(1_001), 'depth'],
  ['['.repeat(130_000), 'depth'],
  ['{"a":'.repeat(20_000), 'depth'],
  ['"'.repeat(130_001), 'trailing'],
  [`{"${'\\'.repeat(130_000)}`, 'json']
]

for (const [body, fault] of wrong) {
  test(`finds ${fault} in ${JSON.stringify(body.toString().slice(0, 40))}`, t => {
    t.strictSame(readJsonObject(Buffer.from(body)), { fault })
    t.end()
  })
}
