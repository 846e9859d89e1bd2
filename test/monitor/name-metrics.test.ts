import t from 'tap'
import { renderMetrics } from '../../src/metrics/text-format.ts'
import { measureNames, measureProbe } from '../../src/monitor/name-metrics.ts'
import { applyReport, buildPendingState } from '../../src/monitor/name-state.ts'
import { checkWorld } from '../support/check-world.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'

const pending = buildPendingState('example.com')

t.test('whether a name works is left out until it is confirmed', async t => {
  const report = await checkWorld(await startHealthyWorld(t, { records: { 'example.com': undefined } }))
  const once = renderMetrics(measureNames([applyReport(pending, report, 2)]))
  t.notMatch(once, 'probe_success{')
  t.match(once, 'probe_duration_seconds{name="example.com"} ')
  t.match(renderMetrics(measureNames([applyReport(pending, report, 1)])), '\nprobe_success{name="example.com"} 0\n')
})

t.test('without a TLS handshake, no certificate expires', async t => {
  const report = await checkWorld(await startHealthyWorld(t, { records: { 'example.com': undefined } }))
  t.notMatch(renderMetrics(measureProbe(report)), /^probe_ssl_earliest_cert_expiry /m)
})

t.test('a host without a handshake leaves the certificates of the others', async t => {
  const report = await checkWorld(await startHealthyWorld(t, { hosts: { '45.0.0.3:443': undefined } }))
  t.match(renderMetrics(measureProbe(report)), /^probe_ssl_earliest_cert_expiry \d{10}$/m)
})

t.test('a reader of which nothing is known has no sample', async t => {
  const report = await checkWorld(await startHealthyWorld(t), { dns: '127.0.0.1:1', timeout: 1 })
  const metrics = renderMetrics(measureProbe(report))
  t.match(metrics, '\nprobe_success 0\n')
  t.notMatch(metrics, /^matrix_well_known_reader_success\{/m)
})

t.test('the certificate of the documents counts, too', async t => {
  const report = await checkWorld(await startHealthyWorld(t), { only: 'documents' })
  t.match(renderMetrics(measureProbe(report)), /^probe_ssl_earliest_cert_expiry \d{10}$/m)
})
