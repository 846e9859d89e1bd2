import { EventEmitter, once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { preflight, text, wellKnown } from '../support/responses.ts'
import { optionsFor } from '../support/check-cli.ts'
import { startCli, startProcess } from '../support/cli.ts'
import { findFreePorts } from '../support/free-ports.ts'
import { buildHomeserver } from '../support/homeserver.ts'
import { listen } from '../support/listen.ts'
import { route } from '../support/route.ts'
import type { Routes } from '../support/route.ts'
import { startWorld } from '../support/world.ts'
import type { World } from '../support/world.ts'

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
    /** If a scrape is late, an alert is resolved too early and fires again; the finding says which one it is. */
    async waitFor (status: Alert['status'], finding: string): Promise<Alert> {
      while (true) {
        const found = alerts.find(alert => alert.status === status && alert.labels.alertname === 'MatrixNameFails' &&
          alert.annotations.description?.includes(`(${finding})`))
        if (found !== undefined) return found
        await once(events, 'received')
      }
    }
  }
}

/** The example, with these addresses, and with seconds instead of minutes. */
function writeExample (folder: string, addresses: Readonly<Record<string, string>>): void {
  const example = readFileSync(`${root}examples/prometheus/prometheus.yml`, 'utf8')
  let config = example.replaceAll('30s', `${scrapeSeconds}s`)
  for (const [from, to] of Object.entries(addresses)) {
    t.match(config, `'${from}'`)
    config = config.replace(`'${from}'`, `'${to}'`)
  }
  writeFileSync(`${folder}/prometheus.yml`, config)
  const rules = readFileSync(`${root}examples/prometheus/matrix-well-known.rules.yml`, 'utf8')
  writeFileSync(`${folder}/matrix-well-known.rules.yml`, rules.replaceAll(/for: \d+m/g, 'for: 2s'))
}

/**
 * A provider has more names, and watches them for longer. The long form takes twelve minutes, and reports what the
 * monitor uses: `NAMES=1000 MINUTES=10 npx tap --disable-coverage --timeout=900 --reporter=tap` and this file. A busy
 * machine needs more seconds between checks, such as `INTERVAL=150`, and a longer timeout.
 */
const { NAMES = '50', MINUTES = '0', INTERVAL = '5' } = process.env
const names = Array.from({ length: Number(NAMES) }, (_, i) => `customer-${i}.example.org`)
const broken = 'customer-7.example.org'
/** How often each is checked, in seconds: as often as a core of this machine and the fake world on it can. */
const interval = Math.max(Number(INTERVAL), Math.ceil(0.06 * names.length))
/** How often Prometheus reads the metrics: of 1,000 names, they take it a while. */
const scrapeSeconds = Math.ceil(names.length / 200)

/** Ten names share an address. */
function homeserverAddress (index: number): string {
  return `127.1.${Math.floor(index / 2_500)}.${1 + Math.floor(index / 10) % 250}`
}

/** What a name serves, at the site and as the homeserver. */
interface Customer {
  site: RequestListener
  homeserver: RequestListener
}

function buildCustomer (serverName: string, changes: Routes = {}): Customer {
  const site = route({
    'GET /.well-known/matrix/server': wellKnown({ 'm.server': `matrix.${serverName}:443` }),
    'GET /.well-known/matrix/client': wellKnown({ 'm.homeserver': { base_url: `https://matrix.${serverName}` } }),
    'OPTIONS *': preflight(),
    ...changes
  })
  return { site, homeserver: buildHomeserver({ serverName }) }
}

/** A provider's sites at one address, and its homeservers at many. */
async function startProvider (t: Test, customers: ReadonlyMap<string, Customer>): Promise<World> {
  const serve = (part: keyof Customer): RequestListener => (request, response) => {
    customers.get(String(request.headers.host).replace(/^matrix\.|:443$/g, ''))?.[part](request, response)
  }
  const certificates = new Map<string, string[]>()
  for (const [i, name] of names.entries()) {
    const address = `${homeserverAddress(i)}:443`
    certificates.set(address, [...certificates.get(address) ?? [], `DNS:matrix.${name}`])
  }
  return await startWorld(t, {
    records: Object.fromEntries(names.flatMap((name, i) =>
      [[name, { A: ['45.0.0.2'] }], [`matrix.${name}`, { A: [homeserverAddress(i)] }]])),
    hosts: {
      '45.0.0.2:443': { certificate: ['DNS:*.example.org'], handler: serve('site') },
      ...Object.fromEntries([...certificates].map(([address, certificate]) =>
        [address, { certificate, handler: serve('homeserver') }]))
    }
  })
}

/** What the monitor uses. */
async function describeUse (pid: number, url: string): Promise<string> {
  const sizes = await Promise.all(['metrics', ''].map(async path => {
    const start = performance.now()
    const { length } = await (await fetch(`${url}/${path}`)).text()
    return `/${path}: ${Math.round(length / 1000)} kB in ${Math.round(performance.now() - start)} ms`
  }))
  const [, memory] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  const cpu = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]
  return `${Math.round(Number(memory) / 1024)} MiB, ${Math.round(Number(cpu) / 1e9)} s of CPU, ${sizes.join(', ')}`
}

