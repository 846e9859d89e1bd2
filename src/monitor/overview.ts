import { findExpiry } from '../check/report/expiry.ts'
import { markup } from '../check/report/html/markup.ts'
import type { Content, Markup } from '../check/report/html/markup.ts'
import { renderPage, renderPageLabel } from '../check/report/html/page-frame.ts'
import { drawSymbol } from '../check/report/html/symbols.ts'
import { renderDate, renderTime } from '../check/report/html/time.ts'
import { describeValidity } from '../check/report/validity.ts'
import { countNouns, formatCount } from '../matrix/format-count.ts'
import { describeSince } from './name-page.ts'
import type { NameState } from './name-state.ts'
import { groups, groupOf } from './overview-groups.ts'
import type { Group } from './overview-groups.ts'

/** The page with all names: what doesn't work first, and how each has been doing. */
export function renderOverview (states: readonly NameState[], version: string): string {
  const title = describeCounts(states)
  const { compare } = new Intl.Collator('en', { numeric: true })
  const sorted = states.toSorted((left, right) => compare(left.serverName, right.serverName))
  const filled = groups.map(group => ({ group, members: sorted.filter(state => groupOf(state) === group) }))
    .filter(({ members }) => members.length > 0)
  return renderPage(title, markup`<header>
${renderPageLabel(version)}
<h1>${title}</h1>
${filled.length > 1 ? renderNavigation(filled) : []}</header>
<main>
${filled.map(renderGroup)}</main>
<footer><p>Made by matrix-well-known ${version}. <a href="/metrics">Metrics</a></p></footer>`)
}

function describeCounts (states: readonly NameState[]): string {
  const count = (wanted: NameState['verdict']): number => states.filter(({ verdict }) => verdict === wanted).length
  const [fails, unknown, pending] = [count('fails'), count('unknown'), count('pending')]
  const total = states.length
  if (total === 0) return 'No names are monitored'
  const of = (part: number): string => `${formatCount(part)} of ${countNouns(total, 'name')}`
  if (fails > 0) return `${of(fails)} ${fails === 1 ? "doesn't" : "don't"} work`
  if (unknown > 0) return `${of(unknown)} can't be checked`
  if (pending > 0) return `${of(pending)} not known yet`
  return total === 1 ? '1 name works' : `All ${countNouns(total, 'name')} work`
}

/** The names of a group, at least one. */
interface FilledGroup {
  readonly group: Group
  readonly members: readonly NameState[]
}

function renderNavigation (filled: readonly FilledGroup[]): Markup {
  return markup`<nav aria-label="Groups">${filled.map(({ group: { id, title }, members }) =>
    markup`<a href="#${id}">${title}: ${formatCount(members.length)}</a> `)}</nav>
`
}

function renderGroup ({ group, members }: FilledGroup): Markup {
  const { id, title, symbol, isBrief } = group
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${drawSymbol(symbol)}<span>${title} <small>${formatCount(members.length)}</small></span></h2>
<ul class="names${isBrief ? ' brief' : ''}">
${members.map(state => renderName(state, isBrief))}</ul>
</section>
`
}

function renderName (state: NameState, isBrief: boolean): Markup {
  const { serverName, report } = state
  const [finding] = report === undefined || isBrief ? [] : report.findings
  const place = finding === undefined || finding.subject === serverName ? [] : markup`<bdi>${finding.subject}</bdi>: `
  const cause = finding === undefined ? [] : markup`<p>${place}<bdi>${finding.what}</bdi></p>\n`
  const expiry = report === undefined ? undefined : findExpiry(report)
  const facts: Content[] = [
    ...finding === undefined ? [] : [markup`<code>${finding.id}</code>`],
    ...describeSince(state, isBrief ? renderDate : renderTime),
    ...report === undefined || isBrief ? [] : [markup`checked ${renderTime(report.checkedAt)}`],
    ...expiry === undefined ? [] : [`certificate ${describeValidity(expiry.days)}`]
  ]
  return markup`<li><a href="/names/${encodeURIComponent(serverName)}">${serverName}</a>
${cause}<small>${facts.map(fact => markup`<span>${fact}</span> `)}</small></li>
`
}
