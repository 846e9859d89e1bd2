import { Lexer, LineCounter, parseDocument } from 'yaml'
import type { Tags } from 'yaml'
import { plainText } from './yaml-scalars.ts'

/** What a file in YAML or TOML contains, or why it can't be read: never with a part of the text, which has secrets. */
export type Parsed =
  { readonly value: unknown, readonly fault?: never } |
  { readonly fault: string, readonly value?: never }

/** More than any configuration has. The parsers are recursive. */
export const maxDepth = 100

const tooDeep = `nested deeper than ${maxDepth} levels`

/** Each of these would be an object of a kind that JSON doesn't have. */
const unwantedTags = /:(binary|omap|pairs|set|timestamp)$/

/** Parses YAML 1.1 as Synapse does: of several equal keys, the last one counts. */
export function parseYaml (text: string): Parsed {
  if (isDeep(text)) return { fault: tooDeep }
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter,
    customTags: (tags: Tags) =>
      [plainText, ...tags.filter(tag => typeof tag === 'string' || !unwantedTags.test(tag.tag))]
  })
  // An unknown tag is a warning here. PyYAML refuses it, since it could run code.
  const [error] = [...document.errors, ...document.warnings]
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    return { fault: `not YAML: ${error.code.toLowerCase().replaceAll('_', ' ')} in line ${line}, column ${col}` }
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    // Throws if an alias is inside of what it stands for.
    JSON.stringify(value)
    return { value }
  } catch {
    return { fault: 'too large once its aliases are replaced' }
  }
}

/** In a block, each level is further to the right; in brackets, they are counted. */
function isDeep (text: string): boolean {
  if (/^[ \t?:-]{201}/m.test(text)) return true
  let depth = 0
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > maxDepth) return true
  }
  return false
}