const ways: ReadonlyArray<{ readonly way: string, readonly finding: string, readonly customer: Customer }> = [
  {
    way: 'a new web site without the documents',
    finding: 'discovery.not-delegated',
    customer: buildCustomer(broken, {
      'GET /.well-known/matrix/server': undefined, 'GET /.well-known/matrix/client': undefined
    })
  },
  {
    way: 'a document with a mistake',
    finding: 'document.invalid',
    customer: buildCustomer(broken, {
      'GET /.well-known/matrix/client': wellKnown({ 'm.homeserver': `https://matrix.${broken}` })
    })
  },
  {
    way: 'a homeserver that is down',
    finding: 'homeserver.down',
    customer: { ...buildCustomer(broken), homeserver: text('Bad Gateway', { status: 502 }) }
  }
]

t.test(`one of ${NAMES} names breaks in three ways: log, page, metrics and alert name the cause`, {
  timeout: 280_000 + 90_000 * Number(MINUTES)
}, async t => {
  const started = performance.now()
  const elapsed = (): string => `${Math.round((performance.now() - started) / 1000)} s`
  const customers = new Map(names.map(name => [name, buildCustomer(name)]))
  const world = await startProvider(t, customers)
  const options = await optionsFor(world, Object.fromEntries(names.flatMap((name, i) =>
    [[`${name}:443`, '45.0.0.2:443'], [`matrix.${name}:443`, `${homeserverAddress(i)}:443`]])))
  // Where servers look without a document: nothing listens there.
  options.push(`--resolve=${broken}:8448:127.0.0.1:1`)
  const folder = t.testdir({})
  const local = { HOST: '127.0.0.1', PORT: '0' }
  const settings = { ...local, MONITOR_SECONDS: String(interval), MONITOR_CONFIRMATIONS: '1' }
  const monitor = startCli(t, ['monitor', ...names, ...options], settings, { cwd: folder, measured: false })
  t.teardown(() => { if (!t.passing()) t.comment(monitor.output.stdout.slice(-5_000)) })
  const sidecar = startCli(t, [], { ...local, SERVER_NAME: 'example.com', METRICS_PORT: '0' }, { cwd: folder })
  const hostOf = async (line: Promise<string>): Promise<string> => /http:\/\/([^/"]+)/.exec(await line)?.[1] ?? ''
  const monitorHost = await hostOf(monitor.lineWith('monitoring '))

  const webhook = await startWebhook(t)
  const [prometheusPort, alertmanagerPort] = await findFreePorts()
  const alertmanager = `127.0.0.1:${alertmanagerPort}`
  writeFileSync(`${folder}/alertmanager.json`, JSON.stringify({
    route: { receiver: 'test', group_by: ['...'], group_wait: '1s', group_interval: '1s' },
    receivers: [{ name: 'test', webhook_configs: [{ url: webhook.url }] }]
  }))
  writeExample(folder, {
    'monitor:8080': monitorHost,
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
  const get = async (path: string): Promise<string> => await (await fetch(`http://${monitorHost}${path}`)).text()
  for (const name of names) await monitor.lineWith(`${name} works`)
  t.match(await get('/'), `<h1>All ${names.length.toLocaleString('en')} names work</h1>`)

  for (const [i, { way, finding, customer }] of ways.entries()) {
    t.comment(`${elapsed()}: ${way}`)
    customers.set(broken, customer)
    const { labels, annotations } = await webhook.waitFor('firing', finding)
    t.comment(`${elapsed()}: the alert fires`)
    t.match(labels, { name: broken, severity: 'critical' }, way)
    t.equal(annotations.summary, `${broken} doesn't work for other servers or clients`)
    t.match(annotations.description, ` (${finding}). What to change: http://${monitorHost}/names/${broken}`, way)
    const address = `https://matrix-well-known.example/docs/findings.md#${finding.replace('.', '-')}`
    t.equal(annotations.runbook_url, address, way)
    const lines = monitor.output.stdout.split('\n').filter(line => line.includes(`"finding":"${finding}"`))
    t.match(lines.map(line => JSON.parse(line)), [{ level: 'error', serverName: broken, verdict: 'fails' }], way)
    const page = await get('/')
    t.match(page, `<h1>1 of ${names.length.toLocaleString('en')} names doesn&#39;t work</h1>`, way)
    t.match(page, `<code>${finding}</code>`, way)
    t.match(await get(`/names/${broken}`), `<code>${finding}</code>`, way)
    const metrics = await get('/metrics')
    t.strictSame(metrics.match(/^probe_success.* 0$/gm), [`probe_success{name="${broken}"} 0`], way)
    t.match(metrics, `\nmatrix_well_known_deciding_finding{name="${broken}",id="${finding}",title="`, way)

    customers.set(broken, buildCustomer(broken))
    await monitor.lineWith(`${broken} works again`, i)
    t.equal((await webhook.waitFor('resolved', finding)).labels.name, broken, way)
  }

  const minutes = Number(MINUTES)
  const commentUse = async (): Promise<void> => {
    t.comment(`${elapsed()}: ${await describeUse(monitor.pid, `http://${monitorHost}`)}`)
  }
  if (minutes > 0) await commentUse()
  while (performance.now() - started < 60_000 * minutes) {
    await sleep(30_000)
    await commentUse()
  }
  const times = /(?<=^matrix_well_known_last_check_timestamp_seconds.* )[\d.]+$/gm
  const checked = (await get('/metrics')).match(times) ?? []
  t.equal(checked.length, names.length)
  t.ok(Math.min(...checked.map(Number)) > Date.now() / 1000 - 3 * interval, 'no name has been left out')

  const query = `http://127.0.0.1:${prometheusPort}/api/v1/query?query=up`
  const { data } = await (await fetch(query)).json() as { data: { result: Array<{ value: unknown[] }> } }
  t.strictSame(data.result.map(({ value }) => value[1]), ['1', '1'], 'both processes are scraped')
})
