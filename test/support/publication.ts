import { loadSiteConfig } from '../../src/config/site-config.ts'
import { buildPublication } from '../../src/export/publication.ts'
import type { Publication } from '../../src/export/publication.ts'

/** What a site with these settings publishes. */
export function publicationOf (environment: Readonly<Record<string, string>> = {}): Publication {
  const { site, documents } = loadSiteConfig({ SERVER_NAME: 'example.com', ...environment })
  return buildPublication(site, documents)
}
