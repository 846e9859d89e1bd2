import t from 'tap'
import { refuseJson } from '../../src/matrix/bare-value.ts'
import { parseServerName } from '../../src/matrix/server-name.ts'
import { invalid } from '../support/invalid.ts'

t.test('suggests the one value in JSON that would be accepted', async t => {
  const fault = 'contains JSON, where only the value is needed'
  const cases: [input: string, explanation: string][] = [
    ['{"m.server":"a.example"}', `${fault}; use a.example`],
    ['"m.server": "a.example"', `${fault}; use a.example`],
    [' {"a":["a b",{"b":["a.example",null,5]}]}', `${fault}; use a.example`],
    ['["a.example","b.example"]', `${fault}; write only the value`],
    ['{}', `${fault}; write only the value`],
    ['{m.server: a.example}', `${fault}; write only the value`]
  ]
  for (const [input, explanation] of cases) {
    t.strictSame(invalid(() => refuseJson(input, parseServerName)), ['ERR_JSON', explanation], input)
  }
})

t.test('passes everything else on', async t => {
  for (const input of ['', 'a.example', '[::1]', '"a', `[${'['.repeat(9_000)}`, `{${'x'.repeat(10_000)}`]) {
    t.doesNotThrow(() => refuseJson(input, parseServerName), input.slice(0, 20))
  }
})
