import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = `${root}examples/prometheus`
const rules = readFileSync(`${folder}/matrix-well-known.rules.yml`, 'utf8')

interface RuleFile {
  readonly groups: ReadonlyArray<{
    readonly rules: ReadonlyArray<{
      readonly alert: string
      readonly expr: string
      readonly labels: Readonly<Record<string, string>>
      readonly annotations: Readonly<Record<string, string>>
    }>
  }>
}

async function promtool (...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('promtool', args, { cwd: root })
  return stdout + stderr
}

t.test('promtool accepts the configuration and the rules, and each alert fires when it should', async t => {
  t.match(await promtool('check', 'config', `${folder}/prometheus.yml`), 'SUCCESS')
  t.match(await promtool('check', 'rules', `${folder}/matrix-well-known.rules.yml`), 'SUCCESS')
  t.match(await promtool('test', 'rules', 'test/examples/prometheus/rules.test.yml'), 'SUCCESS')
})

t.test('each alert has a test, a severity, and a page that exists', async t => {
  const tests = readFileSync(`${root}test/examples/prometheus/rules.test.yml`, 'utf8')
  const { groups } = parse(rules) as RuleFile
  for (const { alert, labels, annotations } of groups.flatMap(group => group.rules)) {
    t.match(tests, `alertname: ${alert}`)
    t.ok(['critical', 'warning'].includes(String(labels.severity)), alert)
    const address = /\/(docs\/[a-z-]+\.md)(?:\{\{.*\}\})?(?:#([a-z-]+))?$/s
    const [, page = '', anchor] = address.exec(annotations.runbook_url ?? '') ?? []
    const text = readFileSync(`${root}${page}`, 'utf8')
    if (anchor !== undefined) t.match(text, `<a id="${anchor}"></a>`)
  }
})

t.test('every query of the dashboard is valid', async t => {
  const { panels } = JSON.parse(readFileSync(`${folder}/dashboard.json`, 'utf8')) as
    { panels: Array<{ title: string, targets: Array<{ expr: string }> }> }
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replace('$__rate_interval', '1m')))
  t.ok(expressions.length > 8)
  const queries = expressions.map((expr, i) => ({ record: `panel:${i}`, expr }))
  const file = { groups: [{ name: 'dashboard', rules: queries }] }
  const directory = t.testdir({ 'dashboard.rules.yml': JSON.stringify(file) })
  t.match(await promtool('check', 'rules', `${directory}/dashboard.rules.yml`), `${expressions.length} rules found`)
})
