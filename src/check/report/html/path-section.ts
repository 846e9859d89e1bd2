import { hopTitles } from '../paths/hop.ts'
import type { Hop } from '../paths/hop.ts'
import type { Paths } from '../paths/paths.ts'
import { anchorOf } from './finding-section.ts'
import { markup } from './markup.ts'
import type { Content, Markup } from './markup.ts'
import { drawPath, isDrawnInFull } from './path-drawing.ts'
import { stateWords } from './symbols.ts'

/** The ways to the homeserver, each drawn and as a list. */
export function renderPaths ({ federation, clients }: Paths): Content {
  const figures = [
    ...federation === null ? [] : [renderPath('servers', 'How other servers get there', federation)],
    ...clients === null ? [] : [renderPath('clients', 'How clients get there', clients)]
  ]
  if (figures.length === 0) return []
  return markup`<section aria-labelledby="path">
<h2 id="path">Path</h2>
<div class="columns">${figures}</div>
</section>
`
}

function renderPath (id: string, title: string, hops: readonly Hop[]): Markup {
  return markup`<div>
<h3>${title}</h3>
${drawPath(id, title, hops)}
<details${isDrawnInFull(hops) ? '' : ' open'}><summary>As a list</summary>
<ol class="hops">${hops.map(renderHop)}</ol>
</details>
</div>
`
}

function renderHop ({ hop, state, found, findings }: Hop): Markup {
  const links = findings.map((id, i) => markup`${i === 0 ? 'See ' : ', '}<a href="#${anchorOf(id)}">${id}</a>`)
  return markup`<li><strong>${hopTitles[hop]}</strong>: ${stateWords[state]}
<ul>${found.map(text => markup`<li><bdi>${text}</bdi></li>`)}</ul>
${links}</li>
`
}
