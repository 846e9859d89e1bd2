import { styleText } from 'node:util'
import { formatSpan } from '../judge/time-span.ts'
import type { ClientVerdict } from '../judge/client-verdict.ts'
import type { Severity } from '../judge/finding.ts'
import type { ReportedFinding } from './finding-text.ts'
import type { Report, ReportedAddress, ReportedDocument, ReportedTls, Verdict } from './report.ts'

/** What the terminal takes. */
export interface TextOptions {
  readonly colour: boolean
  /** Characters outside ASCII. */
  readonly glyphs: boolean
}

/** Columns. */
const width = 80

type Style = Parameters<typeof styleText>[0]
type Mark = 'good' | 'bad' | 'warning' | 'notice'

const marks: Readonly<Record<Mark, [glyph: string, ascii: string, style: Style]>> = {
  good: ['✓', '+', 'green'],
  bad: ['✗', 'x', 'red'],
  warning: ['!', '!', 'yellow'],
  notice: ['·', '-', 'dim']
}

/** A report for a person: the verdict, the way that was taken, and what was found, the worst first. */
export function renderText (report: Report, options: TextOptions): string {
  const { federation, clients, documents, hosts, findings } = report
  // What is wrong in several places in the same way is told, and counted, once, with all of them.
  const groups = [...groupBy(findings, ({ id, severity, what, fix }) => JSON.stringify([id, severity, what, fix])).values()]
  const countOf = (wanted: Severity): number => groups.filter(([finding]) => finding?.severity === wanted).length
  const page = new Page(options)
  page.entry('', renderVerdict({ ...report.verdict, failures: countOf('failure'), warnings: countOf('warning'), notices: countOf('notice') }), 'bold')
  if (federation !== null) {
    page.heading('Other servers')
    for (const { step, taken, what } of federation.steps) page.entry(`  ${step.padEnd(4)}`, taken ? what : `passed over: ${what}`, taken ? undefined : 'dim')
    if (federation.endpoint !== null) {
      const { hostHeader, tlsName } = federation.endpoint
      page.entry('  → ', `Host ${hostHeader}, certificate for ${tlsName}`)
    }
    for (const address of federation.addresses) page.address(address, address.software === null ? null : `homeserver ${address.software}`)
  }
  if (clients !== null) {
    page.heading('Clients')
    page.entry('  ', `/.well-known/matrix/client → ${clients.baseUrl ?? 'nothing'}`)
    if (clients.verdict !== 'SUCCESS') page.entry('  ', `a client ${endings[clients.verdict]} (${clients.verdict})`)
    if (clients.identityServer !== null) page.entry('  ', `identity server → ${clients.identityServer}`)
    for (const address of clients.addresses) page.address(address, newest(address.versions))
  }
  const [host] = hosts
  if (host !== undefined) page.heading(`Documents at ${host.host}`)
  for (const host of hosts) page.address(host, null)
  for (const [name, lines] of groupBy(documents.filter(({ status }) => status !== null), ({ name }) => name)) {
    const answers = groupBy(lines, document => describeDocument(document, findings))
    for (const [answer, same] of answers) {
      page.entry(`  ${name.padEnd(14)}`, answers.size === 1 ? answer : `${answer}, at ${same.map(({ address }) => address).join(', ')}`)
    }
  }
  if (findings.length > 0) page.heading('Findings')
  groups.forEach(([finding, ...more], i) => {
    if (i > 0) page.line('')
    if (finding !== undefined) page.finding(finding, [finding, ...more].map(({ subject }) => subject).join(', '))
  })
  return page.text
}

/** What a client does where the document leads it nowhere. */
const endings: Readonly<Record<Exclude<ClientVerdict, 'SUCCESS'>, string>> = {
  IGNORE: 'asks for the address',
  FAIL_PROMPT: 'tells of a fault and asks for the address',
  FAIL_ERROR: 'stops with an error'
}

export function renderVerdict ({ federation, clients, failures, warnings, notices }: Verdict): string {
  const sentences = {
    federation: { works: 'Federation works.', fails: 'Federation does not work.', unchecked: '' },
    clients: {
      works: 'Clients can log in.',
      asks: 'Users have to type in the address to log in.',
      'web-fails': 'Web clients cannot log in.',
      fails: 'Clients cannot log in.',
      unchecked: ''
    }
  }
  const counts = [count(failures, 'failure'), count(warnings, 'warning'), count(notices, 'notice')].filter(part => part !== '')
  return [sentences.federation[federation], sentences.clients[clients], counts.length === 0 ? 'Nothing to mend.' : `${counts.join(', ')}.`]
    .filter(sentence => sentence !== '').join(' ')
}

