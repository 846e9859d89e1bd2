import { findExpiry } from '../check/report/expiry.ts'
import { catalogue } from '../check/judge/catalogue.ts'
import { rateVerdict } from '../check/report/rating.ts'
import type { Report } from '../check/report/report.ts'
import type { Metric, Sample } from '../metrics/text-format.ts'
import { isWorking } from './name-state.ts'
import type { NameState } from './name-state.ts'

type Labels = Readonly<Record<string, string>>

/** A report with the labels of its samples, and whether the name works. */
interface Labelled {
  readonly labels: Labels
  readonly report: Report
  /** Undefined if that isn't known yet. */
  readonly works: boolean | undefined
}

/** The metrics of all names. A name that hasn't been checked yet has none. */
export function measureNames (states: readonly NameState[]): Metric[] {
  return measure(states.flatMap(state => state.report === undefined
    ? []
    : [{ labels: { name: state.serverName }, report: state.report, works: isWorking(state) }]))
}

/** The metrics of one check, as blackbox_exporter's `/probe` has them. */
export function measureProbe (report: Report): Metric[] {
  const rating = rateVerdict(report.verdict)
  return measure([{ labels: {}, report, works: rating === 'works' || rating === 'warning' }])
}

function measure (all: readonly Labelled[]): Metric[] {
  return [
    describe('probe_success', 'Whether other servers and clients find the homeserver.', all, ({ works }) =>
      works === undefined ? [] : [{ value: Number(works) }]),
    describe('probe_duration_seconds', 'How long the last check took.', all, ({ report }) =>
      [{ value: report.milliseconds / 1000 }]),
    describe('probe_ssl_earliest_cert_expiry', 'When the first certificate expires, as a Unix timestamp.', all,
      ({ report }) => sampleExpiry(report)),
    describe('matrix_well_known_reader_success', 'Whether a real client or server reaches the homeserver.', all,
      ({ report }) => Object.entries(report.verdict.readers).flatMap(([reader, { outcome }]) =>
        outcome === 'unknown' ? [] : [{ labels: { reader }, value: Number(['works', 'asks'].includes(outcome)) }])),
    describe('matrix_well_known_findings', 'How many findings there are.', all,
      ({ report: { verdict: { failures, warnings, notices } } }) => [
        { labels: { severity: 'failure' }, value: failures },
        { labels: { severity: 'warning' }, value: warnings },
        { labels: { severity: 'notice' }, value: notices }
      ]),
    describe('matrix_well_known_finding', 'A finding of the last check; docs/findings.md explains it.', all,
      ({ report: { findings } }) => [...new Set(findings.map(({ id }) => id))].map(buildFinding)),
    describe('matrix_well_known_deciding_finding', 'The finding to fix first.', all,
      ({ report: { findings } }) => findings.slice(0, 1).map(({ id }) =>
        ({ labels: { id, title: catalogue[id].title }, value: 1 }))),
    describe('matrix_well_known_last_check_timestamp_seconds', 'When the last check started.', all, ({ report }) =>
      [{ value: Date.parse(report.checkedAt) / 1000 }])
  ]
}

function buildFinding (id: string): Sample {
  return { labels: { id }, value: 1 }
}

function describe (
  name: string, help: string, all: readonly Labelled[], sample: (one: Labelled) => readonly Sample[]
): Metric {
  const samples = all.flatMap(one =>
    sample(one).map(({ labels, value }) => ({ labels: { ...one.labels, ...labels }, value })))
  return { name, help, type: 'gauge', samples }
}

function sampleExpiry (report: Report): Sample[] {
  const expiry = findExpiry(report)
  return expiry === undefined ? [] : [{ value: expiry.end / 1000 }]
}
