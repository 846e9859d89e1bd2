import t from 'tap'
import type { Severity } from '../../../src/check/judge/finding.ts'
import { countGroups, groupFindings } from '../../../src/check/report/finding-groups.ts'
import { summarizeReport } from '../../../src/check/report/headline.ts'
import { renderHtml } from '../../../src/check/report/html/html.ts'
import { renderJson } from '../../../src/check/report/json.ts'
import { renderMarkdown } from '../../../src/check/report/markdown.ts'
import { rateForNagios, renderNagios } from '../../../src/check/report/nagios.ts'
import type { Report } from '../../../src/check/report/report.ts'
import { renderTap } from '../../../src/check/report/tap.ts'
import { renderText } from '../../../src/check/report/text.ts'
import { shorten } from '../../../src/matrix/short-text.ts'
import { matrixError, wellKnown, withoutCors } from '../../support/responses.ts'
import { checkWorld } from '../../support/check-world.ts'
import { healthyDocuments, startHealthyWorld } from '../../support/healthy-world.ts'
import type { Changes } from '../../support/healthy-world.ts'
import { makeHostile } from '../../support/hostile-report.ts'
import type { Scope } from '../../support/listen.ts'
import { parseTap } from '../../support/tap-points.ts'

type Counts = Readonly<Record<Severity, number>>
type Outcomes = Readonly<Record<string, string>>

const failing: Changes = {
  site: {
    'GET /.well-known/matrix/server': wellKnown({ 'm.server': 'matrix.example.com' }),
    'GET /.well-known/matrix/client': wellKnown(healthyDocuments.client, { headers: withoutCors })
  },
  // The same is wrong with several addresses, which is one finding for people.
  records: { 'matrix.example.com': { A: ['45.0.0.3', '45.0.0.7', '45.0.0.8'] } }
}

const check = async (t: Scope, changes: Changes = {}): Promise<Report> =>
  await checkWorld(await startHealthyWorld(t, changes))

const reports: Readonly<Record<string, (t: Scope) => Promise<Report>>> = {
  OK: t => check(t),
  WARNING: t => check(t, { homeserver: { routes: { 'GET /livekit/jwt/healthz': undefined } } }),
  CRITICAL: t => check(t, failing),
  UNKNOWN: async t => await checkWorld(await startHealthyWorld(t), { dns: '127.0.0.1:1' }),
  'WARNING, what works sometimes': t => check(t, {
    records: { 'example.com': { A: ['45.0.0.2', '45.0.0.5'] } },
    hosts: { '45.0.0.5:443': { certificate: ['DNS:example.com'], handler: matrixError(404, 'M_NOT_FOUND', '') } }
  }),
  'CRITICAL, hostile texts': async t => {
    const report = makeHostile(await check(t, failing))
    return { ...report, verdict: { ...report.verdict, ...countAll(report) } }
  }
}

/** How many findings a report has, those that are the same in several places included. */
function countAll ({ findings }: Report): Pick<Report['verdict'], 'failures' | 'warnings' | 'notices'> {
  return countGroups(findings.map(finding => [finding]))
}

function countMatches (text: string, patterns: Readonly<Record<Severity, RegExp>>): Counts {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0
  return { failure: count(patterns.failure), warning: count(patterns.warning), notice: count(patterns.notice) }
}

/** The outcome of each reader, from lists of names with what they have in common. */
function outcomesOf (groups: ReadonlyArray<readonly [outcome: string, names: string]>): Outcomes {
  return Object.fromEntries(groups.flatMap(([outcome, names]) => names.split(', ').map(name => [name, outcome])))
}

function readText (text: string): { headline: string, readers: Outcomes, counts: Counts } {
  const [headline = ''] = text.split('\n\n')
  const [, list = ''] = /^Readers\n(.*?)\n$/ms.exec(text) ?? []
  const lines = list.replaceAll(/\n {4}/g, ' ').matchAll(/^ {2}([✓✗!]) ([^:\n]*)(?:: (asks|works|could)?.*)?$/gm)
  const outcomes: Readonly<Record<string, string>> = {
    '✓': 'works', '✗': 'fails', '!asks': 'asks', '!works': 'sometimes', '!could': 'unknown'
  }
  const groups = [...lines].map(([, mark = '', names = '', word = '']) =>
    [outcomes[mark === '!' ? mark + word : mark] ?? '', names] as const)
  const [, findings = ''] = /^Findings\n(.*)/ms.exec(text) ?? []
  const counts = countMatches(findings, { failure: /^✗ /gm, warning: /^! /gm, notice: /^· /gm })
  return { headline: headline.replaceAll('\n', ' '), readers: outcomesOf(groups), counts }
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#96;': '`', '&amp;': '&'
}

