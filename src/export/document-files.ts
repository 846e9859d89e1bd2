import type { Publication, PublishedPath } from './publication.ts'
import type { OutputFile } from './target.ts'

/** The documents of a site as files of a web site. */
export function buildDocumentFiles ({ documents }: Publication, root = ''): OutputFile[] {
  return documents.map(document => ({ path: filePath(document, root), text: document.response.body }))
}

function filePath ({ path }: PublishedPath, root: string): string {
  return `${root}${path.slice(1)}`
}
