import type { Outcome } from '../../readers/outcome.ts'
import type { Reader } from '../../readers/reader.ts'
import type { HopState } from '../paths/hop.ts'
import { groupReaders } from '../reader-groups.ts'
import type { ReaderGroup } from '../reader-groups.ts'
import type { Report } from '../report.ts'
import { markup } from './markup.ts'
import type { Content, Markup } from './markup.ts'
import { drawSymbol } from './symbols.ts'

const outcomes: Readonly<Record<Outcome, readonly [state: HopState, words: string]>> = {
  works: ['works', 'Works'],
  asks: ['warning', 'Asks for the address'],
  fails: ['fails', 'Fails'],
  sometimes: ['warning', 'Works sometimes'],
  unknown: ['unchecked', 'Not checked']
}

/** What each server and client achieves. */
export function renderReaders ({ verdict }: Report): Content {
  const groups = groupReaders(verdict)
  if (groups.length === 0) return []
  return markup`<section aria-labelledby="readers">
<h2 id="readers">Who it works for</h2>
<div class="columns">
${renderKind('server', 'Other servers', groups)}${renderKind('client', 'Clients', groups)}
</div>
</section>
`
}

function renderKind (wanted: Reader['kind'], title: string, groups: readonly ReaderGroup[]): Content {
  const own = groups.filter(([{ kind }]) => kind === wanted)
  return own.length === 0 ? [] : markup`<div><h3>${title}</h3><ul class="readers">${own.map(renderGroup)}</ul></div>\n`
}

function renderGroup ([{ outcome, reason }, names]: ReaderGroup): Markup {
  const [state, words] = outcomes[outcome]
  return markup`<li>${drawSymbol(state)}<span><strong class="${state}">${words}</strong>
${names.join(', ')}${reason === null ? '' : markup`\n<small>${reason}</small>`}</span></li>
`
}
