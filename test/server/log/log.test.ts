import t from 'tap'
import { buildLog, loadPretty } from '../../../src/server/log/log.ts'

t.test('a line has a level, a time and a message, and nothing about the machine', async t => {
  const lines: string[] = []
  buildLog('warn', { write: line => { lines.push(line) } }).warn({ path: '/a"\n\u001b[31m' }, 'line one\nline two')
  t.equal(lines.length, 1)
  const [start = '', rest] = lines[0]?.split(',"path":') ?? []
  t.match(start, /^{"level":"warn","time":"\d{4}-\d\d-\d\dT[\d:.]+Z"$/)
  t.equal(rest, String.raw`"/a\"\n\u001b[31m","msg":"line one\nline two"}` + '\n')
})

t.test("works without pino-pretty, which isn't installed in production", async t => {
  const plain = { write () {} }
  t.not(await loadPretty(plain), plain)
  await import('../../support/without-pino-pretty.ts')
  t.equal(await loadPretty(plain), plain)
})
