import { renderHtml } from '../check/report/html/html.ts'
import { markup } from '../check/report/html/markup.ts'
import type { Content, Markup } from '../check/report/html/markup.ts'
import { renderPage, renderPageLabel } from '../check/report/html/page-frame.ts'
import { drawSymbol } from '../check/report/html/symbols.ts'
import { renderTime } from '../check/report/html/time.ts'
import { verdictWords } from './name-state.ts'
import type { NameState } from './name-state.ts'

/** The page of a name: the report of its last check, and since when the name has been doing as it does. */
export function renderNamePage (state: NameState, version: string): string {
  const { serverName, report } = state
  const navigation = markup`<nav aria-label="Monitor"><a href="/">All names</a> ${renderVerdict(state)}</nav>
`
  return report === undefined
    ? renderPage(`${serverName}: ${verdictWords.pending}`, markup`${navigation}<header>
${renderPageLabel(version)}
<h1>${serverName}</h1>
<p class="verdict">${drawSymbol('skipped')}<span>The first check hasn't finished yet.</span></p>
</header>
<footer><p>Made by matrix-well-known ${version}.</p></footer>`)
    : renderHtml(report, version, navigation)
}

function renderVerdict (state: NameState): Markup {
  const { verdict, misses } = state
  const missed = misses === 1 ? 'the last check failed' : `the last ${misses} checks failed`
  const facts: Content[] = [
    markup`${verdictWords[verdict]} ${describeSince(state)}`,
    ...misses > 0 && verdict !== 'unknown' ? [missed] : []
  ]
  return markup`<small>${facts.flatMap((fact, i) => i === 0 ? [fact] : [' · ', fact])}</small>`
}

/** Since when the verdict is what it is, if that is known. */
export function describeSince ({ since }: NameState, render = renderTime): Markup[] {
  return since === undefined ? [] : [markup`since ${render(since.toISOString())}`]
}
