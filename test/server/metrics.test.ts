import t from 'tap'
import { buildMetricsApp } from '../../src/server/metrics.ts'
import { RequestCounts } from '../../src/server/request-counts.ts'
import { startApp } from '../support/app.ts'
import { request } from '../support/http.ts'

const state = { sites: 3, faulty: 1, lastReloadSuccessful: false, lastSuccess: 1_700_000_000_500 }

t.test('requests are counted by document and status, other paths together', async t => {
  const requests = new RequestCounts()
  const environment = { M_HOMESERVER_BASE_URL: 'https://matrix.example.com' }
  const { app, port } = await startApp(t, environment, () => {}, (...response) => requests.add(...response))
  const paths = ['/.well-known/matrix/client', '/.well-known/matrix/client?a', '/.well-known/matrix/%73erver',
    '/.well-known/matrix/support', '/.well-known/matrix/other', '/', '/health',
    'http://example.com/.well-known/matrix/server']
  for (const path of paths) await request(port, path)
  await request(port, '/.well-known/matrix/client', 'POST')
  await request(port, '/.well-known/matrix/client', 'OPTIONS')
  await request(port, '/.well-known/matrix/client', 'PROPFIND')
  await request(port, '/.well-known/matrix/client', 'GET', ['Host: second.example.com'])
  await request(port, 'ftp://a/')
  await request(port, '/', 'POST', ['Content-Type: nonsense///', 'Content-Length: 0'])

  const metrics = buildMetricsApp({ version: '1.2.3', requests, countConnections: async () => 5, sites: () => state })
  const { statusCode, headers, body } = await metrics.inject('/metrics')
  t.equal(statusCode, 200)
  t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  const lines = body.split('\n').filter(line => line.startsWith('matrix_well_known_requests_total'))
  t.strictSame(lines.map(line => line.replace('matrix_well_known_requests_total', '')).toSorted(), [
    '{document="client",status="200"} 2',
    '{document="client",status="204"} 1',
    '{document="client",status="400"} 1',
    '{document="client",status="405"} 2',
    '{document="other",status="200"} 1',
    '{document="other",status="400"} 1',
    '{document="other",status="404"} 3',
    '{document="server",status="200"} 2',
    '{document="support",status="404"} 1'
  ])
  await app.close()
})

t.test('hostile methods, paths and hosts add no samples', async t => {
  const requests = new RequestCounts()
  const environment = {
    M_HOMESERVER_BASE_URL: 'https://matrix.example.com', EXTRA_WELL_KNOWN_DOCUMENTS: '{"mautrix":{}}'
  }
  const { app, port } = await startApp(t, environment, () => {}, (...response) => requests.add(...response))
  const names = ['client', 'server', 'mautrix', 'other', '__proto__', 'constructor', 'toString', '%5F%5Fproto__',
    'a"}b', 'client/', 'Client', 'client%00', '%zz', 'client;a', '..%2Fclient', 'x'.repeat(2_000)]
  const paths = [...names.map(name => `/.well-known/matrix/${name}`), '/__proto__', '//', '/*', '*', 'http://x/y']
  const methods = ['GET', 'HEAD', 'POST', 'PROPFIND', 'OPTIONS', 'TRACE', 'M-SEARCH', 'QUERY']
  for (const [i, path] of paths.entries()) {
    const method = methods[i % methods.length] ?? ''
    await request(port, path, method, [`X-Forwarded-Host: ${i}.example`])
    await request(port, path, 'GET', ['If-None-Match: *'])
    await request(port, path, 'GET', ['If-Match: "other"'])
    await request(port, path, 'GET', ['Host: second.example'])
  }
  const found = requests.list()
  t.strictSame(new Set(found.map(({ document }) => document)), new Set(['client', 'server', 'other']))
  const statuses = new Set([200, 204, 304, 400, 404, 405, 412])
  t.strictSame(found.filter(({ status }) => !statuses.has(status)), [])
  const total = found.reduce((sum, { count }) => sum + count, 0)
  t.equal(total, 4 * paths.length, 'each is counted')
  await app.close()
})

t.test('sites, reloads, connections and the process have their metrics', async t => {
  const requests = new RequestCounts()
  const app = buildMetricsApp({ version: '1.2.3', requests, countConnections: async () => 5, sites: () => state })
  const { body } = await app.inject('/metrics')
  const samples = body.split('\n').filter(line => !line.startsWith('#'))
  for (const sample of [
    'matrix_well_known_connections 5',
    'matrix_well_known_sites 3',
    'matrix_well_known_faulty_sites 1',
    'matrix_well_known_config_last_reload_successful 0',
    'matrix_well_known_config_last_reload_success_timestamp_seconds 1700000000.5'
  ]) t.ok(samples.includes(sample), sample)
  t.match(body, /^matrix_well_known_build_info\{version="1\.2\.3",/m)
  t.match(body, /^process_resident_memory_bytes \d+$/m)
  const other = await app.inject('/')
  t.match(other, { statusCode: 404, body: 'The metrics are at /metrics\n' })
})
