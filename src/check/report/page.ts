import { styleText } from 'node:util'
import { escapeCharacter, escapeUnseen } from '../../matrix/printable.ts'
import { shorten } from '../../matrix/short-text.ts'
import { linkText } from './hyperlinks.ts'

/** What the terminal supports. */
export interface TextOptions {
  readonly colour: boolean
  /** Characters outside ASCII. */
  readonly glyphs: boolean
  /** Its width; 80 if unknown. */
  readonly columns?: number | undefined
  /** Its height, if it scrolls: then what matters most is repeated at the end. */
  readonly rows?: number | undefined
  /** Links (OSC 8). */
  readonly hyperlinks?: boolean | undefined
  /** Terms of the specification, and the steps that were skipped. */
  readonly verbose?: boolean | undefined
}

/** Some terminals say that they have no columns. */
const defaultWidth = 80

/** Wide enough for the indents, and not too wide to read. */
const minWidth = 40
const maxWidth = 120

export type Style = Parameters<typeof styleText>[0]
export type Mark = 'good' | 'bad' | 'warning' | 'notice'

const marks: Readonly<Record<Mark, [glyph: string, ascii: string, style: Style]>> = {
  good: ['✓', '+', 'green'],
  bad: ['✗', 'x', 'red'],
  warning: ['!', '!', 'yellow'],
  notice: ['·', '-', 'dim']
}

/** In characters, of one text. A peer may send much more; the report as JSON has all of it. */
const maxLength = 500

const asciiGlyphs: Readonly<Record<string, string>> = { '→': '->', '›': '>', '…': '...', '’': "'" }

/** Lines for a terminal, in which control characters that a peer sent are escaped. */
export class Page {
  text = ''
  readonly #options: TextOptions
  readonly #width: number

  constructor (options: TextOptions) {
    this.#options = options
    this.#width = Math.min(Math.max(options.columns || defaultWidth, minWidth), maxWidth)
  }

  heading (title: string): void {
    this.#line('')
    this.#line('', [[title, 'bold']])
  }

  blankLine (): void {
    this.#line('')
  }

  /** An indented text; further lines have the same indent. */
  entry (indent: string, text: string, style?: Style): void {
    wrapText(this.#makePrintable(text), this.#width - indent.length).forEach((part, i) => {
      this.#line(i === 0 ? this.#makePrintable(indent) : ' '.repeat(indent.length), [[part, style]])
    })
  }

  /** The same as a link, if the terminal has links; a link that goes on in the next line is one for each line. */
  link (indent: string, text: string, url: string, style?: Style): void {
    for (const part of wrapText(this.#makePrintable(text), this.#width - indent.length)) {
      const painted = this.#paint(part, style)
      this.#line(indent, [[this.#options.hyperlinks === true ? linkText(painted, url) : painted, undefined]])
    }
  }

  /** The same with a mark in front. */
  marked (mark: Mark, indent: string, text: string, style?: Style): void {
    const [glyph, ascii, colour] = marks[mark]
    wrapText(this.#makePrintable(text), this.#width - indent.length - 2).forEach((part, i) => {
      if (i === 0) this.#line(indent, [[this.#options.glyphs ? glyph : ascii, colour], [` ${part}`, style]])
      else this.#line(`${indent}  `, [[part, style]])
    })
  }

  /** A marked text on one line: cut to the width of a terminal, and whole elsewhere. */
  markedLine (mark: Mark, text: string): void {
    const [glyph, ascii, colour] = marks[mark]
    const ellipsis = this.#makePrintable('…')
    const line = shorten(this.#makePrintable(text), (this.#options.columns || Infinity) - 2, ellipsis)
    this.#line('', [[this.#options.glyphs ? glyph : ascii, colour], [` ${line}`, undefined]])
  }

  #line (indent: string, parts: ReadonlyArray<readonly [text: string, style: Style | undefined]> = []): void {
    this.text += `${indent}${parts.map(([text, style]) => this.#paint(text, style)).join('')}`.trimEnd() + '\n'
  }

  #paint (text: string, style: Style | undefined): string {
    if (!this.#options.colour || style === undefined || text === '') return text
    return styleText(style, text, { validateStream: false })
  }

  #makePrintable (text: string): string {
    const printable = escapeUnseen(shorten(text, maxLength))
    if (this.#options.glyphs) return printable
    return printable.replaceAll(/\P{ASCII}/gu, character => asciiGlyphs[character] ?? escapeCharacter(character))
  }
}

/** Breaks a text between words; only words that are longer than a line are broken themselves. */
function wrapText (text: string, columns: number): string[] {
  const pieces = new RegExp(`.{1,${columns}}`, 'gsu')
  const lines: string[] = []
  let line = ''
  for (const [piece] of text.split(' ').flatMap(word => [...word.matchAll(pieces)])) {
    if (line === '') line = piece
    else if (line.length + 1 + piece.length <= columns) line += ` ${piece}`
    else {
      lines.push(line)
      line = piece
    }
  }
  return [...lines, line]
}
