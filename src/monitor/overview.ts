import { findExpiry } from '../check/report/expiry.ts'
import { markup } from '../check/report/html/markup.ts'
import type { Content, Markup } from '../check/report/html/markup.ts'
import { renderPage } from '../check/report/html/page-frame.ts'
import { drawSymbol } from '../check/report/html/symbols.ts'
import type { HopState } from '../check/report/paths/hop.ts'
import { describeValidity } from '../check/report/validity.ts'
import type { NameState } from './name-state.ts'

type Verdict = NameState['verdict']

const words: Readonly<Record<Verdict, string>> = {
  fails: "Doesn't work", unknown: "Can't be checked", pending: 'Not known yet', works: 'Works'
}

const symbols: Readonly<Record<Verdict, HopState>> = {
  fails: 'fails', unknown: 'unchecked', pending: 'skipped', works: 'works'
}

/** What needs attention comes first. */
const order = Object.keys(words)

/** The page with all names: what doesn't work first, and how each has been doing. */
export function renderOverview (states: readonly NameState[], version: string): string {
  const sorted = states.toSorted((left, right) => order.indexOf(left.verdict) - order.indexOf(right.verdict) ||
    left.serverName.localeCompare(right.serverName))
  const title = describeCounts(states)
  return renderPage(title, markup`<header>
<p class="label">Matrix delegation</p>
<h1>${title}</h1>
</header>
<main>
<ul class="names">
${sorted.map(renderName)}</ul>
</main>
<footer><p>Made by matrix-well-known ${version}. <a href="/metrics">Metrics</a></p></footer>`)
}

/** The page of a name that has not been checked yet. */
export function renderPendingPage (serverName: string, version: string): string {
  return renderPage(`${serverName}: ${words.pending}`, markup`<header>
<p class="label">Matrix delegation</p>
<h1>${serverName}</h1>
<p class="verdict">${drawSymbol(symbols.pending)}<span>The first check has not finished yet.</span></p>
</header>
<main><p><a href="/">All names</a></p></main>
<footer><p>Made by matrix-well-known ${version}.</p></footer>`)
}

function describeCounts (states: readonly NameState[]): string {
  const count = (wanted: Verdict): number => states.filter(({ verdict }) => verdict === wanted).length
  const total = states.length
  if (total === 0) return 'No names are monitored'
  if (count('works') === total) return total === 1 ? '1 name works' : `All ${total} names work`
  const parts = [
    [count('fails'), count('fails') === 1 ? "doesn't work" : "don't work"],
    [count('unknown'), "can't be checked"],
    [count('pending'), 'not known yet']
  ] as const
  const present = parts.filter(([number]) => number > 0)
  return `${present.map(([number, what]) => `${number} ${what}`).join(', ')}, of ${total}`
}

function renderName ({ serverName, verdict, since, report }: NameState): Markup {
  const [finding] = verdict === 'works' ? [] : report?.findings ?? []
  const cause = finding === undefined ? '' : `: ${finding.subject}: ${finding.what}`
  const expiry = report === undefined ? undefined : findExpiry(report)
  const facts: Content[] = [
    ...since === undefined ? [] : [markup`since ${renderTime(since.toISOString())}`],
    ...report === undefined ? [] : [markup`checked ${renderTime(report.checkedAt)}`],
    ...expiry === undefined ? [] : [`certificate ${describeValidity(expiry.days)}`]
  ]
  return markup`<li>${drawSymbol(symbols[verdict])}<div>
<strong><a href="/names/${encodeURIComponent(serverName)}">${serverName}</a></strong>
<p>${words[verdict]}${cause}</p>
<small>${facts.flatMap((fact, i) => i === 0 ? [fact] : [' · ', fact])}</small>
</div></li>
`
}

function renderTime (iso: string): Markup {
  return markup`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`
}
