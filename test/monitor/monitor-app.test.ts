import { once } from 'node:events'
import { execFile } from 'node:child_process'
import t from 'tap'
import type { Test } from 'tap'
import type { FastifyInstance } from 'fastify'
import { buildMonitorApp } from '../../src/monitor/monitor-app.ts'
import { NameWatch } from '../../src/monitor/name-watch.ts'
import { checkWorld } from '../support/check-world.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'
import type { Changes } from '../support/healthy-world.ts'

/** A monitor of example.com in a world, after the first check, and of a name whose first check doesn't end. */
async function startMonitor (t: Test, changes: Changes = {}): Promise<FastifyInstance> {
  const world = await startHealthyWorld(t, changes)
  const signal = { checked: () => {} }
  const watch = new NameWatch({
    check: async (serverName, { deadline }) => serverName === 'example.com'
      ? await checkWorld(world, { deadline })
      : await new Promise(() => {}),
    interval: 600_000,
    failingInterval: 600_000,
    confirmations: 1,
    jobs: 2,
    onChecked: () => signal.checked()
  })
  const checked = new Promise<void>(resolve => { signal.checked = resolve })
  watch.setNames(['example.com', 'slow.example'])
  await checked
  t.teardown(() => watch.close())
  return buildMonitorApp({ watch, version: '1.2.3' })
}

const withoutDocument: Changes = { site: { 'GET /.well-known/matrix/client': undefined } }

t.test('the overview shows every name, what fails first, and loads nothing', async t => {
  const app = await startMonitor(t, withoutDocument)
  const { headers, body } = await app.inject('/')
  t.equal(headers['content-type'], 'text/html; charset=utf-8')
  t.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/)
  t.match(body, '<h1>1 of 2 names doesn&#39;t work</h1>')
  t.match(body, /Doesn&#39;t work.*<a href="\/names\/example.com">example.com<\/a>.*Not checked yet.*slow.example/s)
  t.notMatch(body, /<script| src=| href="https?:/)
})

t.test('if all is well, the overview says so', async t => {
  const app = await startMonitor(t)
  const { body } = await app.inject('/')
  const since = /<small><span>since <time datetime="[^"]+Z">[\d-]{10}<\/time><\/span> <span>certificate expires in/
  t.match(body, /<span>Works <small>1</)
  t.match(body, since)
})

