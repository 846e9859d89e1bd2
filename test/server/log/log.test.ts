import t from 'tap'
import { buildLog, loadPretty } from '../../../src/server/log/log.ts'

t.test('a line says when, how bad and what, and nothing of the machine', async t => {
  const lines: string[] = []
  buildLog('warn', { write: line => { lines.push(line) } }).warn({ path: '/a"\n\u001b[31m' }, 'line one\nline two')
  t.equal(lines.length, 1)
  t.match(lines[0], /^{"level":"warn","time":"\d{4}-\d\d-\d\dT[\d:.]+Z","path":"\/a\\"\\n\\u001b\[31m","msg":"line one\\nline two"}\n$/)
})

t.test('does without pino-pretty where it is not installed, as in production', async t => {
  const plain = { write () {} }
  t.not(await loadPretty(plain), plain)
  await import('../../support/without-pino-pretty.ts')
  t.equal(await loadPretty(plain), plain)
})
