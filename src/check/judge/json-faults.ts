import { formatCount } from '../../matrix/format-count.ts'
import { measureDepth } from '../../matrix/json-depth.ts'
import { quote } from '../../matrix/printable.ts'
import { shorten } from '../../matrix/short-text.ts'
import { comfortableDepth } from '../gather/routes.ts'
import type { JsonFault } from '../network/json-body.ts'
import { findStop, findSyntaxFault } from './json-syntax.ts'
import type { SyntaxCause, SyntaxFault } from './json-syntax.ts'
import { findingBuilder } from './finding.ts'
import type { Context, Finding, FindingKinds } from './finding.ts'
import { references } from './references.ts'

export const jsonFindings = {
  'document.html': {
    severity: 'notice',
    title: 'A web page is served instead of a document',
    why: "The web site responds to every path, so the request doesn't reach the document.",
    specification: references.wellKnownUris,
    what: ({ location }: { location: string | undefined }) => location === undefined
      ? 'The response is a web page.'
      : `It is redirected to ${location}, which is a web page.`,
    fix: ({ location }: { location: string | undefined }) =>
      'Configure the proxy to pass /.well-known/matrix/ on to the sidecar, not to the web site' +
      `${location === undefined ? '' : ', without a redirect or login'}: in nginx, with ` +
      '"location ^~ /.well-known/matrix/".',
    example: { location: undefined }
  },
  'document.json': {
    severity: 'warning',
    title: "A document isn't a JSON object",
    why: "Readers can't read it.",
    specification: references.wellKnownUris,
    what: ({ fault, syntax, begins }: NotJsonParts) => {
      if (fault === 'empty') return 'The response is empty.'
      if (fault === 'object') return `The response is JSON, but ${describeValue(begins)} instead of an object in { }.`
      const found = isText(begins) ? `it begins with ${quote(begins)}` : describeSyntax(syntax)
      return `The response isn't JSON: ${found}.`
    },
    fix: ({ fault, syntax, begins }: NotJsonParts) => {
      if (fault === 'object') return 'Serve only the object, without quotes or brackets around it.'
      if (fault === 'empty') {
        return 'Pass /.well-known/matrix/ on to the sidecar. In Caddy, an empty response means that no handler ' +
          'matches this path.'
      }
      if (/m\.(?:home)?server/.test(begins) && isText(begins)) {
        return 'Serve only JSON, such as {"m.server":"matrix.example.com:443"}, or let the sidecar serve the document.'
      }
      if (isText(begins)) return 'Configure the proxy to pass /.well-known/matrix/ on to the sidecar.'
      return syntax?.cause === undefined
        ? 'Fix it there, or let the sidecar serve the document.'
        : syntaxFixes[syntax.cause]
    },
    example: {
      fault: 'json',
      syntax: { line: 3, column: 1, cause: 'trailing comma', found: ',' },
      begins: '{"m.server":'
    }
  },
  'document.trailing': {
    severity: 'warning',
    title: 'Something follows the JSON of a document',
    why: 'Most readers reject the whole document.',
    specification: references.wellKnownUris,
    what: ({ follows }: { follows: string }) => `The JSON is followed by ${quote(follows)}.`,
    fix: 'Remove what follows. A proxy may have added it.',
    example: { follows: '<!-- cached -->' }
  },
  'document.bom': {
    severity: 'warning',
    title: 'A document begins with a byte order mark',
    why: "Synapse and others reject JSON that begins with it. Editors don't show it.",
    specification: references.wellKnownUris,
    what: 'The response begins with a byte order mark.',
    fix: 'Save the file as UTF-8 without a byte order mark.'
  },
  'document.encoding': {
    severity: 'warning',
    title: "A document isn't UTF-8",
    why: 'JSON is UTF-8, and many readers reject anything else.',
    specification: references.wellKnownUris,
    what: "The response isn't UTF-8.",
    fix: 'Save the file as UTF-8, and compress it only for readers that ask for it.'
  },
  'document.depth': {
    severity: 'notice',
    title: `The JSON of a document has more than ${comfortableDepth} levels`,
    why: 'tuwunel reads at most 127 levels of /server. Synapse, and clients in Python, read fewer than 1,000.',
    specification: references.wellKnownUris,
    what: ({ levels }: { levels: number }) => `The JSON has ${formatCount(levels)} levels.`,
    fix: 'Remove the keys that are nested that deep.',
    example: { levels: 200 }
  }
} as const satisfies FindingKinds

export interface NotJsonParts {
  readonly fault: 'empty' | 'json' | 'object'
  /** Undefined if it is JSON. */
  readonly syntax: SyntaxFault | undefined
  /** The first characters. */
  readonly begins: string
}

function describeValue (begins: string): string {
  if (/^\s*"/.test(begins)) return 'a string'
  return /^\s*\[/.test(begins) ? 'a list' : quote(begins)
}

/** Whether a body was not meant to be JSON: it is a text, or empty. */
export function isText (begins: string): boolean {
  return !/^\s*[{[/#]/.test(begins)
}

function describeSyntax (syntax: SyntaxFault | undefined): string {
  if (syntax === undefined) return 'it is damaged'
  const { cause, line, column } = syntax
  const place = `in line ${line}, column ${column}`
  const found = quote(syntax.found.replaceAll('"', ''))
  switch (cause) {
    case undefined: return `unexpected ${found} ${place}`
    case 'end': return `it ends too early, ${place}`
    case 'missing comma': return `missing comma before ${found} ${place}`
    case 'missing quotes': return `missing quotes around ${found} ${place}`
    default: return `${cause} ${place}`
  }
}

const syntaxFixes: Readonly<Record<SyntaxCause, string>> = {
  comment: 'Remove the comment: JSON has none.',
  'trailing comma': 'Remove the comma: JSON has none after the last entry.',
  'missing comma': 'Add the comma.',
  backslash: 'Remove the backslashes before the quotation marks.',
  'missing quotes': 'Use double quotes ("): without them, JSON has only numbers, true, false and null.',
  'single quotes': 'Use double quotes ("): JSON has no others.',
  'curly quotes': 'Use straight double quotes ("): JSON has no others.',
  end: 'Add what is missing at the end, probably "}".'
}

/** How many characters of a body are shown. */
const maxShown = 40

const find = findingBuilder(jsonFindings)

/** JSON that is deeper than some readers read. */
export function judgeDepth (text: string, context: Context): Finding[] {
  const levels = measureDepth(text)
  return levels > comfortableDepth ? [find('document.depth', { ...context, parts: { levels } })] : []
}

/**
 * What is wrong with a body that is not one JSON object.
 *
 * @param location where redirects led to it, if they did.
 */
export function judgeJsonFault (
  fault: JsonFault,
  body: Uint8Array,
  context: Context,
  evidence: Finding['evidence'],
  location?: string
): Finding {
  const details = { ...context, evidence }
  const text = new TextDecoder().decode(body)
  const begins = shorten(text, maxShown)
  switch (fault) {
    case 'json': return find('document.json', { ...details, parts: { fault, syntax: findSyntaxFault(text), begins } })
    case 'empty':
    case 'object': return find('document.json', { ...details, parts: { fault, syntax: undefined, begins } })
    case 'html': return find('document.html', { ...details, parts: { location } })
    case 'trailing': {
      const follows = shorten(text.slice(findStop(text)).trim(), maxShown)
      return find('document.trailing', { ...details, parts: { follows } })
    }
    case 'bom': return find('document.bom', details)
    case 'encoding': return find('document.encoding', details)
    case 'depth': return find('document.depth', { ...details, parts: { levels: measureDepth(text) } })
  }
}
