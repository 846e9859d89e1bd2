import type { FindingId, Severity } from '../../judge/finding.ts'
import { groupFindings } from '../finding-groups.ts'
import type { FindingGroup } from '../finding-groups.ts'
import { splitCode } from '../code-words.ts'
import type { HopState } from '../paths/hop.ts'
import { describeAffected } from '../reader-groups.ts'
import type { Report } from '../report.ts'
import type { Verdict } from '../verdict.ts'
import { markup } from './markup.ts'
import type { Content, Markup } from './markup.ts'
import { drawSymbol } from './symbols.ts'

/** Where the first finding of a kind is on the page. */
export function anchorOf (id: FindingId): string {
  return `finding-${id}`
}

const severities: Readonly<Record<Severity, readonly [state: HopState, word: string]>> = {
  failure: ['fails', 'Failure'], warning: ['warning', 'Warning'], notice: ['skipped', 'Notice']
}

/** What is wrong, the worst first. */
export function renderFindings ({ findings, verdict }: Report): Content {
  const groups = groupFindings(findings)
  if (groups.length === 0) return []
  const isFirst = (group: FindingGroup, i: number): boolean =>
    groups.findIndex(([{ id }]) => id === group[0].id) === i
  return markup`<section aria-labelledby="findings">
<h2 id="findings">Findings</h2>
${groups.map((group, i) => renderFinding(group, verdict, isFirst(group, i)))}
</section>
`
}

function renderFinding (group: FindingGroup, verdict: Verdict, hasAnchor: boolean): Markup {
  const [{ id, severity, what, why, fix, specification }] = group
  const [state, word] = severities[severity]
  const affected = describeAffected(group, verdict)
  return markup`<article class="finding"${hasAnchor ? markup` id="${anchorOf(id)}"` : ''}>
<h3>${drawSymbol(state)}<span>${renderSentence(what)}</span></h3>
<p class="label">${word} <code>${id}</code></p>
<ul class="places">${group.map(({ subject }) => markup`<li><code>${subject}</code></li>`)}</ul>
<p>${renderSentence(why)}${affected === '' ? '' : ` Affects ${affected}.`}</p>
<p class="label">Fix</p>
<p class="fix">${renderSentence(fix)}</p>
<p class="reference"><a href="${specification.url}" rel="noreferrer">${specification.title}</a></p>
</article>
`
}

/** What is to be copied exactly is code, which one click selects. */
function renderSentence (sentence: string): Markup {
  const parts = splitCode(sentence).map(({ text, isCode }) => isCode ? markup`<code>${text}</code>` : text)
  return markup`<bdi>${parts}</bdi>`
}
