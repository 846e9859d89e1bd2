import t from 'tap'
import { buildGauge, renderMetrics } from '../../src/metrics/text-format.ts'

t.test('metrics are rendered in their order, each with its help and type', async t => {
  t.equal(renderMetrics([
    { name: 'a_total', help: 'How often a.', type: 'counter', samples: [{ labels: { b: 'c', d: '1' }, value: 2 }] },
    buildGauge('e', 'How much e.', 0.5)
  ]), `# HELP a_total How often a.
# TYPE a_total counter
a_total{b="c",d="1"} 2
# HELP e How much e.
# TYPE e gauge
e 0.5
`)
})

t.test('no text can end its label or its line', async t => {
  const rendered = renderMetrics([buildGauge('a', 'one\ntwo\\', 1, { name: '"}\n\\ ü \uD800' })])
  t.equal(rendered, '# HELP a one\\ntwo\\\\\n# TYPE a gauge\na{name="\\"}\\n\\\\ ü \uFFFD"} 1\n')
})

t.test('every number has a form that Prometheus reads', async t => {
  const values = [[Infinity, '+Inf'], [-Infinity, '-Inf'], [NaN, 'NaN'], [1e21, '1e+21'], [-0.5, '-0.5']] as const
  for (const [value, text] of values) {
    t.ok(renderMetrics([buildGauge('a', '', value)]).endsWith(`\na ${text}\n`), text)
  }
})
