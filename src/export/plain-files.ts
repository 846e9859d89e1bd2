import { buildDocumentFiles } from './document-files.ts'
import type { Target } from './target.ts'

export const plainFiles: Target = {
  summary: 'only the documents',
  build: publication => ({
    files: buildDocumentFiles(publication),
    notes: [
      'Your host has to send these headers with each of them: Content-Type: application/json and ' +
      'Access-Control-Allow-Origin: *. Other paths below /.well-known/matrix/ have to be 404.'
    ]
  })
}
