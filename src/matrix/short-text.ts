/** More than any emoji has, in UTF-16 code units. */
const maxCharacterLength = 40

/**
 * A text of at most `maxLength` UTF-16 code units, including the ellipsis if it is cut: between words if that leaves
 * most of it, and otherwise between characters as people see them. An escape such as `\u{200b}` stays whole.
 */
export function shorten (text: string, maxLength: number, ellipsis = '…'): string {
  if (text.length <= maxLength) return text
  const end = maxLength - ellipsis.length
  return `${text.slice(0, findCut(text, end)).trimEnd()}${ellipsis}`
}

/** @param end which the cut must not exceed. */
function findCut (text: string, end: number): number {
  const wordEnd = text.slice(0, end + 1).search(/\s\S*$/)
  if (wordEnd >= 0.75 * end) return wordEnd
  const [, escape] = /(?<!\\)(?:\\\\)*(\\(?:u(?:\{[\da-f]{0,6}|[\da-f]{0,3}))?)$/i.exec(text.slice(0, end)) ?? []
  if (escape !== undefined) return end - escape.length
  // Up to the code point after the cut: it may belong to the character before.
  const near = text.slice(0, end + 2)
  // The first use of Intl takes Node 10 ms.
  if (!/[^\t-~]/.test(near)) return end
  const character = Number(new Intl.Segmenter().segment(near).containing(end)?.index)
  if (end - character < maxCharacterLength) return character
  return /[\udc00-\udfff]/.test(text.charAt(end)) ? end - 1 : end
}
