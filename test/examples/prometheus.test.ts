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

/** What a Prometheus has that also scrapes other programs: a name that works, one that fails, and two servers. */
const monitored = ['works', 'fails'].map(name => `{job="matrix-well-known-monitor",instance="m:8080",name="${name}"}`)
const [works = '', fails = ''] = monitored
const reader = (labels: string, name: string): string => labels.replace('}', `,reader="${name}"}`)
const decision = fails.replace('}', ',id="cors.missing",title="No CORS headers"}')
const responses = (instance: string): string =>
  `{job="matrix-well-known",instance="${instance}",document="client",status="200"}`
const series: Readonly<Record<string, string>> = {
  [`probe_success${works}`]: '1x10',
  [`probe_success${fails}`]: '0x10',
  'probe_success{job="blackbox",instance="https://example.com"}': '0x10',
  [`probe_duration_seconds${works}`]: '2x10',
  'probe_duration_seconds{job="blackbox",instance="https://example.com"}': '9x10',
  [`probe_ssl_earliest_cert_expiry${works}`]: '7300x10',
  [`probe_ssl_earliest_cert_expiry${fails}`]: '9300x10',
  'probe_ssl_earliest_cert_expiry{job="blackbox",instance="https://example.com"}': '400x10',
  [`matrix_well_known_deciding_finding${decision}`]: '1x10',
  [`matrix_well_known_reader_success${reader(works, 'element-web')}`]: '1x10',
  [`matrix_well_known_reader_success${reader(fails, 'element-web')}`]: '0x10',
  [`matrix_well_known_reader_success${reader(fails, 'element-x')}`]: '1x10',
  [`matrix_well_known_reader_success${reader(fails, 'specification')}`]: '0x10',
  'matrix_well_known_faulty_sites{job="matrix-well-known",instance="a:9090"}': '2x10',
  'matrix_well_known_faulty_sites{job="matrix-well-known",instance="b:9090"}': '1x10',
  [`matrix_well_known_requests_total${responses('a:9090')}`]: '0+60x10',
  [`matrix_well_known_requests_total${responses('b:9090')}`]: '0+60x10',
  'matrix_well_known_connections{job="matrix-well-known",instance="a:9090"}': '0x10',
  'process_resident_memory_bytes{job="matrix-well-known",instance="a:9090"}': '50x10',
  'process_resident_memory_bytes{job="node",instance="a:9100"}': '70x10'
}

interface Sample { readonly labels: string, readonly value: number }

/** What each panel shows after five minutes. */
const panelSamples: Readonly<Record<string, readonly Sample[]>> = {
  'Names that fail': [{ labels: '{}', value: 1 }],
  Names: [{ labels: '{}', value: 2 }],
  'First certificate expires in': [{ labels: '{}', value: 7000 }],
  'Faulty files of sites': [{ labels: '{}', value: 3 }],
  'What to fix first': [{ labels: decision, value: 0 }],
  Delegation: [{ labels: `probe_success${works}`, value: 1 }, { labels: `probe_success${fails}`, value: 0 }],
  Readers: [{ labels: '{reader="element-web"}', value: 0 }, { labels: '{reader="element-x"}', value: 1 }],
  'Duration of a check': [{ labels: `probe_duration_seconds${works}`, value: 2 }],
  Requests: [{ labels: '{document="client",status="200"}', value: 2 }],
  'Memory of the servers': [{ labels: '{job="matrix-well-known",instance="a:9090"}', value: 50 }]
}

t.test('each panel of the dashboard shows all names, and nothing of other programs', async t => {
  const { panels, templating } = JSON.parse(readFileSync(`${folder}/dashboard.json`, 'utf8')) as {
    panels: Array<{ title: string, targets: Array<{ expr: string }> }>
    templating: { list: Array<{ name: string, allValue?: string }> }
  }
  t.strictSame(panels.map(({ title }) => title), Object.keys(panelSamples))
  const allNames = templating.list.find(({ name }) => name === 'name')?.allValue ?? ''
  const expressions = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({
    expr: expr.replaceAll('$name', allNames).replaceAll('$__rate_interval', '2m'),
    eval_time: '5m',
    exp_samples: panelSamples[title]
  })))
  t.equal(expressions.length, panels.length)
  const file = {
    tests: [{
      interval: '1m',
      input_series: Object.entries(series).map(([series, values]) => ({ series, values })),
      promql_expr_test: expressions
    }]
  }
  const directory = t.testdir({ 'dashboard.test.yml': JSON.stringify(file) })
  t.match(await promtool('test', 'rules', `${directory}/dashboard.test.yml`), 'SUCCESS')
})
