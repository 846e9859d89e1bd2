import { documentPath } from '../site/documents.ts'
import { buildDocumentFiles } from './document-files.ts'
import { buildHeaderRules } from './header-rules.ts'
import type { Target } from './target.ts'

/** @see https://developers.cloudflare.com/pages/configuration/headers/ */
const maxRules = 100

/** Pages sends this header itself, and would send it twice. */
const withoutOwnCors = '  ! Access-Control-Allow-Origin\n'

/** Cloudflare Pages, and Workers with static assets: both serve the nearest 404.html. */
export const cloudflare: Target = {
  summary: 'Pages or Workers assets: also _headers, 404.html',
  snippet: '_headers',
  build: publication => {
    const { documents, missing, notFound } = publication
    const paths = [...documents, ...missing]
    const page = { path: documentPath('404.html').slice(1), text: notFound.body }
    const rules = paths.length + 1
    const tooMany = rules > maxRules
      ? [`_headers has ${rules} rules, but Cloudflare reads only the first ${maxRules}.`]
      : []
    const pages = documents.filter(({ name }) => name.endsWith('.html'))
      .map(({ path }) => `Cloudflare redirects ${path} to a path without ".html": use another name.`)
    return {
      files: [...buildDocumentFiles(publication), page, buildHeaderRules(publication, paths, withoutOwnCors)],
      warnings: [...tooMany, ...pages],
      notes: [
        'Deploy this folder, or the one that contains it, as it is: _headers has to be at the top of what you deploy.',
        'Workers: set "not_found_handling" of "assets" in wrangler.jsonc to "404-page". With ' +
        '"single-page-application", a document that isn\'t configured is your index.html.',
        'Cloudflare responds with 405 to OPTIONS. No Matrix client needs it for these documents.'
      ]
    }
  }
}
