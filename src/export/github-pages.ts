import { buildDocumentFiles } from './document-files.ts'
import type { OutputFile, Target } from './target.ts'

/** Without it, Jekyll leaves out folders that start with a dot. Its content doesn't matter. */
const noJekyll: OutputFile = { path: '.nojekyll', text: '', shared: { isIn: () => true, fix: '' } }

export const githubPages: Target = {
  summary: 'also .nojekyll; the content type is wrong there',
  build: publication => ({
    files: [...buildDocumentFiles(publication), noJekyll],
    notes: [
      'GitHub Pages sends the documents as application/octet-stream, and that can\'t be changed. Most clients and ' +
      'servers accept it; check reports it. For a correct type, use another host.',
      'A workflow needs "include-hidden-files: true" for actions/upload-pages-artifact@v5: otherwise it leaves out ' +
      '.well-known.',
      `The site has to be at https://${publication.hosts[0]}/, so it needs that custom domain.`
    ]
  })
}