t.test('each name has a page with its report', async t => {
  const app = await startMonitor(t, withoutDocument)
  const { body } = await app.inject('/names/example.com')
  t.match(body, '<h1>example.com</h1>')
  t.match(body, /<a href="\/">All names<\/a> <small>doesn&#39;t work since .* · the last check failed</)
  t.match((await app.inject('/names/slow.example')).body, "The first check hasn't finished yet.")
  const unknown = await app.inject('/names/%3Cscript%3E')
  t.match(unknown, { statusCode: 404, body: "This name isn't monitored. All names are at /\n" })
})

t.test('the metrics have what alerts need, in the format of Prometheus', async t => {
  const app = await startMonitor(t, withoutDocument)
  const { headers, body } = await app.inject('/metrics')
  t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  for (const sample of [
    'probe_success{name="example.com"} 0',
    'matrix_well_known_reader_success{name="example.com",reader="synapse"} 1',
    'matrix_well_known_reader_success{name="example.com",reader="element-x"} 0',
    'matrix_well_known_findings{name="example.com",severity="notice"} '
  ]) t.match(body, sample)
  t.match(body, /^probe_duration_seconds\{name="example.com"\} \d+(\.\d+)?$/m)
  const [, expiry] = /^probe_ssl_earliest_cert_expiry\{name="example.com"\} (\d+)$/m.exec(body) ?? []
  t.ok(Number(expiry) * 1000 > Date.now())
  t.match(body, /^matrix_well_known_last_check_timestamp_seconds\{name="example.com"\} \d+/m)
  const first = /^matrix_well_known_deciding_finding\{name="example.com",id="(.*)",title=".+"\} 1$/m
  const [, deciding] = first.exec(body) ?? []
  t.match(body, `matrix_well_known_finding{name="example.com",id="${deciding}"} 1`)
  t.notMatch(body, 'slow.example')
})

t.test('promtool accepts the metrics', { skip: await hasPromtool() ? false : 'promtool is not installed' }, async t => {
  const app = await startMonitor(t, withoutDocument)
  const { body } = await app.inject('/metrics')
  const promtool = execFile('promtool', ['check', 'metrics'])
  promtool.stdin?.end(body)
  let output = ''
  promtool.stderr?.on('data', (text: string) => { output += text })
  t.strictSame(await once(promtool, 'close'), [0, null], output)
})

async function hasPromtool (): Promise<boolean> {
  return await new Promise(resolve => execFile('promtool', ['--version'], error => resolve(error === null)))
}

t.test('a probe checks a monitored name within the time of the scrape', async t => {
  const app = await startMonitor(t)
  const timeout = 'x-prometheus-scrape-timeout-seconds'
  const { statusCode, body } = await app.inject({ url: '/probe?target=example.com', headers: { [timeout]: '10' } })
  t.equal(statusCode, 200)
  t.match(body, /^probe_success 1$/m)
  t.match(body, /^matrix_well_known_reader_success\{reader="synapse"\} 1$/m)
  const late = await app.inject({ url: '/probe?target=example.com', headers: { [timeout]: '0.501' } })
  t.match(late.body, /^probe_success 0$/m)
})

t.test('a probe of something else is refused with what to do', async t => {
  const app = await startMonitor(t)
  const cases = [
    ['/probe', undefined, 'target is missing: use /probe?target=example.com'],
    ['/probe?target=a&target=b', undefined, 'target is given more than once: use one'],
    ['/probe?target=a.b', undefined, 'target is "a.b", which isn\'t monitored: use a name on the page at /'],
    ['/probe?target=example.com', 'x', wrongTimeout('x')],
    ['/probe?target=example.com', '0.5', wrongTimeout('0.5')]
  ] as const
  for (const [url, timeout, message] of cases) {
    const headers = timeout === undefined ? {} : { 'x-prometheus-scrape-timeout-seconds': timeout }
    t.match(await app.inject({ url, headers }), { statusCode: 400, body: `${message}\n` }, url)
  }
})

t.test('a fault of this program in a probe is not blamed on the scraper', async t => {
  const watch = new NameWatch({
    check: async name => {
      if (name === 'example.com') throw new Error('a bug')
      return await new Promise(() => {})
    },
    interval: 600_000,
    failingInterval: 600_000,
    confirmations: 1,
    jobs: 1,
    onChecked: () => {}
  })
  t.teardown(() => watch.close())
  watch.setNames(['first.example', 'example.com'])
  const app = buildMonitorApp({ watch, version: '1.2.3' })
  t.equal((await app.inject('/probe?target=example.com')).statusCode, 500)
})

function wrongTimeout (value: string): string {
  return `X-Prometheus-Scrape-Timeout-Seconds is "${value}": use a number of seconds above 0.5`
}

t.test('the monitor is healthy, and says where its pages are', async t => {
  const app = await startMonitor(t)
  t.match(await app.inject('/health'), { statusCode: 200, body: '{"status":"ok"}' })
  t.match(await app.inject('/favicon.ico'), { statusCode: 404, body: /^All names are at \/, / })
  for (const [method, url] of [['POST', '/metrics'], ['OPTIONS', '/'], ['DELETE', '/names/example.com']] as const) {
    t.match(await app.inject({ method, url }), { statusCode: 405, headers: { allow: 'GET, HEAD' } }, `${method} ${url}`)
  }
  t.match(await app.inject({ method: 'HEAD', url: '/metrics' }), { statusCode: 200, body: '' })
})