function count (number: number, noun: string): string {
  return number === 0 ? '' : `${number} ${noun}${number === 1 ? '' : 's'}`
}

function newest (versions: readonly string[] | null): string | null {
  return versions?.at(-1) === undefined ? null : `Matrix up to ${versions.at(-1)}`
}

function groupBy<Item> (items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...groups.get(keyOf(item)) ?? [], item])
  return groups
}

function describeDocument ({ path, address, status, bytes, content, cacheSeconds, urls }: ReportedDocument, findings: readonly ReportedFinding[]): string {
  const parts = [String(status)]
  if (content !== null) parts.push(`${bytes} bytes`, cacheSeconds === null ? 'nothing said of caching' : `kept for ${formatSpan(cacheSeconds)}`)
  if (urls.length > 1) parts.push(`redirected to ${urls.slice(1).join(', then ')}`)
  if (findings.some(({ severity, subject }) => severity === 'failure' && (subject === path || subject === `${path} at ${address}`))) parts.push('see below')
  return parts.join(', ')
}

const findingMarks: Readonly<Record<Severity, Mark>> = { failure: 'bad', warning: 'warning', notice: 'notice' }

function describeCertificate ({ issuer, names, trusted, daysLeft }: ReportedTls): string {
  const validity = `of ${issuer}, ${daysLeft} days left`
  return trusted ? `certificate ${validity}` : `a certificate that is refused: for ${names.slice(0, 2).join(' and ')}, ${validity}`
}

/** Lines of a terminal's width, in which nothing of a peer's can do anything but be read. */
class Page {
  text = ''
  readonly #options: TextOptions

  constructor (options: TextOptions) {
    this.#options = options
  }

  heading (title: string): void {
    this.line('')
    this.line('', [[title, 'bold']])
  }

  /** A text behind an indent, wrapped where it is too long. */
  entry (indent: string, text: string, style?: Style): void {
    wrap(this.#clean(text), width - indent.length).forEach((part, i) => {
      this.line(i === 0 ? this.#clean(indent) : ' '.repeat(indent.length), [[part, style]])
    })
  }

  address ({ host, address, port, responds, failure, tls }: ReportedAddress, more: string | null): void {
    const certificate = tls === null ? [] : [tls.protocol, describeCertificate(tls)]
    const parts = [responds ? null : failure, more, ...certificate].filter(part => part !== null)
    const good = responds && tls?.trusted !== false
    this.#marked(good ? 'good' : 'bad', '    ', `${host}:${port} ${address === host ? '' : `at ${address}`}`.trimEnd())
    this.entry('      ', parts.join(', '), 'dim')
  }

  finding ({ id, severity, what, why, fix, specification }: ReportedFinding, subject: string): void {
    this.#marked(findingMarks[severity], '', `${id}: ${subject}`, 'bold')
    this.entry('  ', what)
    this.entry('  ', why, 'dim')
    this.entry('  → ', fix)
    this.entry('  ', specification.title, 'dim')
  }

  line (indent: string, parts: ReadonlyArray<readonly [text: string, style: Style | undefined]> = []): void {
    this.text += `${indent}${parts.map(([text, style]) => this.#paint(text, style)).join('')}`.trimEnd() + '\n'
  }

  #marked (mark: Mark, indent: string, text: string, style?: Style): void {
    const [glyph, ascii, colour] = marks[mark]
    wrap(this.#clean(text), width - indent.length - 2).forEach((part, i) => {
      if (i === 0) this.line(indent, [[this.#options.glyphs ? glyph : ascii, colour], [` ${part}`, style]])
      else this.line(`${indent}  `, [[part, style]])
    })
  }

  #paint (text: string, style: Style | undefined): string {
    return this.#options.colour && style !== undefined && text !== '' ? styleText(style, text, { validateStream: false }) : text
  }

  #clean (text: string): string {
    // A peer may say as much as it likes; the report as JSON has all of it.
    const harmless = (text.length > 500 ? `${text.slice(0, 500)}…` : text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, character => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    if (this.#options.glyphs) return harmless
    const ascii: Readonly<Record<string, string>> = { '→': '->', '›': '>', '…': '...', '’': "'" }
    return harmless.replaceAll(/\P{ASCII}/gu, character => ascii[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`)
  }
}

/** Breaks a text between words, and words that are longer than a line anywhere. */
function wrap (text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const [word] of text.split(' ').flatMap(word => [...word.matchAll(new RegExp(`.{1,${columns}}`, 'gsu'))])) {
    if (line === '') line = word
    else if (line.length + 1 + word.length <= columns) line += ` ${word}`
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}
