import { documentPath } from '../site/documents.ts'
import { headersOf, sharedHeaders } from './publication.ts'
import type { Header, Publication, PublishedPath } from './publication.ts'
import type { OutputFile } from './target.ts'

/**
 * A file `_headers` as Netlify and Cloudflare read it: a path, and below it the headers of its response. For a path
 * that matches two rules, both hosts join the values of a header with commas, so no header is in two of them. Only CORS
 * has a wildcard: with one for the type, any other page below this path would be JSON.
 *
 * @param firstLine of the rule for CORS.
 */
export function buildHeaderRules (
  { options }: Publication, paths: readonly PublishedPath[], firstLine = ''
): OutputFile {
  const cors = sharedHeaders({ options })
  const isOther = ([name]: Header): boolean => !cors.some(([known]) => known === name)
  const rules = [
    buildRule(documentPath('*'), cors, firstLine),
    ...paths.map(({ path, response }) => buildRule(path, headersOf(response).filter(isOther)))
  ]
  return {
    path: '_headers',
    text: rules.join('\n'),
    shared: {
      isIn: existing => {
        const found = findBlocks(existing)
        return rules.flatMap(findBlocks).every(rule => found.includes(rule))
      },
      fix: 'add these rules to it'
    }
  }
}

function buildRule (path: string, headers: readonly Header[], firstLine = ''): string {
  return `${path}\n${firstLine}${headers.map(([name, value]) => `  ${name}: ${value}\n`).join('')}`
}

/** The rules of a file, without comments, indentation and empty lines. */
function findBlocks (text: string): string[] {
  const lines = text.split('\n').map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#'))
  const blocks: string[] = []
  for (const line of lines) {
    if (/^(\/|https:)/.test(line)) blocks.push(line)
    else blocks.push(`${blocks.pop() ?? ''}\n${line}`)
  }
  return blocks
}
