import { EventEmitter, once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { wellKnown } from '../support/answers.ts'
import { healthyOptions } from '../support/check-cli.ts'
import { startCli, startProcess } from '../support/cli.ts'
import { findFreePorts } from '../support/compose-project.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import { listen } from '../support/listen.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What Alertmanager sends to a webhook. */
interface Notification {
  readonly alerts: ReadonlyArray<{
    readonly status: 'firing' | 'resolved'
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }>
}

type Alert = Notification['alerts'][number]

/** A webhook, and what it takes to wait for an alert. */
async function startWebhook (t: Test) {
  const events = new EventEmitter<{ received: [] }>()
  const alerts: Alert[] = []
  const server = createServer((request, response) => {
    json(request).then(body => {
      alerts.push(...(body as Notification).alerts)
      events.emit('received')
      response.end()
    }, error => { t.fail(error) })
  })
  const { port } = await listen(t, server, '127.0.0.1')
  return {
    url: `http://127.0.0.1:${port}/`,
    async waitFor (name: string, status: Alert['status']): Promise<Alert> {
      while (true) {
        const found = alerts.find(alert => alert.labels.alertname === name && alert.status === status)
        if (found !== undefined) return found
        await once(events, 'received')
      }
    }
  }
}

/** The example, with these addresses, and with seconds instead of minutes. */
function writeExample (folder: string, addresses: Readonly<Record<string, string>>): void {
  const example = readFileSync(`${root}examples/prometheus/prometheus.yml`, 'utf8')
  let config = example.replaceAll('30s', '1s')
  for (const [from, to] of Object.entries(addresses)) {
    t.match(config, `'${from}'`)
    config = config.replace(`'${from}'`, `'${to}'`)
  }
  writeFileSync(`${folder}/prometheus.yml`, config)
  const rules = readFileSync(`${root}examples/prometheus/matrix-well-known.rules.yml`, 'utf8')
  writeFileSync(`${folder}/matrix-well-known.rules.yml`, rules.replaceAll(/for: \d+m/g, 'for: 2s'))
}

t.test('an alert fires when the delegation breaks, names the cause, and is resolved', { timeout: 90_000 }, async t => {
  let isBroken = false
  const good = wellKnown({ 'm.homeserver': { base_url: 'https://matrix.example.com' } })
  const bad = wellKnown({ 'm.homeserver': 'https://matrix.example.com' })
  const world = await startHealthyWorld(t, {
    site: { 'GET /.well-known/matrix/client': (request, response) => (isBroken ? bad : good)(request, response) }
  })
  const folder = t.testdir({})
  const local = { HOST: '127.0.0.1', PORT: '0' }
  const settings = { ...local, MONITOR_SECONDS: '1', MONITOR_CONFIRMATIONS: '2' }
  const monitor = startCli(t, ['monitor', 'example.com', ...await healthyOptions(world)], settings, { cwd: folder })
  const sidecar = startCli(t, [], { ...local, SERVER_NAME: 'example.com', METRICS_PORT: '0' }, { cwd: folder })
  const hostOf = async (line: Promise<string>): Promise<string> => /http:\/\/([^/"]+)/.exec(await line)?.[1] ?? ''

  const webhook = await startWebhook(t)
  const [prometheusPort, alertmanagerPort] = await findFreePorts()
  const alertmanager = `127.0.0.1:${alertmanagerPort}`
  writeFileSync(`${folder}/alertmanager.json`, JSON.stringify({
    route: { receiver: 'test', group_by: ['...'], group_wait: '1s', group_interval: '1s' },
    receivers: [{ name: 'test', webhook_configs: [{ url: webhook.url }] }]
  }))
  writeExample(folder, {
    'monitor:8080': await hostOf(monitor.lineWith(' names at ')),
    'matrix-well-known:9090': await hostOf(sidecar.lineWith('metrics at ')),
    'alertmanager:9093': alertmanager
  })
  startProcess(t, 'prometheus-alertmanager', [
    `--config.file=${folder}/alertmanager.json`, `--storage.path=${folder}/alertmanager`,
    `--web.listen-address=${alertmanager}`, '--cluster.listen-address='
  ], {}, folder)
  startProcess(t, 'prometheus', [
    `--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/prometheus`,
    `--web.listen-address=127.0.0.1:${prometheusPort}`
  ], {}, folder)
  await monitor.lineWith('example.com works')

  isBroken = true
  const { labels, annotations } = await webhook.waitFor('MatrixNameFails', 'firing')
  t.match(labels, { name: 'example.com', severity: 'critical' })
  t.equal(annotations.summary, "example.com doesn't work for other servers or clients")
  t.match(annotations.description, 'Fix this first: document.invalid. ')
  t.equal(annotations.runbook_url, 'https://matrix-well-known.example/docs/findings.md#document-invalid')

  isBroken = false
  const resolved = await webhook.waitFor('MatrixNameFails', 'resolved')
  t.equal(resolved.labels.name, 'example.com')

  const query = `http://127.0.0.1:${prometheusPort}/api/v1/query?query=up`
  const { data } = await (await fetch(query)).json() as { data: { result: Array<{ value: unknown[] }> } }
  t.strictSame(data.result.map(({ value }) => value[1]), ['1', '1'], 'both processes are scraped')
})