function readHtml (page: string): { headline: string, readers: Outcomes, counts: Counts } {
  const [, headline = ''] = /<p class="verdict">.*?<span>(.*?)<\/span>/s.exec(page) ?? []
  const outcomes: Readonly<Record<string, string>> = {
    Works: 'works',
    'Asks for the address': 'asks',
    Fails: 'fails',
    'Works sometimes': 'sometimes',
    'Not checked': 'unknown'
  }
  const groups = [...page.matchAll(/<strong class="\w+">(.*)<\/strong>\n([^<]*)/g)]
    .map(([, word = '', names = '']) => [outcomes[word] ?? '', names.trim()] as const)
  const label = (word: string): RegExp => new RegExp(`<p class="label">${word} <code>`, 'g')
  return {
    headline: headline.replaceAll(/&[^;]*;/g, entity => entities[entity] ?? entity),
    readers: outcomesOf(groups),
    counts: countMatches(page, { failure: label('Failure'), warning: label('Warning'), notice: label('Notice') })
  }
}

/** Without the readers for which it works, and with few findings in full. */
function readMarkdown (text: string): { headline: string, readers: Outcomes, ids: string[] } {
  const [first = ''] = text.split('\n')
  const [, headline = ''] = /^\*\*.*?\*\* (.*)/.exec(first) ?? []
  const outcomes: ReadonlyArray<readonly [outcome: string, pattern: RegExp]> = [
    ['fails', /^- ❌ ([^:\n]*)/gm],
    ['asks', /^- ⚠️ asks for the homeserver's address: ([^:\n]*)/gm],
    ['sometimes', /^- ⚠️ works sometimes: ([^:\n]*)/gm],
    ['unknown', /^- ❔ not checked: ([^:\n]*)/gm]
  ]
  const groups = outcomes.flatMap(([outcome, pattern]) =>
    [...text.matchAll(pattern)].map(([, names = '']) => [outcome, names] as const))
  const full = [...text.matchAll(/^(?:❌|⚠️) `([\w.-]+)`/gm)].map(([, id = '']) => id)
  const [, rest = ''] = /^Also: (.*)$/m.exec(text) ?? []
  const ids = [...full, ...[...rest.matchAll(/`(.*?)`/g)].map(([, id = '']) => id)]
  return { headline: headline.replaceAll('`', ''), readers: outcomesOf(groups), ids }
}

for (const [title, build] of Object.entries(reports)) {
  t.test(`all formats say the same: ${title}`, async t => {
    const report: Report = JSON.parse(renderJson(await build(t)))
    const { verdict, findings } = report
    t.match(verdict, countAll(report), 'JSON counts what it lists')
    const headline = summarizeReport(report)
    const { failures, warnings, notices } = countGroups(groupFindings(findings))
    const counts = { failure: failures, warning: warnings, notice: notices }
    const readers = Object.fromEntries(Object.entries(verdict.readers).filter(([id]) => id !== 'specification')
      .map(([, { name, outcome }]) => [name, outcome]))
    t.ok(Object.keys(readers).length > 5)

    t.strictSame(readText(renderText(report, { colour: false, glyphs: true })), { headline, readers, counts })
    t.strictSame(readHtml(renderHtml(report, '1.2.3')), { headline, readers, counts })

    const markdown = readMarkdown(renderMarkdown(report, '1.2.3'))
    t.equal(markdown.headline, shorten(headline, 300).replaceAll('`', ''))
    t.strictSame(markdown.readers, Object.fromEntries(Object.entries(readers).filter(([, one]) => one !== 'works')))
    t.strictSame([...new Set(markdown.ids)].toSorted(), [...new Set(findings.map(({ id }) => id))].toSorted())

    const nagios = renderNagios(report, false)
    t.equal(rateForNagios(report, false), title.replace(/,.*/, ''))
    t.match(nagios, `MATRIX ${title.replace(/,.*/, '')} - `)
    t.match(nagios, headline.replaceAll(/[^\x20-\x7e]|[|<>&`$\\]/g, '?'))
    t.match(nagios, new RegExp(` failures=${failures};;0;0 warnings=${warnings};0;;0\n$`))

    const points = parseTap(renderTap(report, false)).points.filter(({ diag }) => diag?.severity !== undefined)
    t.equal(points.filter(({ ok, todo }) => !ok && !todo).length, verdict.failures)
    t.equal(points.filter(({ todo }) => todo === 'warning').length, verdict.warnings)
    t.equal(points.filter(({ ok }) => ok).length, verdict.notices)
    t.strictSame(points.map(({ name }) => name.split(':')[0]), findings.map(({ id }) => id))
  })
}
