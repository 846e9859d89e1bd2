import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { catalogue } from '../../src/check/judge/catalogue.ts'
import { portOf, startCli } from '../support/cli.ts'

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

t.test('promtool accepts the metrics of the sidecar', async t => {
  const settings = { SERVER_NAME: 'example.com', HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0' }
  const cli = startCli(t, [], settings, { measured: false })
  const [, url = ''] = /(http:[^"]+)/.exec(await cli.lineWith('metrics at ')) ?? []
  const port = await portOf(cli)
  for (const path of ['server', 'client', 'a"b']) await fetch(`http://127.0.0.1:${port}/.well-known/matrix/${path}`)
  const metrics = await (await fetch(url)).text()
  t.match(metrics, 'matrix_well_known_requests_total{document="other",status="404"} 1\n')
  const checked = execFile('promtool', ['check', 'metrics'])
  checked.stdin?.end(metrics)
  let output = ''
  checked.stderr?.on('data', (text: string) => { output += text })
  t.strictSame(await once(checked, 'close'), [0, null], output)
  t.equal(output, '')
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

t.test('the link of an alert about a name leads to the explanation of each finding', t => {
  const page = readFileSync(`${root}docs/findings.md`, 'utf8')
  for (const id of Object.keys(catalogue)) t.match(page, `<a id="${id.replaceAll('.', '-')}"></a>`)
  t.end()
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
