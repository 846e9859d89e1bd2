import { headersOf } from './publication.ts'
import type { PublishedPath } from './publication.ts'
import type { OutputFile } from './target.ts'

/**
 * A file `_headers` as Netlify and Cloudflare read it: a path, and below it the headers of its response. There are no
 * wildcards: for a path that matches two rules, both hosts join the values of a header with commas.
 *
 * @param firstLine of each rule.
 */
export function buildHeaderRules (paths: readonly PublishedPath[], firstLine = ''): OutputFile {
  const rules = paths.map(({ path, response }) =>
    `${path}\n${firstLine}${headersOf(response).map(([name, value]) => `  ${name}: ${value}\n`).join('')}`)
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
