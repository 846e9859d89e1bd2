import { escapeUnseen } from '../../../matrix/printable.ts'
import { shorten } from '../../../matrix/short-text.ts'

/**
 * Breaks text into lines for a drawing, in which nothing wraps by itself. A character outside ASCII counts as two,
 * because many are as wide as two.
 */
export function wrapLines (text: string, columns: number, maxLines: number): string[] {
  const lines = ['']
  const limit = 2 * columns * maxLines
  for (const word of escapeUnseen(shorten(text, limit)).split(/(?<= )/)) {
    if (widthOf(`${lines.at(-1)}${word.trimEnd()}`) > columns && lines.at(-1) !== '') lines.push('')
    for (const character of word) {
      if (widthOf(`${lines.at(-1)}${character}`) > columns) {
        // The space between two words is dropped where a line ends.
        if (character === ' ') continue
        lines.push('')
      }
      lines.push(`${lines.pop()}${character}`)
    }
  }
  const all = lines.map(line => line.trimEnd())
  if (all.length <= maxLines) return all
  return [...all.slice(0, maxLines - 1), fit(all.slice(maxLines - 1).join(' '), columns)]
}

/** The beginning of a text that fits one line only if it is cut. */
function fit (text: string, columns: number): string {
  let length = columns
  while (widthOf(shorten(text, length)) > columns) length--
  return shorten(text, length)
}

function widthOf (text: string): number {
  return [...text].reduce((width, character) => width + (/[\p{ASCII}…]/u.test(character) ? 1 : 2), 0)
}
