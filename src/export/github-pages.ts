import { buildDocumentFiles } from './document-files.ts'
import type { OutputFile, Target } from './target.ts'

/** Jekyll leaves out folders that start with a dot, unless they are listed here. */
const configuration: OutputFile = {
  path: '_config.yml',
  text: 'include: [".well-known"]\n',
  shared: {
    isIn: existing => /^include:(?:[^\n]|\n(?=[ \t#-]|\r?\n))*?\.well-known/m.test(existing),
    fix: 'Jekyll builds this site, so it needs this line, or this entry in the list that it has'
  }
}

/** Without it, GitHub builds the site with Jekyll. Its content doesn't matter. */
const noJekyll: OutputFile = {
  path: '.nojekyll', text: '', shared: { isIn: () => true, fix: '' }, unless: configuration
}

export const githubPages: Target = {
  summary: 'also .nojekyll; the content type is wrong there',
  build: publication => ({
    files: [...buildDocumentFiles(publication), noJekyll],
    notes: [
      'GitHub Pages sends the documents as application/octet-stream, and that can\'t be changed. Most clients and ' +
      'servers accept it; check reports it. For a correct type, use another host.',
      'A workflow needs "include-hidden-files: true" for actions/upload-pages-artifact@v5: otherwise it leaves out ' +
      '.well-known.',
      "With .nojekyll, GitHub doesn't build the site with Jekyll. If it should, create _config.yml, and export again.",
      `The site has to be at https://${publication.hosts[0]}/, so it needs that custom domain.`
    ]
  })
}
