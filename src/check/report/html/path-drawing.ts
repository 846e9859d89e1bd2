import { hopTitles } from '../paths/hop.ts'
import type { Hop } from '../paths/hop.ts'
import { markup } from './markup.ts'
import type { Content, Markup } from './markup.ts'
import { placeSymbol, stateWords } from './symbols.ts'
import { wrapLines } from './wrapped-lines.ts'

/** In the drawing's own units, which are pixels if it has its full width. */
const width = 336
const indent = 34
const titleHeight = 24
const lineHeight = 17
const gap = 18

/** What fits beside the symbols, in characters of a monospaced font. */
const columns = 40
const maxLinesOfOne = 3
const maxLines = 6

/** A path from top to bottom, narrow enough for a phone. The list below it has what doesn't fit. */
export function drawPath (id: string, title: string, hops: readonly Hop[]): Markup {
  const rows: Content[] = []
  const connectors: Content[] = []
  let y = 2
  for (const [i, hop] of hops.entries()) {
    const lines = linesOf(hop)
    const next = hops[i + 1]
    const height = titleHeight + lines.length * lineHeight + gap
    if (next !== undefined) {
      const isOpen = next.state === 'unchecked'
      connectors.push(markup`<path class="way${isOpen ? ' dashed' : ''}" d="M10 ${y + 24}V${y + height - 4}"/>`)
    }
    rows.push(drawHop(hop, lines, y))
    y += height
  }
  return markup`<svg class="path" viewBox="0 0 ${width} ${y - gap + 2}" role="img"
 aria-labelledby="${id}-title ${id}-description">
<title id="${id}-title">${title}</title>
<desc id="${id}-description">${hops.map(describeHop).join('. ')}.</desc>
${connectors}${rows}</svg>`
}

function describeHop ({ hop, state }: Hop): string {
  return `${hopTitles[hop]}: ${stateWords[state]}`
}

/** Whether the drawing of a path has all its text. */
export function isDrawnInFull (hops: readonly Hop[]): boolean {
  return hops.every(({ found }) => {
    const counts = found.map(text => wrapLines(text, columns, maxLinesOfOne + 1).length)
    return counts.every(count => count <= maxLinesOfOne) && counts.reduce((sum, count) => sum + count, 0) <= maxLines
  })
}

function linesOf ({ found }: Hop): string[] {
  const lines = found.flatMap(text => wrapLines(text, columns, maxLinesOfOne))
  return lines.length > maxLines ? [...lines.slice(0, maxLines - 1), '…'] : lines
}

function drawHop ({ hop, state }: Hop, lines: readonly string[], y: number): Markup {
  return markup`${placeSymbol(state, 0, y)}
<text class="hop" x="${indent}" y="${y + 15}">${hopTitles[hop]}</text>
<text class="state ${state}" x="${width}" y="${y + 15}">${stateWords[state]}</text>
${lines.map((line, i) =>
    markup`<text class="found" x="${indent}" y="${y + titleHeight + 10 + i * lineHeight}">${line}</text>\n`)}`
}
