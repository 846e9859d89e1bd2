import { findExpiry } from '../expiry.ts'
import { summarizeReport } from '../headline.ts'
import { listNewestVersions, listSoftware } from '../homeserver-software.ts'
import type { HopState } from '../paths/hop.ts'
import { rateVerdict } from '../rating.ts'
import type { Rating } from '../rating.ts'
import type { Report } from '../report.ts'
import { describeValidity } from '../validity.ts'
import { renderExchanges } from './exchange-section.ts'
import { renderFindings } from './finding-section.ts'
import { markup } from './markup.ts'
import type { Content, Markup } from './markup.ts'
import { renderPage, renderPageLabel } from './page-frame.ts'
import { renderPaths } from './path-section.ts'
import { renderReaders } from './reader-section.ts'
import { drawSymbol } from './symbols.ts'
import { renderTime } from './time.ts'

const states: Readonly<Record<Rating, HopState>> = {
  works: 'works', warning: 'warning', fails: 'fails', unknown: 'unchecked'
}

/**
 * A report as one HTML file: no scripts, nothing that is loaded from elsewhere, and everything that a peer sent is
 * escaped.
 *
 * @param version of this program.
 * @param navigation what comes first, with links to other pages.
 */
export function renderHtml (report: Report, version: string, navigation: Content = []): string {
  const { serverName, verdict } = report
  const headline = summarizeReport(report)
  return renderPage(`${serverName}: ${headline}`, markup`${navigation}<header>
${renderPageLabel(version)}
<h1>${serverName}</h1>
<p class="verdict">${drawSymbol(states[rateVerdict(verdict)])}<span>${headline}</span></p>
${renderFacts(report)}
</header>
<main>
${renderReaders(report)}${renderPaths(report.paths)}${renderFindings(report)}${renderExchanges(report)}
</main>
<footer><p>Made by matrix-well-known ${version}.</p></footer>`)
}

function renderFacts (report: Report): Markup {
  const { checkedAt, milliseconds } = report
  const expiry = findExpiry(report)
  const facts: Array<readonly [term: string, all: readonly Content[]]> = [
    ['Checked', [
      renderTime(checkedAt),
      `in ${(milliseconds / 1000).toFixed(1)} s`
    ]],
    ['Homeserver', listSoftware(report)],
    ['Matrix version', listNewestVersions(report).map(version => `up to ${version}`)],
    ['First certificate', expiry === undefined ? [] : [describeValidity(expiry.days)]]
  ]
  return markup`<dl>${facts.filter(([, all]) => all.length > 0).map(([term, all]) => renderFact(term, all))}</dl>`
}

function renderFact (term: string, all: readonly Content[]): Markup {
  const list = all.flatMap((one, i) => i === 0 ? [one] : [', ', one])
  return markup`<div><dt>${term}</dt><dd><bdi>${list}</bdi></dd></div>\n`
}
