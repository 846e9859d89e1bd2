/** A sample of a metric. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

/** All samples of one name. Names and units follow Prometheus: `…_total`, `…_seconds`, `…_bytes`. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly samples: readonly Sample[]
}

/** A gauge with one sample. */
export function buildGauge (name: string, help: string, value: number, labels: Sample['labels'] = {}): Metric {
  return { name, help, type: 'gauge', samples: [{ labels, value }] }
}

export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Renders metrics in the text format of Prometheus, in their order. A metric without samples has only its help.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function renderMetrics (metrics: readonly Metric[]): string {
  return metrics.map(({ name, help, type, samples }) => [
    `# HELP ${name} ${escapeLine(help)}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ labels = {}, value }) => `${name}${renderLabels(labels)} ${renderValue(value)}`),
    ''
  ].join('\n')).join('')
}

function renderLabels (labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLine(value).replaceAll('"', '\\"')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLine (text: string): string {
  return text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function renderValue (value: number): string {
  return value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value)
}
