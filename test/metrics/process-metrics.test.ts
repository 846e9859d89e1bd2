import t from 'tap'
import { measureProcess } from '../../src/metrics/process-metrics.ts'
import type { Metric } from '../../src/metrics/text-format.ts'

function valueOf (metrics: readonly Metric[], wanted: string): number {
  return Number(metrics.find(({ name }) => name === wanted)?.samples[0]?.value)
}

t.test('the process reports its version, its age, and what it uses', async t => {
  const metrics = measureProcess('1.2.3')
  const info = metrics.find(({ name }) => name === 'matrix_well_known_build_info')
  t.strictSame(info?.samples, [{ labels: { version: '1.2.3', node_version: process.versions.node }, value: 1 }])
  t.ok(valueOf(metrics, 'process_cpu_seconds_total') > 0)
  t.ok(valueOf(metrics, 'process_resident_memory_bytes') > 10_000_000)
  const started = valueOf(metrics, 'process_start_time_seconds') * 1000
  t.ok(started > Date.now() - 600_000 && started < Date.now())
})

t.test('open files are counted where the system lists them', async t => {
  const folder = t.testdir({ 0: '', 1: '', 2: '', 3: '' })
  t.equal(valueOf(measureProcess('1.2.3', folder), 'process_open_fds'), 3)
  const metrics = measureProcess('1.2.3', `${folder}/missing`)
  t.notOk(metrics.some(({ name }) => name === 'process_open_fds'))
})
