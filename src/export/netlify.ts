import { documentPath } from '../site/documents.ts'
import { buildDocumentFiles } from './document-files.ts'
import { buildHeaderRules } from './header-rules.ts'
import type { OutputFile, Target } from './target.ts'

const notFoundPath = documentPath('404.json')
const rule = `${documentPath('*')} ${notFoundPath} 404`

/** Of the rules of a file, those for these paths. Netlify takes the first. */
const coversDocuments = /^(https?:\/\/[^/]+)?\/([*:]|\.well-known\/)/

/** Files win over this rule, and this rule over later ones, such as that of a single-page application. */
const redirects: OutputFile = {
  path: '_redirects',
  text: `${rule}\n`,
  shared: {
    isIn: existing => {
      const lines = existing.split('\n').map(line => line.trim().replaceAll(/\s+/g, ' '))
      return lines.find(line => coversDocuments.test(line)) === rule
    },
    fix: 'add this line above all others'
  }
}

export const netlify: Target = {
  summary: 'also _headers and _redirects',
  snippet: '_headers',
  build: publication => {
    const { documents, missing, notFound } = publication
    const page = { name: '404.json', path: notFoundPath, response: notFound }
    return {
      files: [
        ...buildDocumentFiles(publication),
        { path: notFoundPath.slice(1), text: notFound.body },
        buildHeaderRules(publication, [...documents, ...missing, page]),
        redirects
      ],
      notes: [
        'Copy everything to the publish folder of the site: _headers and _redirects have to be at its top.',
        'In netlify.toml, redirects with "force = true" win over files: they must not match /.well-known/matrix/.'
      ]
    }
  }
}
