import { escapeUnseen } from '../../../matrix/printable.ts'
import { shorten } from '../../../matrix/short-text.ts'

/** HTML that is safe to insert as it is. */
export class Markup {
  readonly text: string

  constructor (text: string) {
    this.text = text
  }
}

/** What can be inserted into HTML. */
export type Content = string | number | Markup | readonly Content[]

/** Builds HTML. Whatever is inserted is escaped, in text and in quoted attributes, unless it is `Markup`. */
export function markup (parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...contents.map(write)))
}

function write (content: Content): string {
  if (content instanceof Markup) return content.text
  return typeof content === 'object' ? content.map(write).join('') : escapeText(String(content))
}

/** In characters. The report as JSON has more of it. */
const maxLength = 500

/** Text in one line. Peers may have sent it. */
function escapeText (text: string): string {
  return escapeSpecial(shorten(text, maxLength))
}

/** Text of several lines, of any length. */
export function verbatim (text: string): Markup {
  return new Markup(text.split(/\r?\n/).map(line => line.split('\t').map(escapeSpecial).join('\t')).join('\n'))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;'
}

function escapeSpecial (text: string): string {
  return escapeUnseen(text).replaceAll(/[&<>"'`]/g, character => String(entities[character]))
}
