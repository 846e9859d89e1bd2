import t from 'tap'
import { parseLiteralEnv } from '../../src/config/literal-env.ts'

t.test('a value is the rest of its line', async t => {
  const lines: [line: string, name: string, value: string][] = [
    ['SERVER_NAME=example.com', 'SERVER_NAME', 'example.com'],
    ["A='{\"a\":1}'", 'A', "'{\"a\":1}'"],
    ['A="b" # no comment', 'A', '"b" # no comment'],
    ['  A=b=c ', 'A', 'b=c '],
    ['A=', 'A', ''],
    ["A='b", 'A', "'b"],
    ['A=b\r', 'A', 'b'],
    ['__proto__=b', '__proto__', 'b']
  ]
  for (const [line, name, value] of lines) {
    const { environment, warnings } = parseLiteralEnv(`# comment\n\n${line}\n  # PORT=1\nLAST='\n`)
    t.strictSame(Object.entries(environment), [[name, value], ['LAST', "'"]], line)
    t.strictSame(warnings, [], line)
  }
})

t.test('a line that is ignored causes a warning', async t => {
  const lines: [line: string, message: string][] = [
    ['M_SERVER a.example', 'has no "=" and is ignored; write M_SERVER=value'],
    ['export PORT=1', 'sets "export PORT", a name with white space, which is ignored; use a name such as SERVER_NAME'],
    ['port=1', 'sets "port", which is ignored; use PORT']
  ]
  for (const [line, message] of lines) {
    const warnings = [{ variable: undefined, message: `line 2: ${message}` }]
    t.strictSame(parseLiteralEnv(`A=b\n${line}`), { environment: { A: 'b' }, warnings }, line)
  }
  t.equal(parseLiteralEnv('a\n'.repeat(100)).warnings.length, 11)
})
